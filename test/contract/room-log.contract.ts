import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomEvent, SaidMessage } from '../../src/core/incident/room-event.ts';
import { EVENTS_PER_MESSAGE, type RoomLog } from '../../src/ports/room-log.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

const STREAM = '20261120-7';
const TS = '1763640000.000100';

const message = (more: Partial<SaidMessage> = {}): SaidMessage => ({
  ts: TS,
  author: 'UADA',
  authorName: 'Ada',
  text: 'is it the log?',
  files: [],
  ...more,
});
const at = (second: number): string => new Date(1_763_640_000_000 + second * 1000).toISOString();
const said = (id: string, more: Partial<SaidMessage> = {}): RoomEvent => ({
  id,
  channel: 'C1',
  at: at(0),
  kind: 'said',
  message: message(more),
});
const edited = (n: number): RoomEvent => ({
  id: `edit ${n}`,
  channel: 'C1',
  at: at(n),
  kind: 'edited',
  message: message({ text: `edit ${n}`, edited: at(n) }),
});

/** What every RoomLog does. */
export function roomLogContract(name: string, make: MakeStore): void {
  describe(`${name}: room log`, () => {
    let store: StoreSubject;
    let log: RoomLog;
    beforeEach(async () => {
      store = await make();
      log = store.roomLog;
    });
    afterEach(() => store.close());

    it('has nothing of a room in which nothing was said', async () => {
      expect(await log.all(STREAM)).toEqual([]);
      expect(await log.about(STREAM, TS)).toEqual([]);
      expect(await log.latest(STREAM)).toBeNull();
    });

    it('gives back what happened, whole and in order, and keeps rooms apart', async () => {
      const text = `é€😀 "quotes"\n\\ \u2028 ${'x'.repeat(40_000)}`;
      const files = [{ id: 'F1', name: '../x', url: 'https://x/', bytes: 3 }];
      const events: RoomEvent[] = [
        said('1', { text, files, thread: '1.0' }),
        edited(1),
        { id: '2', channel: 'C1', at: at(2), kind: 'deleted', ts: TS, before: message() },
        {
          id: '3',
          channel: 'C1',
          at: at(3),
          kind: 'reacted',
          ts: TS,
          reaction: 'eyes',
          user: 'U1',
        },
        { id: '4', channel: 'C1', at: at(4), kind: 'pinned', ts: TS, user: 'U1' },
        {
          id: '5',
          channel: 'C1',
          at: at(5),
          kind: 'kept',
          file: { id: 'F1', path: 'files/F1-x', bytes: 3, sha256: 'f'.repeat(64) },
        },
      ];
      for (const event of events) expect(await log.add(STREAM, event)).toBe(true);
      await log.add('20261120-8', said('of another room'));
      expect(await log.all(STREAM)).toEqual(events);
      expect(await log.about(STREAM, TS)).toEqual(events.slice(0, 5));
    });

    it('takes the same event once, also when it comes from two processes at once', async () => {
      const added = await Promise.all(Array.from({ length: 10 }, () => log.add(STREAM, said('1'))));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await log.all(STREAM)).toHaveLength(1);
    });

    it('tells what is about one message among many', async () => {
      const stamps = Array.from(
        { length: 2_345 },
        (_, n) => `1763640001.${String(n).padStart(6, '0')}`,
      );
      await Promise.all(stamps.map((ts) => log.add(STREAM, said(ts, { ts }))));
      await log.add(STREAM, edited(1));
      expect(await log.about(STREAM, TS)).toEqual([edited(1)]);
      const ids = (await log.all(STREAM)).map(({ id }) => id);
      expect(ids.toSorted()).toEqual([...stamps, 'edit 1'].toSorted());
    });

    it('knows when a person last wrote, in whatever order it hears of it', async () => {
      await log.add(STREAM, { ...said('2'), at: at(2) });
      await log.add(STREAM, { ...said('1'), at: at(1) });
      await log.add(STREAM, { ...said('3', { author: 'Housecall', bot: true }), at: at(3) });
      expect(await log.latest(STREAM)).toBe(at(2));
      await log.add(STREAM, edited(9));
      await log.add(STREAM, { id: '10', channel: 'C1', at: at(10), kind: 'deleted', ts: TS });
      expect(await log.latest(STREAM)).toBe(at(9));
    });

    it('keeps the beginning and the end of a message that is edited without end', async () => {
      for (let n = 1; n <= EVENTS_PER_MESSAGE + 20; n += 1) {
        expect(await log.add(STREAM, edited(n))).toBe(true);
      }
      const late = edited(EVENTS_PER_MESSAGE + 20);
      // Heard late, or heard again: it replaces nothing newer.
      await log.add(STREAM, edited(EVENTS_PER_MESSAGE + 5));
      expect(await log.add(STREAM, late)).toBe(false);
      const kept = await log.about(STREAM, TS);
      expect(kept).toHaveLength(EVENTS_PER_MESSAGE + 1);
      expect(kept.at(0)).toEqual(edited(1));
      expect(kept.at(-1)).toEqual(late);
      expect(await log.all(STREAM)).toEqual(kept);
    });
  });
}
