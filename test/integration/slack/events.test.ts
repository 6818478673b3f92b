import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoomEvent } from '../../../src/core/incident/room-event.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

type Heard<K extends RoomEvent['kind']> = Extract<RoomEvent, { kind: K }>;

describe.each(['socket', 'http'] as const)('what is said in a channel, over %s', (over) => {
  let site: SlackSite;
  let channel: string;
  let channels = 0;

  beforeAll(async () => {
    site = await startSlackSite({ over });
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    const { control, botUserId } = site.workspace;
    channel = control.createChannel(PEOPLE.ada, `room-${++channels}`).id;
    control.join(PEOPLE.grace, channel);
    control.invite(PEOPLE.ada, channel, botUserId);
  });

  /** So many events of the channel, in the order in which they happened. */
  const heard = async (count: number): Promise<readonly RoomEvent[]> => {
    const here = (): RoomEvent[] =>
      site.desk.heard
        .filter((event) => event.channel === channel)
        .toSorted((a, b) => (a.at < b.at ? -1 : 1));
    await expect.poll(() => here().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
    return here();
  };
  const heardOf = async <K extends RoomEvent['kind']>(
    kind: K,
    count: number,
  ): Promise<readonly Heard<K>[]> =>
    (await heard(count)).filter((event): event is Heard<K> => event.kind === kind);

  it('is heard as it reads: names, thread, time, address', async () => {
    const { control } = site.workspace;
    const root = control.say(PEOPLE.ada, channel, 'is it <the> log, @grace?');
    const reply = control.say(PEOPLE.grace, channel, 'yes & no', root.ts);
    const [first, second] = await heardOf('said', 2);
    expect(first).toMatchObject({
      channel,
      message: {
        ts: root.ts,
        author: PEOPLE.ada,
        authorName: 'ada',
        text: 'is it <the> log, @grace?',
        permalink: `${site.workspace.url}/archives/${channel}/p${root.ts.replace('.', '')}`,
        files: [],
      },
    });
    expect(first?.message.bot).toBeUndefined();
    expect(Date.parse(first?.at ?? '')).toBe(Math.floor(Number(root.ts) * 1000));
    expect(second?.message).toMatchObject({ ts: reply.ts, thread: root.ts, text: 'yes & no' });
    expect(second?.message.permalink).toContain(`?thread_ts=${root.ts}&cid=${channel}`);
    expect(first?.id).toMatch(/^Ev/);
    expect(second?.id).not.toBe(first?.id);
  });

  it('is heard when it is edited and deleted, with what it said before', async () => {
    const { control } = site.workspace;
    const { ts } = control.say(PEOPLE.ada, channel, 'one');
    control.edit(PEOPLE.ada, channel, ts, 'two');
    control.remove(PEOPLE.ada, channel, ts);
    expect(await heard(3)).toMatchObject([
      { kind: 'said', message: { text: 'one' } },
      { kind: 'edited', message: { ts, text: 'two' }, before: { text: 'one' } },
      { kind: 'deleted', ts, before: { text: 'two' } },
    ]);
    const root = control.say(PEOPLE.ada, channel, 'a question');
    control.say(PEOPLE.grace, channel, 'an answer', root.ts);
    control.remove(PEOPLE.ada, channel, root.ts);
    // A first message with replies leaves a tombstone: for people it is deleted.
    expect((await heardOf('deleted', 6)).at(-1)).toMatchObject({ ts: root.ts });
    expect(await heardOf('edited', 6)).toHaveLength(1);
  });

  it('is heard when Housecall says or edits it itself, and is told apart', async () => {
    const document = { summary: 'looking', blocks: [] };
    const ref = await site.slack.chat.post({ channel, id: `own-${over}`, document });
    await site.slack.chat.update(ref, { summary: 'found it', blocks: [] });
    await site.slack.chat.pin(ref);
    site.workspace.control.say(PEOPLE.ada, channel, 'thanks');
    // Its pin of the panel is no statement of anybody.
    expect(await heard(3)).toMatchObject([
      { kind: 'said', message: { ts: ref.ts, bot: true } },
      { kind: 'edited', message: { ts: ref.ts, bot: true } },
      { kind: 'said', message: { text: 'thanks' } },
    ]);
  });

  it('is heard when people react to it, pin it, and change their mind', async () => {
    const { control } = site.workspace;
    const { ts } = control.say(PEOPLE.ada, channel, 'the culprit');
    control.react(PEOPLE.grace, channel, ts, 'pushpin');
    control.unreact(PEOPLE.grace, channel, ts, 'pushpin');
    control.pin(PEOPLE.grace, channel, ts);
    control.unpin(PEOPLE.ada, channel, ts);
    const user = PEOPLE.grace;
    expect((await heard(5)).slice(1)).toMatchObject([
      { kind: 'reacted', channel, ts, reaction: 'pushpin', user },
      { kind: 'unreacted', channel, ts, reaction: 'pushpin', user },
      { kind: 'pinned', channel, ts, user },
      { kind: 'unpinned', channel, ts, user: PEOPLE.ada },
    ]);
  });

  it('is heard with its files, whose bytes can be had until they are deleted', async () => {
    const { control } = site.workspace;
    const content = new Uint8Array([0, 1, 2, 250, 251, 252]);
    control.share(PEOPLE.ada, channel, { name: 'core\u202edump', content, text: 'look' });
    const [said] = await heardOf('said', 1);
    const [file] = said?.message.files ?? [];
    expect(file).toMatchObject({ name: 'coredump', bytes: 6 });
    if (file === undefined) throw new Error('no file');
    expect(new Uint8Array(await site.slack.chat.download(file, 6))).toEqual(content);
    const refused = { code: 'CHAT_REFUSED' };
    await expect(site.slack.chat.download(file, 5)).rejects.toMatchObject(refused);
    control.deleteFile(PEOPLE.ada, file.id ?? '');
    await expect(site.slack.chat.download(file, 6)).rejects.toMatchObject(refused);
    const [edited] = await heardOf('edited', 2);
    expect(edited?.message.files).toMatchObject([{ id: file.id, name: 'a deleted file' }]);
    expect(edited?.message.files[0]?.download).toBeUndefined();
  });

  it('agrees with the history that is read later', async () => {
    const { control } = site.workspace;
    const { ts } = control.say(PEOPLE.ada, channel, 'first *bold* <@U0GRACE001>');
    control.edit(PEOPLE.ada, channel, ts, 'second');
    control.pin(PEOPLE.grace, channel, ts);
    const [edited] = await heardOf('edited', 2);
    const now = (await site.slack.chat.history(channel)).find((message) => message.ts === ts);
    const { reactions, pinnedBy, ...seen } = now ?? { reactions: [] };
    expect(seen).toEqual(edited?.message);
    expect([reactions, pinnedBy]).toEqual([[], PEOPLE.grace]);
  });
});
