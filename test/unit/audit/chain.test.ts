import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainRecords, GENESIS, recordText, verifyChain } from '../../../src/core/audit/chain.ts';
import type { EventRecord } from '../../../src/core/incident/event.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import { sha256 } from '../../support/sha256.ts';

function chainOf(texts: readonly string[]): EventRecord[] {
  const entries = texts.map((reason) => ({
    at: '2026-11-20T12:00:00.000Z',
    actor: HOUSECALL,
    event: { type: 'incident.mitigated', reason } as const,
  }));
  return chainRecords({ seq: 0, hash: GENESIS }, entries, sha256);
}

/** A record changed by somebody who also recomputes its hash. */
function rehashed(record: EventRecord): EventRecord {
  return { ...record, hash: sha256(recordText(record)) };
}

describe('audit chain', () => {
  it('holds for any events, before and after they were stored as JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const records = chainOf(texts);
        const head = records.at(-1)?.hash ?? GENESIS;
        expect(verifyChain(records, sha256)).toEqual({ ok: true, head });
        const stored = JSON.parse(JSON.stringify(records)) as EventRecord[];
        expect(verifyChain(stored, sha256)).toEqual({ ok: true, head });
      }),
    );
  });

  it('goes on from the record before, also across commits', () => {
    const all = chainOf(['a', 'b', 'c']);
    const first = all.slice(0, 1);
    const rest = all.slice(1).map(({ at, actor, event }) => ({ at, actor, event }));
    const head = { seq: 1, hash: first[0]?.hash ?? '' };
    expect([...first, ...chainRecords(head, rest, sha256)]).toEqual(all);
  });

  it('names the first record whose content was changed', () => {
    const records = chainOf(['a', 'b', 'c']);
    const changed = { type: 'incident.mitigated', reason: 'nothing happened' } as const;
    const forged = records.map((r) => (r.seq === 2 ? { ...r, event: changed } : r));
    expect(verifyChain(forged, sha256)).toMatchObject({ ok: false, seq: 2 });
  });

  it('names the record after one whose content and hash were changed', () => {
    const records = chainOf(['a', 'b', 'c']);
    const changed = { kind: 'person', team: 'T1', user: 'U1' } as const;
    const forged = records.map((r) => (r.seq === 2 ? rehashed({ ...r, actor: changed }) : r));
    expect(verifyChain(forged, sha256)).toMatchObject({ ok: false, seq: 3 });
  });

  it('notices a missing, an added and an exchanged record', () => {
    const [a, b, c] = chainOf(['a', 'b', 'c']);
    if (!a || !b || !c) throw new Error('three records expected');
    expect(verifyChain([a, c], sha256)).toMatchObject({ ok: false, seq: 2 });
    expect(verifyChain([b, c], sha256)).toMatchObject({ ok: false, seq: 1 });
    expect(verifyChain([a, b, b, c], sha256)).toMatchObject({ ok: false, seq: 3 });
    expect(verifyChain([a, c, b], sha256)).toMatchObject({ ok: false, seq: 2 });
    const renumbered = rehashed({ ...c, seq: 2 });
    expect(verifyChain([a, renumbered], sha256)).toMatchObject({ ok: false, seq: 2 });
  });

  it('shows a cut tail by its head alone, which must be compared with an anchor', () => {
    const records = chainOf(['a', 'b', 'c']);
    const cut = verifyChain(records.slice(0, 2), sha256);
    expect(cut).toEqual({ ok: true, head: records[1]?.hash });
    expect(cut).not.toEqual(verifyChain(records, sha256));
  });
});
