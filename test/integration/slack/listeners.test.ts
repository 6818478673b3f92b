import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionId, Document } from '../../../src/core/document/document.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { createSlackRoom, type SlackRoom } from '../../support/slack-room.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

describe.each(['socket', 'http'] as const)('people in Slack, over %s', (over) => {
  let site: SlackSite;
  let room: SlackRoom;
  let channel: string;

  beforeAll(async () => {
    site = await startSlackSite({ over });
    room = createSlackRoom(site);
    channel = room.channel;
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    site.desk.calls.length = 0;
    site.logged.length = 0;
    site.desk.on('diag', async () => null);
  });

  const slash = (text: string, user?: string) => room.slash(text, user);
  const told = (user: string, needle: RegExp) => room.told(user, needle);
  const buttons = (...actions: ActionId[]) => room.buttons(...actions);

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
    await slash('/incident resolv');
    expect(await told(PEOPLE.ada, /resolv\\"/)).toContain('did you mean \\"resolve\\"?');
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

  it('a run is not started where its answer could not be posted, and the person is told', async () => {
    const { control, botUserId } = site.workspace;
    const hidden = control.createChannel(PEOPLE.ada, `hidden-${over}`, 'private').id;
    await control.slash(PEOPLE.ada, hidden, '/diag', 'disk host-17');
    await control.waitFor(() =>
      control.ephemerals(PEOPLE.ada, hidden).some((e) => e.text.includes('/invite it first')),
    );
    expect(site.desk.calls).toEqual([]);
    await control.slash(PEOPLE.ada, hidden, '/diag', 'list');
    control.invite(PEOPLE.ada, hidden, botUserId);
    await control.slash(PEOPLE.ada, hidden, '/diag', 'disk host-17');
    await expect.poll(() => site.desk.calls.length).toBe(2);
  });

  it('a run can be asked for in a direct message, and its answer is found there', async () => {
    const { control } = site.workspace;
    const document: Document = { summary: 'hello', blocks: [] };
    const hello = await site.slack.chat.post({ channel: PEOPLE.ada, id: 'hello', document });
    expect(hello.channel).toMatch(/^D/);
    await control.slash(PEOPLE.ada, hello.channel, '/diag', 'disk host-17');
    await expect.poll(() => site.desk.calls.length).toBe(1);
    expect(await site.slack.chat.find({ channel: hello.channel, id: 'hello', document })).toEqual(
      hello,
    );
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
    expect(
      new Set(site.desk.calls.map(({ verb, request }) => `${verb} ${String(request)}`)),
    ).toEqual(
      new Set([
        'acknowledge v0',
        'resolve v1',
        'cancelRun v2',
        'nextRun v3',
        'approveFix v4',
        'denyFix v5',
      ]),
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
