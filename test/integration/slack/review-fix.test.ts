import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/core/document/document.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { createSlackRoom, type SlackRoom } from '../../support/slack-room.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

const FORM: Form = {
  id: 'fix.request',
  title: 'Review fix',
  blocks: [{ kind: 'preformatted', text: 'truncate -s 0 /proc/991/fd/4' }],
  inputs: [{ id: 'loss', label: 'I accept the loss' }],
  submit: 'Request fix',
  metadata: 'fix-1 digest',
};

describe.each(['socket', 'http'] as const)('Review fix, over %s', (over) => {
  let site: SlackSite;
  let room: SlackRoom;

  beforeAll(async () => {
    site = await startSlackSite({ over });
    room = createSlackRoom(site);
  });
  afterAll(() => site.stop());

  const view = (user: string = PEOPLE.ada) => site.workspace.control.views(user).at(-1);
  const viewText = () => JSON.stringify(view()?.['blocks']);
  const close = async () => {
    for (const open of site.workspace.control.views(PEOPLE.ada)) {
      await site.workspace.control.closeView(PEOPLE.ada, String(open['id']));
    }
  };
  const review = async (): Promise<string> => {
    const ts = await room.buttons('fix.review');
    await site.workspace.control.click(PEOPLE.ada, room.channel, ts, 'fix.review');
    return String((await site.workspace.control.waitFor(() => view()))['id']);
  };
  beforeEach(async () => {
    await close();
    site.desk.calls.length = 0;
    for (const verb of ['reviewFix', 'requestFix'] as const) site.desk.on(verb, async () => null);
  });

  it('opens a dialog at once, hands its id to the desk, and shows the plan when it comes', async () => {
    const id = await review();
    expect(viewText()).toContain('Looking at the host');
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(0);
    expect(site.desk.calls).toMatchObject([
      { verb: 'reviewFix', request: { value: 'v0', view: id } },
    ]);
    await site.slack.chat.updateForm(id, FORM);
    expect(viewText()).toContain('truncate -s 0');
  });

  it('shows the reason in the dialog and beside it when the person may not', async () => {
    site.desk.on('reviewFix', async () => {
      throw new HousecallError('NOT_ALLOWED', 'fix.review: only operators of this group');
    });
    await review();
    await room.told(PEOPLE.ada, /only operators of this group/);
    await expect.poll(viewText).toContain('only operators');
  });

  it('hands the submission to the desk and says that it was requested', async () => {
    const id = await review();
    await site.slack.chat.updateForm(id, FORM);
    const outcome = await site.workspace.control.submitView(PEOPLE.ada, id, { loss: 'I accept' });
    expect(outcome).toMatchObject({ ok: true });
    expect(site.desk.calls.at(-1)).toMatchObject({
      verb: 'requestFix',
      request: { metadata: 'fix-1 digest', inputs: { loss: 'I accept' } },
      caller: { person: { user: PEOPLE.ada } },
    });
    expect(viewText()).toContain('Requested');
  });

  it('marks the input that is wrong and keeps the dialog open', async () => {
    const id = await review();
    await site.slack.chat.updateForm(id, FORM);
    site.desk.on('requestFix', async () => {
      throw new HousecallError('PARAMS_INVALID', 'type the words exactly', {
        context: { input: 'loss' },
      });
    });
    const outcome = await site.workspace.control.submitView(PEOPLE.ada, id, { loss: 'nope' });
    expect(outcome).toMatchObject({ errors: { loss: 'type the words exactly' } });
    expect(viewText()).toContain('truncate -s 0');
  });

  it('is acknowledged in time while the desk hangs, and shows the outcome afterwards', async () => {
    const id = await review();
    await site.slack.chat.updateForm(id, FORM);
    let release = (): void => {};
    site.desk.on(
      'requestFix',
      () =>
        new Promise((_, reject) => {
          release = () => reject(new HousecallError('PLAN_STALE', 'the host has changed'));
        }),
    );
    const outcome = await site.workspace.control.submitView(PEOPLE.ada, id, { loss: 'x' });
    expect(outcome).toMatchObject({ ok: true });
    expect(viewText()).toContain('Requesting…');
    release();
    await expect.poll(viewText).toContain('the host has changed');
  });
});
