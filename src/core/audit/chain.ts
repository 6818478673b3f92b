import type { EventRecord } from '../incident/event.ts';
import { canonicalJson } from '../plan.ts';

/** Stands before the first record of every stream. */
export const GENESIS = '0'.repeat(64);

export type Sha256 = (text: string) => string;

/** The text that a record's hash is taken over: every field but the hash itself. */
export function recordText(record: Omit<EventRecord, 'hash'>): string {
  const { seq, at, actor, event, previous } = record;
  return canonicalJson({ seq, at, actor, event, previous });
}

/**
 * Numbers and chains new events behind the record `(seq, hash)`. Values are first taken through JSON,
 * so that the hash holds for what will be read back (`undefined`, dates and the like do not survive it).
 */
export function chainRecords(
  head: { readonly seq: number; readonly hash: string },
  entries: readonly Pick<EventRecord, 'at' | 'actor' | 'event'>[],
  sha256: Sha256,
): EventRecord[] {
  let previous = head.hash;
  return entries.map((entry, index) => {
    const plain = JSON.parse(JSON.stringify(entry)) as typeof entry;
    const body = {
      seq: head.seq + index + 1,
      at: plain.at,
      actor: plain.actor,
      event: plain.event,
      previous,
    };
    previous = sha256(recordText(body));
    return { ...body, hash: previous };
  });
}

export type ChainVerdict =
  | { readonly ok: true; readonly head: string }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/**
 * Checks a whole stream from its first record. It proves that nothing was changed, left out or put in
 * between; a cut tail only shows when `head` is compared with an anchor kept elsewhere.
 */
export function verifyChain(records: readonly EventRecord[], sha256: Sha256): ChainVerdict {
  let head = GENESIS;
  for (const [index, record] of records.entries()) {
    const seq = index + 1;
    if (record.seq !== seq) {
      return { ok: false, seq, reason: `expected record ${seq}, found record ${record.seq}` };
    }
    if (record.previous !== head) {
      return { ok: false, seq, reason: 'does not follow the record before it' };
    }
    if (sha256(recordText(record)) !== record.hash) {
      return { ok: false, seq, reason: 'its content does not match its hash' };
    }
    head = record.hash;
  }
  return { ok: true, head };
}
