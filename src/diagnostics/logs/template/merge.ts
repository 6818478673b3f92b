/** Lines of one kind. */
export interface Pattern {
  readonly template: string;
  readonly bytes: number;
  readonly lines: number;
  readonly example: string;
  /** How many patterns that differ in a word were put together. */
  readonly variants: number;
}

/** A word is variable from this many values on. */
const VALUES = 8;

/** A pattern that makes this share by itself is one of its own. */
const OWN_SHARE = 0.1;

const ANY = '<*>';
const ROUNDS = 3;

/**
 * Puts patterns together that differ in one word only, when that word has many values: the name of a user,
 * say. In a pattern at most one word in five may be variable, or everything would become one.
 * No byte and no line is lost. Most bytes first.
 */
export function mergeVariants(patterns: readonly Pattern[]): readonly Pattern[] {
  const total = patterns.reduce((sum, one) => sum + one.bytes, 0);
  let current = patterns.toSorted(byBytes);
  for (let round = 0; round < ROUNDS; round++) {
    const next = mergeOnce(current, total * OWN_SHARE);
    if (next.length === current.length) break;
    current = next;
  }
  return current;
}

function mergeOnce(patterns: readonly Pattern[], own: number): Pattern[] {
  const groups = new Map<string, Pattern[]>();
  for (const pattern of patterns) {
    if (pattern.bytes >= own) continue;
    for (const masked of masksOf(pattern.template)) {
      const group = groups.get(masked);
      if (group === undefined) groups.set(masked, [pattern]);
      else group.push(pattern);
    }
  }
  const large = [...groups]
    .filter(([, group]) => group.length >= VALUES)
    .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  const taken = new Set<Pattern>();
  const merged: Pattern[] = [];
  for (const [template, group] of large) {
    const free = group.filter((one) => !taken.has(one));
    if (free.length < VALUES) continue;
    for (const one of free) taken.add(one);
    merged.push(joined(template, free));
  }
  return together([...patterns.filter((one) => !taken.has(one)), ...merged]).toSorted(byBytes);
}

/** The template with each of its words masked in turn. */
function masksOf(template: string): string[] {
  const words = template.split(/([ ,]+)/);
  const constant = words.filter(
    (word, i) => i % 2 === 0 && /\p{L}/u.test(word) && !/^\W*<\w+>\W*$/.test(word),
  );
  const variable = words.filter((word) => word === ANY).length;
  const most = Math.max(1, Math.floor((constant.length + variable) / 5));
  if (variable >= most || constant.length < 3) return [];
  return words.flatMap((word, i) =>
    i % 2 === 0 && constant.includes(word)
      ? [[...words.slice(0, i), ANY, ...words.slice(i + 1)].join('')]
      : [],
  );
}

function joined(template: string, group: readonly Pattern[]): Pattern {
  const sum = (of: (one: Pattern) => number): number =>
    group.reduce((all, one) => all + of(one), 0);
  return {
    template,
    bytes: sum((one) => one.bytes),
    lines: sum((one) => one.lines),
    example: group.toSorted(byBytes)[0]?.example ?? '',
    variants: sum((one) => one.variants),
  };
}

/** Two merges may end in the same template. */
function together(patterns: readonly Pattern[]): Pattern[] {
  const groups = new Map<string, Pattern[]>();
  for (const one of patterns) groups.set(one.template, [...(groups.get(one.template) ?? []), one]);
  return [...groups].map(([template, group]) => joined(template, group));
}

function byBytes(a: Pattern, b: Pattern): number {
  return b.bytes - a.bytes || (a.template < b.template ? -1 : a.template > b.template ? 1 : 0);
}
