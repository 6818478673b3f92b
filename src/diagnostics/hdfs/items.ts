import { CRITICAL_PERCENT, DEFAULT_LIMIT } from './params.ts';
import type { Directory, Reading } from './reading.ts';

/** How many entries are directly in a directory, as well as it is known. */
export interface Items {
  readonly atLeast: number;
  readonly atMost: number;
  /** How it is known. */
  readonly how: 'name-node' | 'flat' | 'read' | 'bounds';
}

/**
 * `-count` counts everything below, so it is the number of entries only of a directory without
 * directories, and an upper bound of all others. The NameNode itself knows the number, and WebHDFS tells it.
 */
export function itemsOf({ children, counts, sample }: Directory): Items | null {
  if (children !== null) return exactly(children, 'name-node');
  if (counts === null || counts.directories === 0) return null;
  if (counts.directories === 1) return exactly(counts.files, 'flat');
  if (sample?.whole === true) return exactly(sample.seen, 'read');
  return {
    atLeast: sample?.seen ?? 0,
    atMost: counts.directories + counts.files - 1,
    how: 'bounds',
  };
}

function exactly(items: number, how: Items['how']): Items {
  return { atLeast: items, atMost: items, how };
}

export interface Limit {
  readonly items: number;
  /** Whose word it is. */
  readonly from: 'name-node' | 'client' | 'default';
}

export function limitOf({ serverLimit, clientLimit }: Reading): Limit {
  if (serverLimit !== null) return { items: serverLimit, from: 'name-node' };
  const [own] = /^[0-9]{1,9}$/m.exec(clientLimit?.output ?? '') ?? [];
  return own === undefined
    ? { items: DEFAULT_LIMIT, from: 'default' }
    : { items: Number(own), from: 'client' };
}

export type Level = 'ok' | 'warning' | 'critical' | 'unknown';

/** `unknown`: at least too few, at most too many. */
export function levelOf(items: Items, limit: Limit, warnPercent: number): Level {
  const reaches = (count: number, percent: number): boolean => count * 100 >= limit.items * percent;
  if (reaches(items.atLeast, CRITICAL_PERCENT)) return 'critical';
  if (reaches(items.atLeast, warnPercent)) return 'warning';
  return reaches(items.atMost, warnPercent) ? 'unknown' : 'ok';
}
