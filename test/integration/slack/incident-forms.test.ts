import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/core/document/document.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { createSlackRoom, type SlackRoom } from '../../support/slack-room.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

const FORM: Form = {
  id: 'incident.role',
  title: 'Roles',
  blocks: [{ kind: 'paragraph', content: ['commander: nobody'] }],
  inputs: [
    {
      id: 'role',
      label: 'Role',
      options: [
        { value: 'commander', label: 'commander' },
        { value: 'scribe', label: 'scribe' },
      ],
      initial: 'commander',
    },
    { id: 'user', label: 'Who', person: true, initial: PEOPLE.ada },
    { id: 'note', label: 'Why', optional: true },
  ],
  submit: 'Assign',
  metadata: '20261120-7',
};

describe.each(['socket', 'http'] as const)('the dialogs of the panel, over %s', (over) => {
  let site: SlackSite;
  let room: SlackRoom;

  beforeAll(async () => {
    site = await startSlackSite({ over });
    room = createSlackRoom(site);
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    site.desk.calls.length = 0;
    site.desk.form = async (which, value, caller) => {
      site.desk.calls.push({ verb: 'form', request: { which, value }, caller });
      return FORM;
    };
    site.desk.on('submit', async () => null);
  });

  const views = () => site.workspace.control.views(PEOPLE.ada);
  const open = async (): Promise<string> => {
    const ts = await room.buttons('incident.role');
    const { control } = site.workspace;
    await control.click(PEOPLE.ada, room.channel, ts, 'incident.role');
    const view = await control.waitFor(() => views().find((one) => one['submit'] !== null));
    return String(view['id']);
  };

  it('a button opens its dialog, filled in with what is so now', async () => {
    const id = await open();
    expect(site.desk.calls).toMatchObject([
      {
        verb: 'form',
        request: { which: 'incident.role', value: 'v0' },
        caller: { person: { user: PEOPLE.ada }, channel: room.channel },
      },
    ]);
    const shown = JSON.stringify(views().at(-1)?.['blocks']);
    expect(shown).toContain('commander: nobody');
    expect(shown).toContain(`"initial_user":"${PEOPLE.ada}"`);
    await site.workspace.control.closeView(PEOPLE.ada, id);
  });

  it('what was chosen reaches the desk by the ids of the inputs, and the dialog closes', async () => {
    const id = await open();
    const filled = { role: 'scribe', user: PEOPLE.grace, note: 'she writes faster' };
    expect(await site.workspace.control.submitView(PEOPLE.ada, id, filled)).toMatchObject({
      ok: true,
    });
    expect(site.desk.calls.at(-1)).toMatchObject({
      verb: 'submit',
      request: { which: 'incident.role', metadata: '20261120-7', inputs: filled },
      caller: { person: { user: PEOPLE.ada } },
    });
    expect(views()).toEqual([]);
  });

  it('what nobody touched is sent as it stood there', async () => {
    const id = await open();
    await site.workspace.control.submitView(PEOPLE.ada, id, {});
    expect(site.desk.calls.at(-1)).toMatchObject({
      request: { inputs: { role: 'commander', user: PEOPLE.ada, note: '' } },
    });
  });

  it('a mistake is shown at its input and the dialog stays', async () => {
    const id = await open();
    site.desk.on('submit', async () => {
      throw new HousecallError('PARAMS_INVALID', 'she is a guest', { context: { input: 'user' } });
    });
    const outcome = await site.workspace.control.submitView(PEOPLE.ada, id, {});
    expect(outcome).toMatchObject({ ok: false, errors: { user: 'she is a guest' } });
    expect(views()).toHaveLength(1);
    await site.workspace.control.closeView(PEOPLE.ada, id);
  });

  it('who may not is told in the dialog, at the button and at the submission', async () => {
    const id = await open();
    site.desk.on('submit', async () => {
      throw new HousecallError('NOT_ALLOWED', 'incident.role: not allowed any more');
    });
    await site.workspace.control.submitView(PEOPLE.ada, id, {});
    expect(JSON.stringify(views().at(-1))).toContain('not allowed any more');
    await site.workspace.control.closeView(PEOPLE.ada, id);

    site.desk.form = async () => {
      throw new HousecallError('NOT_ALLOWED', 'incident.role: you are neither');
    };
    const ts = await room.buttons('incident.role');
    await site.workspace.control.click(PEOPLE.ada, room.channel, ts, 'incident.role');
    await expect.poll(() => JSON.stringify(views())).toContain('you are neither');
    await room.told(PEOPLE.ada, /you are neither/);
    await site.workspace.control.closeView(PEOPLE.ada, String(views().at(-1)?.['id']));
  });

  it('whether an idle incident is closed or kept is asked by buttons, as its acknowledgement in a direct message', async () => {
    const { control } = site.workspace;
    const { channel, ts } = await site.slack.chat.post({
      channel: PEOPLE.ada,
      id: `page-${over}`,
      document: {
        summary: 'SEV1: disk full',
        blocks: [
          {
            kind: 'actions',
            actions: (['incident.ack', 'incident.keep', 'incident.close'] as const).map(
              (action) => ({ action, label: action, value: '20261120-7' }),
            ),
          },
        ],
      },
    });
    for (const action of ['incident.ack', 'incident.keep', 'incident.close']) {
      expect(await control.click(PEOPLE.ada, channel, ts, action)).toMatchObject({ ok: true });
    }
    await expect.poll(() => site.desk.calls.length).toBe(3);
    expect(site.desk.calls.map(({ verb, request }) => [verb, request])).toEqual(
      expect.arrayContaining([
        ['acknowledge', '20261120-7'],
        ['keepOpen', '20261120-7'],
        ['close', '20261120-7'],
      ]),
    );
  });
});
