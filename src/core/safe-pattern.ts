/** Longer ones are refused: nobody can read them, and they cost. */
const MAX_PATTERN = 200;

export interface PatternLimits {
  /** `*`, `+` and `{n,}` go at most this far. */
  readonly unbounded: number;
  /** Product of the freedom of all repetitions and choices: bounds the steps per starting point. */
  readonly maxWays: number;
}

/** Source to compile, with its repetitions bounded; or why the pattern may not be used. */
export type PatternVerdict =
  | { readonly ok: true; readonly source: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Makes a regular expression from the configuration safe to use on text of strangers. V8 backtracks,
 * so `(a+)+$` would stop the process for hours. Refused: back-references, look-around, a repetition of
 * a group that itself repeats or chooses, and more freedom than `maxWays`.
 */
export function boundPattern(source: string, limits: PatternLimits): PatternVerdict {
  if (source === '') return refuse('it is empty');
  if (source.length > MAX_PATTERN) return refuse(`it is longer than ${MAX_PATTERN} characters`);
  if (!compiles(source)) return refuse('it is not a regular expression');
  if (/\\[1-9]|\\k/.test(source)) return refuse('it has a back-reference');
  if (/\(\?<?[=!]/.test(source)) return refuse('it looks around with (?= (?! (?<= or (?<!');
  const tokens =
    source.match(
      /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?::|<\w+>)|(?:[*+?]|\{\d+(?:,\d*)?\})\??|[\s\S]/g,
    ) ?? [];
  const { ways, nested } = freedom(tokens, limits.unbounded);
  if (nested) return refuse('it repeats a group that itself repeats or chooses');
  if (ways > limits.maxWays) return refuse('it repeats too freely; give bounds such as {8,40}');
  return { ok: true, source: tokens.map((token) => bounded(token, limits.unbounded)).join('') };
}

function refuse(problem: string): PatternVerdict {
  return { ok: false, problem };
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false;
  }
}

interface Group {
  /** It can match in more than one way. */
  free: boolean;
  branches: number;
}

function freedom(
  tokens: readonly string[],
  unbounded: number,
): { readonly ways: number; readonly nested: boolean } {
  const stack: Group[] = [{ free: false, branches: 1 }];
  let closed: Group | null = null;
  let ways = 1;
  let nested = false;
  for (const token of tokens) {
    const group = stack.at(-1) ?? { free: false, branches: 1 };
    const times = repetition(token);
    if (times !== null) {
      const most = times.most ?? unbounded;
      if (closed?.free === true && most > 1) nested = true;
      ways *= Math.max(1, most - times.least + 1);
      if (most > times.least) group.free = true;
    }
    if (token === '|') {
      group.branches++;
      group.free = true;
    }
    if (token === ')' && stack.length > 1) {
      closed = group;
      stack.pop();
      ways *= group.branches;
      const outer = stack.at(-1);
      if (outer !== undefined && group.free) outer.free = true;
    } else closed = null;
    if (token.startsWith('(')) stack.push({ free: false, branches: 1 });
  }
  return { ways, nested };
}

/** How often the thing before comes; null: not a repetition. `most` null: without end. */
function repetition(token: string): { least: number; most: number | null } | null {
  if (token.startsWith('*')) return { least: 0, most: null };
  if (token.startsWith('+')) return { least: 1, most: null };
  if (token.startsWith('?')) return { least: 0, most: 1 };
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? [];
  if (least === undefined) return null;
  if (comma === '') return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === '' ? null : Number(most) };
}

function bounded(token: string, unbounded: number): string {
  const times = repetition(token);
  if (times === null || times.most !== null) return token;
  const lazy = token.endsWith('?') ? '?' : '';
  return `{${times.least},${times.least + unbounded}}${lazy}`;
}
