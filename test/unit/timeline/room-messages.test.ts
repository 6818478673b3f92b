import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/core/archive-name.ts';
import type { RoomEvent, SaidMessage } from '../../../src/core/incident/room-event.ts';
import { sharedFilePath } from '../../../src/core/incident/timeline/file-name.ts';
import { missedEvents } from '../../../src/core/incident/timeline/missed-events.ts';
import { foldRoom, roomMessages } from '../../../src/core/incident/timeline/room-messages.ts';

const at = (second: number): string => new Date(1_763_640_000_000 + second * 1_000).toISOString();
const stamp = (n: number): string => `17636400${String(n).padStart(2, '0')}.000100`;
const message = (n: number, text: string, more: Partial<SaidMessage> = {}): SaidMessage => ({
  ts: stamp(n),
  author: 'UADA',
  authorName: 'Ada',
  text,
  files: [],
  ...more,
});

type Deed =
  | { readonly deed: 'edit' | 'react' | 'unreact' | 'pin' | 'unpin'; readonly of: number }
  | { readonly deed: 'say' | 'delete'; readonly of: number };

const deeds = fc.array(
  fc.record({
    deed: fc.constantFrom<Deed['deed']>(
      'say',
      'edit',
      'edit',
      'delete',
      'react',
      'unreact',
      'pin',
      'unpin',
    ),
    of: fc.nat({ max: 5 }),
  }),
  { maxLength: 40 },
);

interface Standing {
  message: SaidMessage;
  readonly reactions: Set<string>;
  pinned: boolean;
}

/** A room in which these things happen: all events, and what its history shows in the end. */
function play(script: readonly Deed[]) {
  const events: RoomEvent[] = [];
  const history = new Map<number, Standing>();
  const gone = new Set<number>();
  for (const [n, { deed, of }] of script.entries()) {
    const head = { id: `Ev${n}`, channel: 'C1', at: at(100 + n) };
    const standing = history.get(of);
    const ts = stamp(of);
    if (deed === 'say') {
      if (standing !== undefined || gone.has(of)) continue;
      const said = message(of, `text ${n}`);
      history.set(of, { message: said, reactions: new Set(), pinned: false });
      events.push({ ...head, kind: 'said', message: said });
    }
    if (standing === undefined) continue;
    if (deed === 'edit') {
      const before = standing.message;
      standing.message = message(of, `text ${n}`, { edited: head.at });
      events.push({ ...head, kind: 'edited', message: standing.message, before });
    }
    if (deed === 'delete') {
      history.delete(of);
      gone.add(of);
      events.push({ ...head, kind: 'deleted', ts, before: standing.message });
    }
    if (deed === 'react' && !standing.reactions.has('UBOB')) {
      standing.reactions.add('UBOB');
      events.push({ ...head, kind: 'reacted', ts, reaction: 'eyes', user: 'UBOB' });
    }
    if (deed === 'unreact' && standing.reactions.delete('UBOB')) {
      events.push({ ...head, kind: 'unreacted', ts, reaction: 'eyes', user: 'UBOB' });
    }
    if (deed === 'pin' && !standing.pinned) {
      standing.pinned = true;
      events.push({ ...head, kind: 'pinned', ts, user: 'UBOB' });
    }
    if (deed === 'unpin' && standing.pinned) {
      standing.pinned = false;
      events.push({ ...head, kind: 'unpinned', ts, user: 'UBOB' });
    }
  }
  const shown = [...history.values()].map(({ message: said, reactions, pinned }) => ({
    ...said,
    reactions: reactions.size === 0 ? [] : [{ name: 'eyes', users: [...reactions] }],
    ...(pinned ? { pinnedBy: 'UBOB' } : {}),
  }));
  return { events, shown };
}

const look = { channel: 'C1', at: at(1_000), settled: at(900), unread: new Set<string>() };

describe('messages of a room', () => {
  it('stand the same in whatever order their events were heard', () => {
    fc.assert(
      fc.property(
        deeds,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (script, order) => {
          const { events } = play(script);
          const shuffled = events
            .map((event) => ({ event, key: order.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ event }) => event);
          expect(roomMessages(shuffled)).toEqual(roomMessages(events));
        },
      ),
    );
  });

  it('tell every text that a message had, and that it was deleted', () => {
    const events: RoomEvent[] = [
      { id: '1', channel: 'C1', at: at(1), kind: 'said', message: message(1, 'one') },
      {
        id: '2',
        channel: 'C1',
        at: at(2),
        kind: 'edited',
        message: message(1, 'two', { edited: at(2) }),
      },
      {
        id: '3',
        channel: 'C1',
        at: at(3),
        kind: 'edited',
        message: message(1, 'one', { edited: at(3) }),
      },
      { id: '4', channel: 'C1', at: at(4), kind: 'deleted', ts: stamp(1) },
    ];
    expect(roomMessages(events)).toMatchObject([
      {
        text: 'one',
        edited: at(3),
        deletedAt: at(4),
        earlier: [{ text: 'one' }, { at: at(2), text: 'two' }],
      },
    ]);
  });

  it('are told by what replaced or deleted them, where nobody heard them said', () => {
    const before = message(1, 'one');
    expect(
      roomMessages([{ id: '1', channel: 'C1', at: at(2), kind: 'deleted', ts: stamp(1), before }]),
    ).toMatchObject([{ text: 'one', deletedAt: at(2) }]);
    const now = message(1, 'two', { edited: at(2) });
    expect(
      roomMessages([{ id: '1', channel: 'C1', at: at(2), kind: 'edited', message: now, before }]),
    ).toMatchObject([{ text: 'two', earlier: [{ text: 'one' }] }]);
  });
});

describe('what nobody heard', () => {
  it('is found by comparison with the history: afterwards the log stands as the history does', () => {
    fc.assert(
      fc.property(
        deeds,
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (script, heard) => {
          const { events, shown } = play(script);
          const log = events.filter((_, n) => heard[n] === true);
          const all = [...log, ...missedEvents(log, shown, look)];
          const standing = [...foldRoom(all).values()].filter(
            (one) => one.message !== null && one.message.deletedAt === undefined,
          );
          expect(
            standing.map(({ message: said, pinnedBy }) => ({
              ts: said?.ts,
              text: said?.text,
              reactions: said?.reactions,
              pinned: pinnedBy !== null,
            })),
          ).toEqual(
            expect.arrayContaining(
              shown.map(({ ts, text, reactions, pinnedBy }) => ({
                ts,
                text,
                reactions,
                pinned: pinnedBy !== undefined,
              })),
            ),
          );
          expect(standing).toHaveLength(shown.length);
          // A second look finds nothing more.
          expect(missedEvents(all, shown, look)).toEqual([]);
        },
      ),
    );
  });

  it('is nothing when all of it was heard', () => {
    fc.assert(
      fc.property(deeds, (script) => {
        const { events, shown } = play(script);
        expect(missedEvents(events, shown, look)).toEqual([]);
      }),
    );
  });

  it('is no deletion of what was just said, or stands in a thread that was not read', () => {
    const said = (n: number, more: Partial<SaidMessage>): RoomEvent => ({
      id: `Ev${n}`,
      channel: 'C1',
      at: at(n),
      kind: 'said',
      message: message(n, 'x', more),
    });
    const log = [said(1, {}), said(2, { thread: stamp(9) }), said(3, {})];
    const early = { ...look, settled: at(2), unread: new Set([stamp(9)]) };
    expect(missedEvents(log, [], early)).toMatchObject([{ kind: 'deleted', ts: stamp(1) }]);
  });

  it('is no edit when a person only has another name now', () => {
    const said: RoomEvent = {
      id: '1',
      channel: 'C1',
      at: at(1),
      kind: 'said',
      message: message(1, 'hi @bob'),
    };
    const now = { ...message(1, 'hi @robert'), reactions: [] };
    expect(missedEvents([said], [now], look)).toEqual([]);
  });
});

describe('the place of a shared file', () => {
  it.each([
    ['graph.png', 'files/F1-graph.png'],
    ['../../etc/passwd', 'files/F1-etc_passwd'],
    ['CON', 'files/F1-CON'],
    ['a\nb.txt', 'files/F1-a_b.txt'],
    ['', 'files/F1-file'],
    ['...', 'files/F1-file'],
    ['Größe 1.log', 'files/F1-Gro_e_1.log'],
  ])('of %j is %s', (name, expected) => {
    expect(sharedFilePath('F1', name)).toBe(expected);
  });

  it('is a name within an archive, short and of its own folder, whatever the name is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ maxLength: 60 }),
        (name, id) => {
          const segments = segmentsOf(sharedFilePath(id, name));
          expect(segments).toHaveLength(2);
          expect(segments[0]).toBe('files');
          expect(segments[1]?.length).toBeLessThanOrEqual(121);
          expect(segments[1]).not.toMatch(/\.\.|[. ]$/);
        },
      ),
    );
  });
});
