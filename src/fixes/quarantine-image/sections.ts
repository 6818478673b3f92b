import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export const WHAT = 'fix quarantine-image';

/** The section of this name, whole and trimmed. */
export type Get = (name: string) => Section;

export function lines({ body }: Section): readonly string[] {
  return body.split('\n').filter((line) => line !== '');
}

export function integer(text: string, what: string): number {
  if (!/^\d{1,20}$/.test(text)) throw unreadable(`${what} "${text}"`);
  return Number(text);
}

export function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
