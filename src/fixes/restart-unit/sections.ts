import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export const WHAT = 'fix restart-unit';

/** The section of this name, whole and trimmed. */
export type Get = (name: string) => Section;

export function keyValues(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    body
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

export function integer(text: string, what: string): number {
  if (!/^\d{1,20}$/.test(text)) throw unreadable(`${what} "${text}"`);
  return Number(text);
}

export function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
