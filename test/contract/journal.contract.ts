import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/audit/chain.ts';
import type { CaseEvent } from '../../src/core/incident/event.ts';
import { HOUSECALL } from '../../src/core/person.ts';
import type { Commit } from '../../src/ports/journal.ts';
import { sha256 } from '../support/sha256.ts';
import type { MakeStore, StoreSubject } from '../support/store-subject.ts';

const STREAM = '20261120-7';

function commitOf(expectedSeq: number, more: Partial<Commit> = {}): Commit {
  const events: CaseEvent[] = [{ type: 'hosts.changed', hosts: [`host-${expectedSeq + 1}`] }];
  const at = '2026-11-20T12:00:00.000Z';
  return { stream: STREAM, expectedSeq, at, actor: HOUSECALL, events, ...more };
}

/** What every Journal does. */
export function journalContract(name: string, make: MakeStore): void {
  describe(`${name}: journal`, () => {
    let store: StoreSubject;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('reads an unknown stream as empty', async () => {
      expect(await store.journal.read('nothing')).toEqual([]);
    });

    it('numbers records from 1, reads them back as committed, and after a sequence number', async () => {
      const first = await store.journal.commit(commitOf(0));
      const second = await store.journal.commit(commitOf(1));
      if (!first.ok || !second.ok) throw new Error('a commit was refused');
      const records = [...first.records, ...second.records];
      expect(records.map((record) => record.seq)).toEqual([1, 2]);
      expect(await store.journal.read(STREAM)).toEqual(records);
      expect(await store.journal.read(STREAM, 1)).toEqual(second.records);
      expect(await store.journal.read(STREAM, 2)).toEqual([]);
    });

    it('chains records by hash, also several of one commit and texts of any kind', async () => {
      const hosts = ['Zürich 🔥', 'half \ud83d pair', 'nul \u0000 "quote" \\ \u2028'];
      const events: CaseEvent[] = [
        { type: 'hosts.changed', hosts },
        { type: 'incident.mitigated', reason: '' },
      ];
      expect((await store.journal.commit(commitOf(0, { events }))).ok).toBe(true);
      expect((await store.journal.commit(commitOf(2))).ok).toBe(true);
      const records = await store.journal.read(STREAM);
      expect(records.map(({ event }) => event).slice(0, 2)).toEqual(events);
      expect(verifyChain(records, sha256)).toEqual({ ok: true, head: records.at(-1)?.hash });
    });

    it('refuses a commit that was decided on an older or a missing record', async () => {
      await store.journal.commit(commitOf(0));
      const conflict = { ok: false, reason: 'conflict' };
      expect(await store.journal.commit(commitOf(0))).toEqual(conflict);
      expect(await store.journal.commit(commitOf(5))).toEqual(conflict);
      expect(await store.journal.read(STREAM)).toHaveLength(1);
    });

    it('lets exactly one of many simultaneous commits win', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, () => store.journal.commit(commitOf(0))),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(await store.journal.read(STREAM)).toHaveLength(1);
    });

    it('gives a claimed name to one stream alone, until it is released', async () => {
      const claims = ['alert:half \ud83d pair', 'channel:C1'];
      await store.journal.commit(commitOf(0, { claims }));
      expect(await store.journal.owner('channel:C1')).toBe(STREAM);
      expect(await store.journal.owner('alert:half \ud83d pair')).toBe(STREAM);

      const other = commitOf(0, { stream: 'other', claims: ['group:x', 'channel:C1'] });
      const claimed = { ok: false, reason: 'claimed', claim: 'channel:C1', by: STREAM };
      expect(await store.journal.commit(other)).toEqual(claimed);
      expect(await store.journal.owner('group:x')).toBeNull();
      expect(await store.journal.read('other')).toEqual([]);

      expect((await store.journal.commit(commitOf(1, { claims }))).ok).toBe(true);
      await store.journal.commit(commitOf(2, { releases: ['channel:C1'] }));
      expect(await store.journal.owner('channel:C1')).toBeNull();
      expect((await store.journal.commit(other)).ok).toBe(true);
      expect(await store.journal.owner('channel:C1')).toBe('other');
    });

    it('gives up every name but its channels when asked to', async () => {
      await store.journal.commit(commitOf(0, { claims: ['alert:a', 'group:g', 'channel:C1'] }));
      await store.journal.commit(commitOf(0, { stream: 'other', claims: ['alert:b'] }));
      await store.journal.commit(commitOf(1, { releaseAll: true }));
      expect(await store.journal.owner('alert:a')).toBeNull();
      expect(await store.journal.owner('group:g')).toBeNull();
      expect(await store.journal.owner('channel:C1')).toBe(STREAM);
      expect(await store.journal.owner('alert:b')).toBe('other');
    });

    it('does not release what belongs to another stream', async () => {
      await store.journal.commit(commitOf(0, { claims: ['channel:C1'] }));
      await store.journal.commit(
        commitOf(0, { stream: 'other', releases: ['channel:C1', 'never:claimed'] }),
      );
      expect(await store.journal.owner('channel:C1')).toBe(STREAM);
    });

    it('lets a stream take over names of another, which then gives up only what it still has', async () => {
      await store.journal.commit(commitOf(0, { claims: ['alert:a', 'alert:b'] }));
      await store.journal.commit(commitOf(0, { stream: 'third', claims: ['alert:c'] }));
      const taking = (claims: string[]): Commit =>
        commitOf(0, { stream: 'other', claims, takesFrom: STREAM });
      expect((await store.journal.commit(taking(['alert:a', 'alert:c']))).ok).toBe(false);
      expect((await store.journal.commit(taking(['alert:a', 'alert:new']))).ok).toBe(true);
      expect(await store.journal.owner('alert:a')).toBe('other');
      await store.journal.commit(commitOf(1, { releaseAll: true }));
      expect(await store.journal.owner('alert:a')).toBe('other');
      expect(await store.journal.owner('alert:b')).toBeNull();
    });

    it('lists open incidents in the order they were opened', async () => {
      const at = '2026-11-20T12:00:00.000Z';
      for (const stream of ['b', 'a', 'c']) {
        await store.journal.commit(commitOf(0, { stream, open: true, at }));
      }
      await store.journal.commit(commitOf(1, { stream: 'b', open: true }));
      expect(await store.journal.open()).toEqual(['b', 'a', 'c']);
      await store.journal.commit(commitOf(1, { stream: 'a', open: false }));
      await store.journal.commit(commitOf(1, { stream: 'c' }));
      expect(await store.journal.open()).toEqual(['b', 'c']);
    });

    it('counts incident numbers per day, none twice', async () => {
      const numbers = await Promise.all(
        Array.from({ length: 5 }, () => store.journal.nextNumber('20261120')),
      );
      expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
      expect(await store.journal.nextNumber('20261121')).toBe(1);
    });

    it('hands the jobs of a commit on once, each with a name of its own', async () => {
      const check = { kind: 'check-fix', stream: STREAM, fix: 'f1', delaySeconds: 900 } as const;
      await store.journal.commit(commitOf(0, { jobs: [check] }));
      await store.journal.commit(commitOf(1, { jobs: [check] }));
      await store.journal.commit(commitOf(0, { jobs: [{ ...check, fix: 'refused' }] }));
      const handed = await store.handOver();
      expect(handed.map(({ job }) => job)).toEqual([check, check]);
      expect(new Set(handed.map(({ key }) => key)).size).toBe(2);
      expect(await store.handOver()).toEqual([]);
    });

    it('puts chat rows into the outbox with the commit, and none of a refused one', async () => {
      const row = { lane: 'room:x', operation: { op: 'room.topic', topic: 't' } } as const;
      await store.journal.commit(commitOf(0, { chat: [row] }));
      await store.journal.commit(commitOf(0, { chat: [row] }));
      expect((await store.outbox.depth()).rows).toBe(1);
    });

    it('takes a commit of chat rows alone, with names that differ', async () => {
      const row = { lane: 'room:x', operation: { op: 'room.topic', topic: 't' } } as const;
      await store.journal.commit(commitOf(0));
      const result = await store.journal.commit(commitOf(1, { events: [], chat: [row] }));
      expect(result).toEqual({ ok: true, records: [] });
      await store.journal.commit(commitOf(1, { events: [], chat: [row] }));
      expect((await store.outbox.depth()).rows).toBe(2);
    });
  });
}
