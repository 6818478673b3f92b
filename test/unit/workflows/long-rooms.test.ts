import { beforeEach, describe, expect, it } from 'vitest';
import type { RoomMessage } from '../../../src/core/incident/archive/archive-input.ts';
import { fittingMessages, roomGaps } from '../../../src/core/incident/archive/room-gaps.ts';
import type { SharedFile } from '../../../src/core/incident/room-event.ts';
import { FILES_PER_ROOM } from '../../../src/ports/room-log.ts';
import { catchUpRoom } from '../../../src/workflows/room/catch-up-room.ts';
import { observeRoom } from '../../../src/workflows/room/observe-room.ts';
import { readRoom, type WholeRoom } from '../../../src/workflows/room/read-room.ts';
import { createFakeRoomLog } from '../../support/fake-room-log.ts';
import { openHeardRoom } from '../../support/heard-room.ts';

const ID = '20261120-7';
let room: Awaited<ReturnType<typeof openHeardRoom>>;
beforeEach(async () => {
  room = await openHeardRoom();
});
const read = (deps: Parameters<typeof readRoom>[0] = room.deps): Promise<WholeRoom> =>
  readRoom(deps, { stream: ID, channel: room.channel, openedAt: '2026-11-20' });
const file = (id: string): SharedFile => ({
  id,
  name: 'a.png',
  url: id,
  download: `https://f/${id}`,
});

describe('a room whose log is full', () => {
  it('still keeps what is shared, and says what it knows from the history alone', async () => {
    const { chat, channel } = room;
    const deps = { ...room.deps, roomLog: createFakeRoomLog(2) };
    chat.contents.set('https://f/F1', new Uint8Array(5));
    for (const text of ['one', 'two', 'three', 'four']) chat.say(channel, 'UADA', text);
    await catchUpRoom(deps, ID);
    await observeRoom(deps, ID, room.said('1763649999.000000', 'a graph', [file('F1')]));
    const whole = await read(deps);
    expect(whole.kept).toMatchObject([{ path: 'files/F1-a.png' }]);
    expect(whole.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
    expect(whole.gaps).toEqual([
      expect.stringMatching(
        /^So much happened in this room that 2 messages and changes are here only/,
      ),
    ]);
    expect([...room.sink.stored.keys()]).toEqual([`2026/11/${ID}/files/F1-a.png`]);
  });

  it('takes so many files and no more, and names the others with the reason', async () => {
    const { store } = room;
    for (let n = 0; n < FILES_PER_ROOM; n++) {
      const kept = { id: `X${n}`, path: `files/X${n}`, bytes: 1, sha256: '0' };
      await store.roomLog.add(ID, room.event({ kind: 'kept' as const, file: kept }));
    }
    room.chat.contents.set('https://f/F1', new Uint8Array(5));
    await observeRoom(room.deps, ID, room.said('1763649999.000000', 'a graph', [file('F1')]));
    expect([...room.sink.stored.keys()]).toEqual([]);
    expect(room.warned).toEqual(['a shared file is not kept yet']);
  });
});

describe('the archive of a long room', () => {
  it('says how many threads were not looked at again', async () => {
    const { chat, channel } = room;
    for (let n = 0; n < 160; n += 1) {
      chat.say(channel, 'UBOB', `answer ${n}`, chat.say(channel, 'UADA', `question ${n}`));
    }
    await catchUpRoom(room.deps, ID);
    expect((await read()).gaps).toEqual([
      expect.stringMatching(/^Not looked at again: 10 threads/),
    ]);
  });

  it('says nothing of the kind when it holds everything', async () => {
    room.chat.say(room.channel, 'UADA', 'one');
    await catchUpRoom(room.deps, ID);
    expect((await read()).gaps).toEqual([]);
  });

  it('ends where it would be too large to be read, and says how many messages are left out', () => {
    const said = (n: number): RoomMessage => ({
      ts: `${n}`,
      author: 'UADA',
      authorName: 'Ada',
      text: 'x'.repeat(1_000),
      earlier: [{ at: '', text: 'y'.repeat(1_000) }],
      reactions: [],
      files: [],
    });
    const all = Array.from({ length: 10 }, (_, n) => said(n));
    const { messages, left } = fittingMessages(all, 10_000);
    expect([messages, left]).toEqual([all.slice(0, 3), 7]);
    expect(fittingMessages(all)).toEqual({ messages: all, left: 0 });
    expect(roomGaps({ unread: 0, beyond: 0, left })).toEqual([
      'Not here: the last 7 messages, because the room was longer than an archive can be.',
    ]);
  });
});
