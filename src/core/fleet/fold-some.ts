import { foldNames } from './fold-names.ts';

/** Folding thousands of names for a line that shows forty takes longer than anything else in a panel. */
const FOLDED = 150;

/** Names folded, and cut where the line ends: for people, not to be read back. */
export function foldSome(names: readonly string[], characters: number): string {
  const folded = foldNames(names.slice(0, FOLDED));
  const whole = names.length <= FOLDED && folded.length <= characters;
  return whole ? folded : `${folded.slice(0, characters - 1)}…`;
}
