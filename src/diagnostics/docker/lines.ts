import { HousecallError } from '../../core/errors.ts';
import type { Section } from '../../core/sections.ts';

export function unreadable(what: string, context: Readonly<Record<string, unknown>> = {}): Error {
  return new HousecallError('OUTPUT_UNREADABLE', `docker probe: ${what}`, { context });
}

/** A non-negative integer, or the output is not what our script prints. */
export function integer(text: string | undefined, what: string): number {
  if (text === undefined || !/^[0-9]{1,18}$/.test(text)) {
    throw unreadable(`${what} is "${(text ?? '').slice(0, 80)}"`);
  }
  return Number(text);
}

/** The lines of a section, each as its first word and the rest of it. */
export function linesOf(section: Section): readonly (readonly [word: string, rest: string])[] {
  return section.body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(' ');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });
}

/** What follows each line that begins with this word. */
export function restsOf(section: Section, word: string): readonly string[] {
  return linesOf(section)
    .filter(([first]) => first === word)
    .map(([, rest]) => rest);
}

/**
 * What the probe escaped (`\ooo` for every byte but printable ASCII, and for the backslash) as people read it:
 * UTF-8 decoded; control characters and backticks, which quote names, as escapes.
 */
export function plain(escaped: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at += 1) {
    const octal = /^\\([0-3][0-7]{2})/.exec(escaped.slice(at, at + 4))?.[1];
    bytes.push(octal === undefined ? escaped.charCodeAt(at) & 0xff : Number.parseInt(octal, 8));
    if (octal !== undefined) at += 3;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  return text.replace(/[\p{C}\p{Zl}\p{Zp}`]/gu, (character) =>
    character === '\t'
      ? ' '
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}}`,
  );
}
