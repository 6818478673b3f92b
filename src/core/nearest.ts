/** Longer words are not compared: nobody mistypes them by one letter, and the cost is quadratic. */
const LONGEST_WORD = 64;

/**
 * Edits between two words: insert, delete, replace, or swap two neighbours (optimal string
 * alignment, the restricted Damerau-Levenshtein distance).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/**
 * The names that were probably meant, best first: few edits away (one in three letters), or one
 * begins with the other. Case does not count.
 */
export function nearest(word: string, names: Iterable<string>, limit = 3): readonly string[] {
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > LONGEST_WORD) return [];
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase();
    if (candidate.length > LONGEST_WORD) continue;
    const longer = wanted.length >= 3 && candidate.startsWith(wanted);
    const shorter = candidate.length >= 3 && wanted.startsWith(candidate);
    if (longer || shorter) {
      scored.push({ name, score: 0.5 + Math.abs(candidate.length - wanted.length) / 10 });
    } else if (Math.abs(candidate.length - wanted.length) <= allowed) {
      const distance = editDistance(wanted, candidate);
      if (distance <= allowed) scored.push({ name, score: distance });
    }
  }
  return scored
    .toSorted((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** `; did you mean "host-17"?` or nothing: the end of an error message. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const found = nearest(word, names);
  return found.length === 0
    ? ''
    : `; did you mean ${found.map((name) => `"${name}"`).join(' or ')}?`;
}
