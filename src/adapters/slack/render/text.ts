import type { PlainTextElement } from '@slack/types';
import { sanitiseLine } from '../../../core/sanitise.ts';

/** Cut to `max` with an ellipsis, never through a surrogate pair. */
export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, wholeEnd(text, max - 1))}…`;
}

/** Plain text of one line. Slack parses nothing in it but, with `emoji`, `:names:`. */
export function plainText(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: clip(sanitiseLine(text), max) || '–', emoji: false };
}

/** The three characters that start markup in Slack's `text`: docs.slack.dev, Formatting, Escaping. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped and short enough: what is cut is cut before escaping, so that no entity is torn. */
export function markupLine(text: string, max: number): string {
  const line = sanitiseLine(text);
  let length = Math.min(line.length, max);
  for (;;) {
    const escaped = escapeMarkup(clip(line, length));
    if (escaped.length <= max || length <= 1) return escaped;
    length -= Math.max(1, Math.ceil((escaped.length - max) / 5));
  }
}

/** In pieces of at most `max`, at line ends where possible; nothing is lost but the newline at a cut. */
export function splitText(text: string, max: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const newline = rest.lastIndexOf('\n', max);
    const end = newline > 0 ? newline : wholeEnd(rest, max);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(newline > 0 ? end + 1 : end);
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function wholeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? Math.max(1, end - 1) : end;
}
