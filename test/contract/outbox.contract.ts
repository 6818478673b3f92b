import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatOperation, ChatRow, Lane } from '../../src/core/chat-operation.ts';
import { HOUSECALL } from '../../src/core/person.ts';
import type { LeasedRow } from '../../src/ports/outbox.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

const LANE: Lane = 'room:20261120-7';
const LEASE_SECONDS = 0.2;
const LEASE_MS = 250;

function post(key: string): ChatOperation {
  return { op: 'message.post', key, document: { summary: key, blocks: [] } };
}

function update(key: string, summary: string): ChatOperation {
  return { op: 'message.update', key, document: { summary, blocks: [] } };
}

/** What every Outbox does. */
export function outboxContract(name: string, make: MakeStore): void {
  describe(`${name}: outbox`, () => {
    let store: StoreSubject;
    let seq = 0;
    beforeEach(async () => {
      store = await make();
      seq = 0;
    });
    afterEach(() => store.close());

    const say = async (...rows: ChatRow[]): Promise<void> => {
      const result = await store.journal.commit({
        stream: '20261120-7',
        expectedSeq: seq++,
        at: '2026-11-20T12:00:00.000Z',
        actor: HOUSECALL,
        events: [{ type: 'incident.closing' }],
        chat: rows,
      });
      if (!result.ok) throw new Error(`refused: ${result.reason}`);
    };
    const inLane = (...operations: ChatOperation[]): Promise<void> =>
      say(...operations.map((operation) => ({ lane: LANE, operation })));
    const lease = async (owner = 'a', seconds = 60): Promise<LeasedRow> => {
      const row = await store.outbox.lease(owner, seconds);
      if (row === null) throw new Error('nothing to lease');
      return row;
    };

    it('has nothing to lease while no row waits', async () => {
      expect(await store.outbox.lease('a', 60)).toBeNull();
      expect(await store.outbox.depth()).toEqual({ rows: 0, oldestSeconds: 0, rejected: 0 });
    });

    it('hands out a row as it was committed', async () => {
      await inLane(post('panel'));
      const row = await lease();
      expect(row).toMatchObject({ lane: LANE, stream: '20261120-7', operation: post('panel') });
      expect(row).toMatchObject({ uncertain: false, attempts: 0, superseded: false });
      expect(Number.isNaN(Date.parse(row.since))).toBe(false);
    });

    it('keeps the order of a lane and gives its head to one sender at a time', async () => {
      await inLane(post('1'), post('2'));
      await inLane(post('3'));
      const keys: string[] = [];
      for (let turn = 1; turn <= 3; turn += 1) {
        const row = await lease('a');
        expect(await store.outbox.lease('b', 60)).toBeNull();
        if (row.operation.op === 'message.post') keys.push(row.operation.key);
        expect(await store.outbox.done(row, 'a')).toBe(true);
      }
      expect(keys).toEqual(['1', '2', '3']);
      expect(await store.outbox.lease('a', 60)).toBeNull();
    });

    it('works on several lanes at once', async () => {
      const other: Lane = 'channel:#incidents';
      await say({ lane: LANE, operation: post('1') }, { lane: other, operation: post('1') });
      const rows = [await lease('a'), await lease('b')];
      expect(new Set(rows.map((row) => row.lane))).toEqual(new Set([other, LANE]));
      expect(new Set(rows.map((row) => row.id)).size).toBe(2);
    });

    it('remembers where a message went, and the channel of a room', async () => {
      const open: ChatOperation = { op: 'room.open', name: 'n' };
      await inLane(open, post('panel'), update('panel', 'x'));
      await store.outbox.done(await lease(), 'a', { channel: 'C1', ts: '' });
      await store.outbox.done(await lease(), 'a', { channel: 'C1', ts: '17.1' });
      await store.outbox.done(await lease(), 'a', { channel: 'C1', ts: 'of an update' });
      expect(await store.outbox.ref(LANE, 'room')).toEqual({ channel: 'C1', ts: '' });
      expect(await store.outbox.ref(LANE, 'panel')).toEqual({ channel: 'C1', ts: '17.1' });
      expect(await store.outbox.ref(LANE, 'other')).toBeNull();
      expect(await store.outbox.ref('channel:C1', 'panel')).toBeNull();
    });

    it('gives a row whose sender died to another one, as uncertain', async () => {
      await inLane(post('1'));
      const lost = await lease('dead', LEASE_SECONDS);
      await store.pass(LEASE_MS);
      const row = await lease('b');
      expect(row).toMatchObject({ id: lost.id, uncertain: true, attempts: 1 });
      expect(await store.outbox.done(lost, 'dead', { channel: 'C1', ts: '1' })).toBe(false);
      expect(await store.outbox.ref(LANE, '1')).toBeNull();
      expect(await store.outbox.done(row, 'b')).toBe(true);
      expect((await store.outbox.depth()).rows).toBe(0);
    });

    it('lets a sender that still works keep its row, and no other', async () => {
      await inLane(post('1'));
      const row = await lease('a', LEASE_SECONDS);
      expect(await store.outbox.renew(row, 'b', 60)).toBe(false);
      expect(await store.outbox.renew(row, 'a', 60)).toBe(true);
      await store.pass(LEASE_MS);
      expect(await store.outbox.lease('b', 60)).toBeNull();
      expect(await store.outbox.done(row, 'a')).toBe(true);
      expect(await store.outbox.renew(row, 'a', 60)).toBe(false);
    });

    it('tells a lost lease also when the same sender took the row again', async () => {
      await inLane(post('1'));
      const first = await lease('a', LEASE_SECONDS);
      await store.pass(LEASE_MS);
      const second = await lease('a');
      expect(await store.outbox.done(first, 'a')).toBe(false);
      await store.outbox.retry(first, 'a', { afterMs: 0, uncertain: false, error: 'late' });
      await store.outbox.reject(first, 'a', 'late');
      expect(await store.outbox.lease('b', 60)).toBeNull();
      expect(await store.outbox.done(second, 'a')).toBe(true);
    });

    it('accepts a late answer while nobody else has the row', async () => {
      await inLane(post('1'));
      const row = await lease('a', LEASE_SECONDS);
      await store.pass(LEASE_MS);
      expect(await store.outbox.done(row, 'a')).toBe(true);
    });

    it('waits before it tries again, and holds the lane meanwhile', async () => {
      await inLane(post('1'), post('2'));
      const row = await lease();
      await store.outbox.retry(row, 'a', { afterMs: 200, uncertain: false, error: 'ratelimited' });
      expect(await store.outbox.lease('a', 60)).toBeNull();
      await store.pass(250);
      expect(await lease()).toMatchObject({ id: row.id, attempts: 1, uncertain: false });
    });

    it('says of a retried row whether it may have been sent', async () => {
      await inLane(post('1'));
      const retry = async (uncertain: boolean): Promise<void> =>
        store.outbox.retry(await lease(), 'a', { afterMs: 0, uncertain, error: 'x' });
      await retry(true);
      const again = await lease();
      expect(again).toMatchObject({ uncertain: true, attempts: 1 });
      await store.outbox.retry(again, 'a', { afterMs: 0, uncertain: false, error: 'x' });
      expect(await lease()).toMatchObject({ uncertain: false, attempts: 2 });
    });

    it('starts the next row of a lane afresh', async () => {
      await inLane(post('1'), post('2'));
      const first = await lease();
      await store.outbox.retry(first, 'a', { afterMs: 0, uncertain: true, error: 'x' });
      await store.outbox.done(await lease(), 'a');
      expect(await lease()).toMatchObject({ attempts: 0, uncertain: false });
    });

    it('moves a row aside that can never be sent, and goes on', async () => {
      await inLane(post('1'), post('2'));
      await store.outbox.reject(await lease(), 'a', 'invalid_blocks');
      expect(await store.outbox.depth()).toMatchObject({ rows: 1, rejected: 1 });
      expect(await lease()).toMatchObject({ operation: post('2') });
    });

    it('marks an update that a later one of the same message makes unnecessary', async () => {
      await inLane(update('panel', '1'), update('other', '1'), update('panel', '2'));
      const seen: [string, boolean][] = [];
      for (let turn = 1; turn <= 3; turn += 1) {
        const row = await lease();
        if (row.operation.op !== 'message.update') throw new Error('not an update');
        seen.push([row.operation.document.summary, row.superseded]);
        await store.outbox.done(row, 'a');
      }
      expect(seen).toEqual([
        ['1', true],
        ['1', false],
        ['2', false],
      ]);
      await inLane(update('panel', '3'));
      expect((await lease()).superseded).toBe(false);
    });

    it('keeps only the last content of a dialog', async () => {
      const form = { id: 'f', title: 't', blocks: [], inputs: [], metadata: '' };
      const row = { lane: 'form:V1', operation: { op: 'form.update', form } } as const;
      await say(row, row);
      const first = await lease();
      expect(first.superseded).toBe(true);
      await store.outbox.done(first, 'a');
      expect((await lease()).superseded).toBe(false);
    });

    it('keeps only the last page of a canvas, and remembers which canvas it is in', async () => {
      const document = { summary: '', blocks: [] };
      const row = { lane: 'canvas:7', operation: { op: 'room.canvas', document } } as const;
      await say(row, row);
      const first = await lease();
      expect(first.superseded).toBe(true);
      await store.outbox.done(first, 'a');
      const second = await lease();
      expect(second.superseded).toBe(false);
      await store.outbox.done(second, 'a', { channel: 'F1', ts: '' });
      expect(await store.outbox.ref('canvas:7', 'canvas')).toEqual({ channel: 'F1', ts: '' });
    });

    it('measures how many rows wait and for how long', async () => {
      await inLane(post('1'), post('2'));
      await store.pass(300);
      const depth = await store.outbox.depth();
      expect(depth.rows).toBe(2);
      expect(depth.oldestSeconds).toBeGreaterThan(0.2);
      expect(depth.oldestSeconds).toBeLessThan(60);
    });

    it('wakes a waiting sender when a row is committed', async () => {
      const waiting = store.outbox.wait(30_000);
      await inLane(post('1'));
      await waiting;
      expect(await store.outbox.lease('a', 60)).not.toBeNull();
    });

    it('does not wait while a row is due, nor after an abort', async () => {
      const aborting = new AbortController();
      const waiting = store.outbox.wait(30_000, aborting.signal);
      aborting.abort();
      await waiting;
      await store.outbox.wait(30_000, aborting.signal);
      await inLane(post('1'));
      await store.outbox.wait(30_000);
      expect(await store.outbox.lease('a', 60)).not.toBeNull();
    });

    it('ends a wait after its time', async () => {
      await store.outbox.wait(5);
      expect(await store.outbox.lease('a', 60)).toBeNull();
    });
  });
}
