import { compareStatus, type Finding, type FixOffer } from '../../../core/finding.ts';

/** Lines and entries about what is folded. */
export const MOST_FOLDED = 20;
const MOST_FIXES = 3;

export interface Folded<One> {
  readonly shown: readonly One[];
  readonly rest: readonly One[];
}

/**
 * At most `most - 1` to be told one by one, and the rest, which is told in one: of the worst ones first the worst of
 * each place, so that one place with many does not hide the others. `worstFirst` keeps its order.
 */
export function fold<One extends { readonly finding: Finding }>(
  worstFirst: readonly One[],
  placeOf: (one: One) => string,
  most: number,
): Folded<One> {
  if (worstFirst.length <= most) return { shown: worstFirst, rest: [] };
  const first = new Map<string, One>();
  for (const one of worstFirst) {
    if (!first.has(placeOf(one))) first.set(placeOf(one), one);
  }
  const isLater = (one: One): number => Number(first.get(placeOf(one)) !== one);
  const picked = new Set(
    worstFirst
      .toSorted(
        (a, b) => compareStatus(a.finding.status, b.finding.status) || isLater(a) - isLater(b),
      )
      .slice(0, most - 1),
  );
  return {
    shown: worstFirst.filter((one) => picked.has(one)),
    rest: worstFirst.filter((one) => !picked.has(one)),
  };
}

/** What the folded ones offer, each once, the worst ones' first. */
export function foldedFixes(rest: readonly Finding[]): readonly FixOffer[] {
  const offers = new Map(
    rest.flatMap(({ fixes }) => fixes).map((one) => [JSON.stringify(one), one]),
  );
  return [...offers.values()].slice(0, MOST_FIXES);
}

/** A line each, and how many are left. */
export function foldedLines<One>(
  rest: readonly One[],
  line: (one: One) => string,
): readonly string[] {
  const more = rest.length - MOST_FOLDED;
  return [
    ...rest.slice(0, MOST_FOLDED).map(line),
    ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more.`] : []),
  ];
}
