import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionId, Document, Form } from '../../../src/core/document/document.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

const FORM: Form = {
  id: 'fix.request',
  title: 'Review fix',
  blocks: [{ kind: 'preformatted', text: 'truncate -s 0 /proc/991/fd/4' }],
  inputs: [{ id: 'loss', label: 'I accept the loss' }],
  submit: 'Request fix',
  metadata: 'fix-1 digest',
};

describe.each(['socket', 'http'] as const)('people in Slack, over %s', (over) => {
  let site: SlackSite;
  let channel: string;

  beforeAll(async () => {
    site = await startSlackSite({ over });
    channel = site.workspace.control.createChannel(PEOPLE.ada, 'ops').id;
    for (const who of [PEOPLE.grace, PEOPLE.guest, PEOPLE.robot, PEOPLE.stranger]) {
      site.workspace.control.join(who, channel);
    }
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    site.desk.calls.length = 0;
    site.logged.length = 0;
    for (const verb of ['diag', 'incident', 'acknowledge', 'reviewFix', 'requestFix'] as const) {
      site.desk.on(verb, async () => null);
    }
  });

  const slash = (text: string, user: string = PEOPLE.ada) =>
    site.workspace.control.slash(
      user,
      channel,
      text.split(' ')[0] ?? '',
      text.replace(/^\S+ ?/, ''),
    );

  /** Everything this person was told alone since the last look, as JSON. */
  async function told(user: string, needle: RegExp): Promise<string> {
    const { control } = site.workspace;
    return control.waitFor(
      () =>
        control
          .ephemerals(user, channel)
          .map((e) => JSON.stringify(e))
          .find((e) => needle.test(e)),
      5_000,
      `${needle} for ${user}`,
    );
  }

  async function buttons(...actions: ActionId[]): Promise<string> {
    const { control, botUserId } = site.workspace;
    const members = control.channel(channel)?.members ?? [];
    if (!members.includes(botUserId)) control.invite(PEOPLE.ada, channel, botUserId);
    const document: Document = {
      summary: 'buttons',
      blocks: [
        {
          kind: 'actions',
          actions: actions.map((action, n) => ({ action, label: action, value: `v${n}` })),
        },
      ],
    };
    const { ts } = await site.slack.chat.post({
      channel,
      id: `b${Date.now()}${Math.random()}`,
      document,
    });
    return ts;
  }

  it('a command reaches the desk, parsed, with who and where', async () => {
    expect(await slash('/diag disk host-17 mount=/var')).toMatchObject({ ok: true });
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(0);
    expect(site.desk.calls).toEqual([
      {
        verb: 'diag',
        request: { kind: 'run', diagnostic: 'disk', targets: 'host-17', params: { mount: '/var' } },
        caller: { person: { team: site.workspace.teamId, user: PEOPLE.ada }, channel },
      },
    ]);
    await slash('/incident open disk is full sev=SEV1');
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(1);
    expect(site.desk.calls[1]).toMatchObject({
      verb: 'incident',
      request: { kind: 'open', title: 'disk is full', severity: 'SEV1' },
    });
  });

  it('an answer of the desk is seen by the person who asked, and by nobody else', async () => {
    site.desk.on('diag', async () => ({ summary: 'three diagnostics', blocks: [] }));
    await slash('/diag list');
    await told(PEOPLE.ada, /three diagnostics/);
    expect(JSON.stringify(site.workspace.control.ephemerals(PEOPLE.grace))).not.toContain('three');
    expect(JSON.stringify(site.workspace.control.messages(channel))).not.toContain('three');
  });

  it('a command is acknowledged at once while the desk hangs', async () => {
    let release = (): void => {};
    site.desk.on(
      'diag',
      () =>
        new Promise((resolve) => {
          release = () => resolve(null);
        }),
    );
    const outcome = await slash('/diag disk host-17');
    expect(outcome).toMatchObject({ ok: true });
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(0);
    release();
  });

  it('a mistake is explained with what was probably meant, and nothing runs', async () => {
    await slash('/diag dsk host-17');
    expect(await told(PEOPLE.ada, /dsk/)).toContain('did you mean \\"disk\\"?');
    await slash('/incident rsolve');
    expect(await told(PEOPLE.ada, /rsolve/)).toContain('did you mean \\"resolve\\"?');
    expect(site.desk.calls).toEqual([]);
  });

  it('an expected error is told in its own words with its hint', async () => {
    site.desk.on('diag', async () => {
      throw new HousecallError('TARGET_UNKNOWN', 'host-99 <!channel> is not in the inventory');
    });
    await slash('/diag disk host-99');
    const message = await told(PEOPLE.ada, /host-99/);
    expect(message).toContain('/diag hosts');
    expect(JSON.parse(message)).toMatchObject({
      text: 'host-99 &lt;!channel&gt; is not in the inventory',
    });
  });

  it('a surprise is told as a reference and logged under it', async () => {
    site.desk.on('diag', async () => {
      throw new TypeError('secret internals');
    });
    await slash('/diag disk host-17');
    const message = await told(PEOPLE.ada, /Something went wrong/);
    expect(message).not.toContain('secret internals');
    const [, reference = '?'] = /reference ([0-9a-f]{8})/.exec(message) ?? [];
    expect(site.logged).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ reference }) }),
    );
  });

  it.each([
    [PEOPLE.stranger, /people of other organisations may not/],
    [PEOPLE.guest, /guests may not/],
    [PEOPLE.robot, /bots may not/],
  ])('%s is refused with the reason, and nothing runs', async (user, reason) => {
    expect(await slash('/diag disk host-17', user)).toMatchObject({ ok: true });
    await told(user, reason);
    const ts = await buttons('incident.ack');
    await site.workspace.control.click(user, channel, ts, 'incident.ack');
    await site.workspace.control.waitFor(
      () =>
        site.workspace.control
          .ephemerals(user, channel)
          .filter((e) => reason.test(JSON.stringify(e))).length > 1,
    );
    expect(site.desk.calls).toEqual([]);
  });

  it('every button reaches its own verb with its value', async () => {
    const ids = [
      'incident.ack',
      'incident.resolve',
      'run.cancel',
      'next.run',
      'fix.approve',
      'fix.deny',
    ] as const;
    const ts = await buttons(...ids);
    for (const id of ids) {
      expect(await site.workspace.control.click(PEOPLE.ada, channel, ts, id)).toMatchObject({
        ok: true,
      });
    }
    await expect.poll(() => site.desk.calls.length).toBe(ids.length);
    expect(site.desk.calls.map(({ verb, request }) => [verb, request]).toSorted()).toEqual(
      [
        ['acknowledge', 'v0'],
        ['resolve', 'v1'],
        ['cancelRun', 'v2'],
        ['nextRun', 'v3'],
        ['approveFix', 'v4'],
        ['denyFix', 'v5'],
      ].toSorted(),
    );
  });

  it('two buttons of one id each carry their own value', async () => {
    const ts = await buttons('fix.approve', 'fix.approve');
    await site.workspace.control.click(PEOPLE.ada, channel, ts, 'fix.approve', 'v1');
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(0);
    expect(site.desk.calls).toMatchObject([{ verb: 'approveFix', request: 'v1' }]);
  });

  it('a click in a thread says which thread', async () => {
    const root = await buttons('run.cancel');
    const document: Document = {
      summary: 'reply',
      blocks: [{ kind: 'actions', actions: [{ action: 'next.run', label: 'Next', value: 'n' }] }],
    };
    const { ts } = await site.slack.chat.post({ channel, thread: root, id: `r${root}`, document });
    await site.workspace.control.click(PEOPLE.ada, channel, ts, 'next.run');
    await expect.poll(() => site.desk.calls.length).toBeGreaterThan(0);
    expect(site.desk.calls).toMatchObject([{ verb: 'nextRun', caller: { channel, thread: root } }]);
  });

  describe('Review fix', () => {
    const view = (user: string = PEOPLE.ada) => site.workspace.control.views(user).at(-1);
    const viewText = () => JSON.stringify(view()?.['blocks']);
    const close = async () => {
      for (const open of site.workspace.control.views(PEOPLE.ada)) {
        await site.workspace.control.closeView(PEOPLE.ada, String(open['id']));
      }
    };
    const review = async (): Promise<string> => {
      const ts = await buttons('fix.review');
      await site.workspace.control.click(PEOPLE.ada, channel, ts, 'fix.review');
      return String((await site.workspace.control.waitFor(() => view()))['id']);
    };
    beforeEach(close);

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
      await told(PEOPLE.ada, /only operators of this group/);
      await site.workspace.control.waitFor(() => viewText().includes('only operators'));
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
      await site.workspace.control.waitFor(() => viewText().includes('the host has changed'));
    });
  });

  it('waits for what is under way when it stops, and takes nothing new', async () => {
    const own = await startSlackSite({ over });
    const { control } = own.workspace;
    const ops = control.createChannel(PEOPLE.ada, 'ops').id;
    let finished = false;
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    own.desk.on('diag', async () => {
      begin();
      await new Promise((resolve) => setTimeout(resolve, 200));
      finished = true;
      return null;
    });
    await control.slash(PEOPLE.ada, ops, '/diag', 'list');
    await begun;
    await own.slack.stop();
    expect(finished).toBe(true);
    expect(own.slack.isListening()).toBe(false);
    expect(await control.slash(PEOPLE.ada, ops, '/diag', 'list')).toMatchObject({ ok: false });
    await own.stop();
  });
});
