import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export function unreadable(what: string, context: Readonly<Record<string, unknown>> = {}): Error {
  return new HousecallError('OUTPUT_UNREADABLE', `ports probe: ${what}`, { context });
}

/** A non-negative integer, or the output is not what our script prints. */
export function integer(text: string | undefined, what: string): number {
  const value = text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw unreadable(`${what} is "${(text ?? '').slice(0, 80)}"`);
  return value;
}

export type Line = readonly [word: string, ...fields: string[]];

/** The lines of a section, split at blanks. */
export function linesOf(section: Section): readonly Line[] {
  return section.body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [word = '', ...fields] = line.split(' ');
      return [word, ...fields] as const;
    });
}

export function unknownLine(section: string, line: Line): Error {
  return unreadable(`unknown line in section "${section}": "${line.join(' ').slice(0, 120)}"`);
}
