import { HousecallError } from '../errors.ts';

/** One node set may not stand for more names than this. */
export const MAX_NAMES = 10_000;

/** Digits beyond this do not fit a JavaScript integer. */
const MAX_DIGITS = 15;

interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** Width that numbers are filled up to with zeros; 0: as they are. */
  readonly width: number;
}

type Part = string | readonly Range[];

/**
 * The names that a node set stands for, in order: `web-[1-3,7]`, `web-[01-10]` (zero-padded),
 * `n[0-8/2]` (step), `rack[1-2]-node[1-4]`. Syntax of ClusterShell's NodeSet.
 * @throws HousecallError USAGE when it is malformed or stands for more than `MAX_NAMES` names.
 */
export function expandNodeSet(text: string): readonly string[] {
  const parts = parseParts(text);
  const total = parts.reduce((count, part) => count * sizeOf(part), 1);
  if (total > MAX_NAMES) {
    throw malformed(text, `it stands for ${total} names, ${MAX_NAMES} are allowed`);
  }
  return parts.reduce<readonly string[]>(
    (names, part) => {
      const choices = typeof part === 'string' ? [part] : part.flatMap(numbersOf);
      return names.flatMap((name) => choices.map((choice) => name + choice));
    },
    [''],
  );
}

function sizeOf(part: Part): number {
  if (typeof part === 'string') return 1;
  return part.reduce((n, { first, last, step }) => n + Math.floor((last - first) / step) + 1, 0);
}

function numbersOf({ first, last, step, width }: Range): readonly string[] {
  const length = Math.floor((last - first) / step) + 1;
  return Array.from({ length }, (_, i) => String(first + i * step).padStart(width, '0'));
}

function parseParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let rest = text;
  while (rest !== '') {
    const open = rest.indexOf('[');
    const literal = open === -1 ? rest : rest.slice(0, open);
    if (literal.includes(']')) throw malformed(text, 'a "]" without its "["');
    if (literal !== '') parts.push(literal);
    if (open === -1) break;
    const close = rest.indexOf(']', open);
    if (close === -1) throw malformed(text, 'a "[" without its "]"');
    parts.push(
      rest
        .slice(open + 1, close)
        .split(',')
        .map((range) => parseRange(range, text)),
    );
    rest = rest.slice(close + 1);
  }
  return parts;
}

function parseRange(range: string, whole: string): Range {
  const match = /^(\d+)(?:-(\d+)(?:\/(\d+))?)?$/.exec(range);
  const from = match?.[1];
  if (match === null || from === undefined) {
    throw malformed(whole, `"${range}" is not a number or a range such as 1-12`);
  }
  const to = match[2] ?? from;
  const step = Number(match[3] ?? '1');
  if (from.length > MAX_DIGITS || to.length > MAX_DIGITS) {
    throw malformed(whole, `"${range}" has more than ${MAX_DIGITS} digits`);
  }
  const [first, last] = [Number(from), Number(to)];
  if (first > last) throw malformed(whole, `"${range}" runs backwards`);
  if (step < 1 || step > MAX_NAMES) throw malformed(whole, `"${range}" has an impossible step`);
  return { first, last, step, width: isPadded(from) ? from.length : 0 };
}

export function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0');
}

function malformed(text: string, reason: string): HousecallError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new HousecallError('USAGE', `node set "${shown}": ${reason}`, {
    context: { nodeSet: shown, reason },
  });
}
