import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export function unreadable(what: string, context: Readonly<Record<string, unknown>> = {}): Error {
  return new HousecallError('OUTPUT_UNREADABLE', `vitals probe: ${what}`, { context });
}

/** A non-negative number, or the output is not what our script prints. Limits of "none" are beyond 2^53. */
export function number(text: string | undefined, what: string): number {
  if (text === undefined || !/^[0-9]{1,20}(\.[0-9]{1,9})?$/.test(text)) {
    throw unreadable(`${what} is "${(text ?? '').slice(0, 80)}"`);
  }
  return Number(text);
}

/** The same, with `-` and `?` for "not known". */
export function maybe(text: string | undefined, what: string): number | null {
  return text === '-' || text === '?' ? null : number(text, what);
}

/** A line: its first word, then its fields; `rest(n)` is what follows the first n fields, blanks kept. */
export interface Line {
  readonly word: string;
  readonly fields: readonly string[];
  rest(from: number): string;
}

export function linesOf(section: Section | undefined): readonly Line[] {
  return (section?.body ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [word = '', ...fields] = line.split(/[ \t]+/);
      return { word, fields, rest: (from) => after(line, from + 1) };
    });
}

function after(line: string, words: number): string {
  let at = 0;
  for (let i = 0; i < words; i++) {
    const next = line.indexOf(' ', at);
    if (next < 0) return '';
    at = next + 1;
  }
  return line.slice(at);
}

export function unknownLine(section: string, line: Line): Error {
  return unreadable(
    `unknown line in section "${section}": "${`${line.word} ${line.fields.join(' ')}`.slice(0, 120)}"`,
  );
}
