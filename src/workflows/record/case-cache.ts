import { type CaseState, emptyCase, reduceCase } from '../../core/incident/case.ts';
import type { EventRecord } from '../../core/incident/event.ts';
import type { Journal } from '../../ports/journal.ts';

/** Cases kept folded, per journal: a case is read many times while it is open, and its reports are large. */
const KEPT = 1_000;

const caches = new WeakMap<Journal, Map<string, CaseState>>();

/**
 * The case as it stands. Records never change once they are written, so only the news is read; a case
 * that was swept away or begun anew under the same name is read whole (`whole`).
 */
export async function readCase(
  journal: Journal,
  stream: string,
  { whole = false }: { readonly whole?: boolean } = {},
): Promise<CaseState> {
  const before = whole ? emptyCase(stream) : (cacheOf(journal).get(stream) ?? emptyCase(stream));
  const news = await journal.read(stream, before.seq);
  const [next] = news;
  // Does not go on from what is known: the case was begun anew under the same name.
  if (next !== undefined && next.previous !== before.head) {
    return remember(journal, emptyCase(stream), await journal.read(stream));
  }
  return remember(journal, before, news);
}

/** The case after more records of it. */
export function remember(
  journal: Journal,
  before: CaseState,
  news: readonly EventRecord[],
): CaseState {
  const state = news.reduce(reduceCase, before);
  const cache = cacheOf(journal);
  cache.delete(state.stream);
  if (state.seq === 0 || state.incident?.state === 'closed') return state;
  cache.set(state.stream, state);
  const [oldest] = cache.keys();
  if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest);
  return state;
}

function cacheOf(journal: Journal): Map<string, CaseState> {
  const cache = caches.get(journal) ?? new Map<string, CaseState>();
  caches.set(journal, cache);
  return cache;
}
