import { isPadded } from './node-set.ts';

/** Fifteen digits at most, so that each fits a JavaScript integer; a longer run is two numbers. */
const NUMBER = /\d{1,15}/g;

/** Texts and, between them, sets of numbers written as their digits. */
interface Folded {
  readonly texts: readonly string[];
  readonly numbers: readonly (readonly string[])[];
}

/**
 * The shortest way to write these names that `expandNodeSet` reads back, groups in order of first
 * appearance: `web-[1-12,15-40],db-1`. Numbers fold in every position: `rack[1-2]-node[1-4]`.
 */
export function foldNames(names: readonly string[]): string {
  const shapes = new Map<string, Folded[]>();
  for (const name of new Set(names)) {
    const texts = name.split(NUMBER);
    const numbers = (name.match(NUMBER) ?? []).map((digits) => [digits]);
    const shape = texts.join('\u0000');
    const alike = shapes.get(shape);
    if (alike === undefined) shapes.set(shape, [{ texts, numbers }]);
    else alike.push({ texts, numbers });
  }
  return [...shapes.values()].flatMap((items) => foldShape(items).map(write)).join(',');
}

/** Last position first: that is the one which counts in most naming schemes. */
function foldShape(items: readonly Folded[]): readonly Folded[] {
  const positions = items[0]?.numbers.length ?? 0;
  let folded = items;
  for (let position = positions - 1; position >= 0; position--) {
    folded = mergeAt(position, folded);
  }
  return folded;
}

/** Unites the items that agree everywhere else; exact, because the rest is equal. */
function mergeAt(position: number, items: readonly Folded[]): readonly Folded[] {
  const groups = new Map<string, { texts: readonly string[]; rows: Folded['numbers'][] }>();
  for (const { texts, numbers } of items) {
    const key = numbers.map((set, i) => (i === position ? '' : set.join(','))).join(';');
    const group = groups.get(key) ?? { texts, rows: [] };
    group.rows.push(numbers);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ texts, rows }) => {
    const united = sortDigits(rows.flatMap((row) => row[position] ?? []));
    const first = rows[0] ?? [];
    return { texts, numbers: first.map((set, i) => (i === position ? united : set)) };
  });
}

function sortDigits(digits: readonly string[]): readonly string[] {
  return digits.toSorted(
    (a, b) => Number(a) - Number(b) || a.length - b.length || (a < b ? -1 : 1),
  );
}

function write({ texts, numbers }: Folded): string {
  return texts
    .map((text, i) => text + (i < numbers.length ? writeSet(numbers[i] ?? []) : ''))
    .join('');
}

function writeSet(digits: readonly string[]): string {
  if (digits.length === 1) return digits[0] ?? '';
  // A number belongs to a padded series when another of its width has a leading zero.
  const paddedWidths = new Set(digits.filter(isPadded).map((number) => number.length));
  const series = new Map<number, string[]>();
  for (const number of digits) {
    const width = paddedWidths.has(number.length) ? number.length : 0;
    const alike = series.get(width);
    if (alike === undefined) series.set(width, [number]);
    else alike.push(number);
  }
  return `[${[...series.values()].flatMap(runs).join(',')}]`;
}

function runs(digits: readonly string[]): readonly string[] {
  const found: [first: string, last: string][] = [];
  for (const number of digits) {
    const run = found.at(-1);
    if (run !== undefined && Number(run[1]) + 1 === Number(number)) run[1] = number;
    else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? first : `${first}-${last}`));
}
