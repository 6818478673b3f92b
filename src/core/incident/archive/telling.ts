import type { CaseState } from '../case.ts';
import type { NameOf } from './event-words.ts';

/** What every section needs: the case, and how to say a name or a text safely. */
export interface Telling {
  readonly state: CaseState;
  readonly nameOf: NameOf;
  readonly redact: (text: string) => string;
  /** Untrusted text on one line, redacted and escaped. */
  readonly line: (text: string) => string;
}

/** `2026-11-20 12:00:00`; what is no time is not shown. */
export function time(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) ? iso.slice(0, 19).replace('T', ' ') : '?';
}

/** So much of a message shows what it is about; it stands whole among the messages. */
const BRIEF = 500;

/** For a line of the timeline. */
export function brief(text: string): string {
  const letters = Array.from(text.slice(0, 2 * BRIEF + 2));
  return letters.length <= BRIEF ? text : `${letters.slice(0, BRIEF).join('')}…`;
}
