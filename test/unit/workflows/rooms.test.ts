import { beforeEach, describe, expect, it, vi } from 'vitest';
import { roomDesk } from '../../../src/app/desk/room.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import type { RoomEvent, SharedFile } from '../../../src/core/incident/room-event.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { catchUpRoom } from '../../../src/workflows/room/catch-up-room.ts';
import { FILE_BYTES } from '../../../src/workflows/room/keep-shared-files.ts';
import { observeRoom } from '../../../src/workflows/room/observe-room.ts';
import { readRoom } from '../../../src/workflows/room/read-room.ts';
import { tellTimeline } from '../../../src/workflows/room/tell-timeline.ts';
import { documentText } from '../../support/document-text.ts';
import { createFakeSink } from '../../support/fake-sink.ts';
import { openHeardRoom } from '../../support/heard-room.ts';

const ID = '20261120-7';
const FOLDER = `2026/11/${ID}`;

let room: Awaited<ReturnType<typeof openHeardRoom>>;
beforeEach(async () => {
  room = await openHeardRoom();
});
const observe = (event: RoomEvent): Promise<void> => observeRoom(room.deps, ID, event);
const TS = '1763640000.000100';

describe('a message that people put on the timeline', () => {
  it('stands there once, redacted, with its author, time and address', async () => {
    await observe(room.said(TS, 'password is hunter2'));
    const pushed = room.react('reacted', TS);
    await observe(pushed);
    await observe(pushed);
    await observe(room.react('reacted', TS, 'UBOB'));
    expect(await room.timeline()).toEqual([
      {
        type: 'timeline.added',
        ts: TS,
        via: 'pushpin',
        author: 'UBOB',
        text: 'password is [redacted]',
        permalink: `https://x/${TS}`,
      },
    ]);
    const { incident } = await readCase(room.store.journal, ID);
    expect(incident?.timeline.get(TS)?.by).toEqual({ kind: 'person', team: 'T1', user: 'UADA' });
  });

  it('stays while anybody holds it, and goes when the last one lets go', async () => {
    await observe(room.said(TS, 'the log'));
    await observe(room.react('reacted', TS, 'UADA'));
    await observe(room.react('reacted', TS, 'UBOB'));
    await observe(room.react('unreacted', TS, 'UADA'));
    expect(await room.timeline()).toHaveLength(1);
    await observe(room.event({ kind: 'pinned' as const, ts: TS, user: 'UADA' }));
    await observe(room.react('unreacted', TS, 'UBOB'));
    const { incident } = await readCase(room.store.journal, ID);
    expect(incident?.timeline.get(TS)?.marks).toEqual(['pin']);
    await observe(room.event({ kind: 'unpinned' as const, ts: TS, user: 'UBOB' }));
    expect((await readCase(room.store.journal, ID)).incident?.timeline.size).toBe(0);
  });

  it('stands as the last mark says when many come at once', async () => {
    await observe(room.said(TS, 'the log'));
    const marks = Array.from({ length: 21 }, (_, n) =>
      room.react(n % 2 === 0 ? 'reacted' : 'unreacted', TS),
    );
    await Promise.all(marks.map(observe));
    const { incident } = await readCase(room.store.journal, ID);
    expect(incident?.timeline.get(TS)?.marks).toEqual(['pushpin']);
    const kinds = (await room.timeline()).map(({ type }) => type);
    for (const [n, kind] of kinds.entries()) {
      expect(kind).toBe(n % 2 === 0 ? 'timeline.added' : 'timeline.removed');
    }
  });

  it('is read from the history when it was said before anybody listened', async () => {
    const ts = room.chat.say(room.channel, 'UBOB', 'said long ago');
    const standing = room.chat.rooms.get(room.channel)?.messages ?? [];
    standing[0] = {
      ...(standing[0] ?? never()),
      reactions: [{ name: 'pushpin', users: ['UADA'] }],
    };
    await observe(room.react('reacted', ts));
    expect(await room.timeline()).toMatchObject([
      { type: 'timeline.added', text: 'said long ago' },
    ]);
  });

  it('of a channel that was there before is looked for alone, and not beyond a week', async () => {
    const own = await openHeardRoom({ adopted: true });
    const { chat, channel, deps } = own;
    const day = (days: number): number => own.clock.now().getTime() / 1000 - days * 86_400;
    const put = (days: number, text: string, pushpins: readonly string[] = []): string => {
      const ts = `${day(days).toFixed(0)}.000100`;
      const reactions = pushpins.length === 0 ? [] : [{ name: 'pushpin', users: pushpins }];
      const message = { ts, author: 'UBOB', authorName: 'Bob', text, files: [], reactions };
      chat.rooms.get(channel)?.messages.push({ ...message, id: null, document: null });
      return ts;
    };
    const marked = [put(30, 'long ago', ['UADA']), put(3, 'three days ago', ['UADA'])];
    put(2, 'of other things', ['UADA']);
    put(0.01, 'it began with this');
    for (const ts of marked) await observeRoom(deps, ID, own.react('reacted', ts));
    expect(await own.timeline()).toMatchObject([{ text: 'three days ago' }]);
    await catchUpRoom(deps, ID);
    const texts = (await own.store.roomLog.all(ID)).flatMap((event) =>
      event.kind === 'said' ? [event.message.text] : [],
    );
    expect(texts).toEqual(['three days ago', 'it began with this']);
  });

  it('is told with both texts when it was edited, and stays when it was deleted', async () => {
    await observe(room.said(TS, 'it is the log'));
    await observe(room.react('reacted', TS));
    const message = {
      ts: TS,
      author: 'UBOB',
      authorName: 'Bob',
      text: 'it is the journal',
      files: [],
    };
    await observe(room.event({ kind: 'edited' as const, message }));
    await observe(room.event({ kind: 'deleted' as const, ts: TS }));
    const text = documentText(
      await tellTimeline(room.deps, await readCase(room.store.journal, ID)),
    );
    expect(text).toContain('it is the journal');
    expect(text).toContain('at first: it is the log');
    expect(text).toContain('deleted');
    expect(await room.timeline()).toHaveLength(1);
  });
});

describe('a room after an outage', () => {
  it('is caught up: what was said, edited, deleted, marked and shared meanwhile is on record', async () => {
    const { chat, channel, deps, store } = room;
    const kept = chat.say(channel, 'UADA', 'first');
    const gone = chat.say(channel, 'UADA', 'goes away');
    await catchUpRoom(deps, ID);
    const messages = chat.rooms.get(channel)?.messages ?? [];
    messages.splice(1, 1);
    const edited = '2026-11-20T12:30:00.000Z';
    messages[0] = {
      ...(messages[0] ?? never()),
      text: 'first, corrected hunter2',
      edited,
      reactions: [{ name: 'pushpin', users: ['UBOB'] }],
      files: [{ id: 'F1', name: 'x.txt', url: 'u', download: 'https://files/F1' }],
    };
    chat.contents.set('https://files/F1', new TextEncoder().encode('bytes'));
    chat.say(channel, 'UBOB', 'a reply', kept);
    await catchUpRoom(deps, ID);
    await catchUpRoom(deps, ID);
    const whole = await readRoom(deps, { stream: ID, channel, openedAt: '2026-11-20' });
    expect(whole.messages).toMatchObject([
      { ts: kept, text: 'first, corrected [redacted]', edited, earlier: [{ text: 'first' }] },
      { ts: gone, text: 'goes away', deletedAt: expect.any(String) as string },
      { text: 'a reply', thread: kept },
    ]);
    expect(await room.timeline()).toHaveLength(1);
    expect(JSON.stringify(await store.roomLog.all(ID))).not.toContain('hunter2');
  });

  it('is not asked for threads that stand as they were heard, beyond the first hundred and fifty', async () => {
    const { chat, channel, deps } = room;
    for (let n = 0; n < 160; n += 1) {
      const root = chat.say(channel, 'UADA', `question ${n}`);
      chat.say(channel, 'UBOB', `answer ${n}`, root);
    }
    await catchUpRoom(deps, ID);
    const read: number[] = [];
    const history = chat.history.bind(chat);
    const counting: typeof chat.history = async (where, which) => {
      const found = await history(where, which);
      read.push(found.length);
      return found;
    };
    await catchUpRoom({ ...deps, chat: { ...chat, history: counting } }, ID);
    expect(read).toEqual([160 + 150]);
    const { messages } = await readRoom(deps, { stream: ID, channel, openedAt: '2026-11-20' });
    expect(messages.filter(({ deletedAt }) => deletedAt !== undefined)).toEqual([]);
    expect(messages).toHaveLength(320);
  });
});

describe('a shared file', () => {
  const file = (more: Partial<SharedFile> = {}): SharedFile => ({
    id: 'F1',
    name: '../graph.png',
    url: 'u',
    download: 'https://files/F1',
    ...more,
  });
  const place = () => ({ stream: ID, channel: room.channel, openedAt: '2026-11-20' });
  const lostOf = async (): Promise<readonly (string | undefined)[]> =>
    (await readRoom(room.deps, place())).messages.flatMap(({ files }) =>
      files.map(({ lost, path }) => lost ?? path),
    );
  beforeEach(() => {
    room.chat.contents.set('https://files/F1', new TextEncoder().encode('bytes'));
    // The history of the chat in memory does not know the messages that these tests tell.
    vi.spyOn(room.chat, 'history').mockRejectedValue(new Error('not asked'));
  });

  it('lies in the archive as soon as it is shared, and stays when it is deleted', async () => {
    await observe(room.said(TS, '', [file()]));
    expect([...room.sink.stored.keys()]).toEqual([`${FOLDER}/files/F1-graph.png`]);
    room.chat.contents.clear();
    await observe(room.said('1763640001.000000', 'again', [file()]));
    expect(room.warned).toEqual([]);
  });

  it.each([
    ['text/html', 'application/octet-stream'],
    ['image/svg+xml', 'application/octet-stream'],
    ['image/png\r\nx: y', 'application/octet-stream'],
    ['image/png', 'image/png'],
  ])(
    'of the type %j lies there as %s: no page of somebody’s runs in the archive',
    async (mediaType, as) => {
      const put = vi.spyOn(room.sink, 'put');
      await observe(room.said(TS, '', [file({ mediaType })]));
      expect(put.mock.calls.map(([record]) => record.mediaType)).toEqual([as]);
    },
  );

  it.each<[string, { readonly bytes?: number; readonly download?: string | undefined }, RegExp]>([
    ['lies elsewhere', { download: undefined }, /outside of Slack/],
    ['is too large', { bytes: FILE_BYTES + 1 }, /larger than 50 MB/],
    ['cannot be had', { download: 'https://files/none' }, /file_not_found/],
  ])('that %s is named with the reason', async (_, more, reason) => {
    const { download, ...without } = { ...file(), ...more };
    await observe(room.said(TS, '', [download === undefined ? without : { ...without, download }]));
    vi.restoreAllMocks();
    const ts = room.chat.say(room.channel, 'UBOB', '');
    expect(ts).not.toBe('');
    const [first] = await lostOf();
    expect(first).toMatch(reason);
    expect([...room.sink.stored.keys()]).toEqual([]);
  });

  it('is copied to a place that was added since, and named when it is no longer anywhere', async () => {
    await observe(room.said(TS, '', [file()]));
    vi.restoreAllMocks();
    const added = createFakeSink();
    const deps = { ...room.deps, sinks: [room.sink, added] };
    const whole = await readRoom(deps, place());
    expect(whole.kept).toMatchObject([{ path: 'files/F1-graph.png', bytes: 5 }]);
    expect([...added.stored.keys()]).toEqual([`${FOLDER}/files/F1-graph.png`]);
    added.stored.clear();
    room.sink.stored.clear();
    const without = await readRoom(deps, place());
    expect(without.kept).toEqual([]);
    expect(without.messages[0]?.files[0]?.lost).toMatch(/no longer in the archive/);
  });
});

describe('a channel', () => {
  it('that is no room of an open incident is nobody’s business', async () => {
    const { observe: hear } = roomDesk(room.deps);
    const read = vi.fn<() => Promise<RoomEvent>>(async () => room.said(TS, 'x'));
    await hear('COTHER', read);
    expect(read).not.toHaveBeenCalled();
    await hear(room.channel, read);
    expect(read).toHaveBeenCalledTimes(1);
    await room.commit([{ type: 'incident.closed' }], { open: false });
    await roomDesk(room.deps).observe(room.channel, read);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('whose event was missed is read from its history with the next one', async () => {
    const { observe: hear } = roomDesk(room.deps);
    const ts = room.chat.say(room.channel, 'UADA', 'missed');
    await hear(room.channel, () => Promise.reject(new HousecallError('CHAT_REFUSED', 'no')));
    expect(room.warned).toHaveLength(1);
    await hear(room.channel, async () => room.said(TS, 'heard'));
    const all = await room.store.roomLog.all(ID);
    expect(all.some((event) => event.kind === 'said' && event.message.ts === ts)).toBe(true);
  });
});

function never(): never {
  throw new Error('there is no message');
}
