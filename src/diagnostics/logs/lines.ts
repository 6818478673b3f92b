import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export function unreadable(what: string, context: Readonly<Record<string, unknown>> = {}): Error {
  return new HousecallError('OUTPUT_UNREADABLE', `logs probe: ${what}`, { context });
}

/** A non-negative integer, or the output is not what our script prints. */
export function integer(text: string | undefined, what: string): number {
  const value = text !== undefined && /^[0-9]{1,18}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw unreadable(`${what} is "${(text ?? '').slice(0, 80)}"`);
  return value;
}

export type Line = readonly [word: string, ...fields: string[]];

/** The lines of a section, split at blanks into at most `limit` fields: the last may hold blanks. */
export function linesOf(section: Section, limits: Readonly<Record<string, number>>): Line[] {
  return section.body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const word = line.split(' ', 1)[0] ?? '';
      return split(line, limits[word] ?? Number.POSITIVE_INFINITY);
    });
}

function split(line: string, limit: number): Line {
  const fields: string[] = [];
  let rest = line;
  while (fields.length < limit - 1) {
    const at = rest.indexOf(' ');
    if (at < 0) break;
    fields.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  const [word, ...more] = [...fields, rest];
  return [word, ...more];
}

export function unknownLine(section: string, line: Line): Error {
  return unreadable(`unknown line in section "${section}": "${line.join(' ').slice(0, 120)}"`);
}
