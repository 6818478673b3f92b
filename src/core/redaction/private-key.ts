/** What a key becomes; `marker('private-key')`. */
const MARKER = '[redacted:private-key]';
const NAME = '[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';
const BEGIN = new RegExp(`-----BEGIN ${NAME}`, 'g');
const END = new RegExp(`-----END ${NAME}`, 'g');
const EITHER = new RegExp(`-----(?:BEGIN|END) ${NAME}`, 'g');
/** What stands between both ends of a key in one piece. */
const PLAIN = /^[A-Za-z0-9+/=\s\\,:|-]*$/;
/** The beginning, and what goes on with it on its line: blanks are what a shell makes of line breaks. */
const BEGIN_OF_LINE = new RegExp(String.raw`-----BEGIN ${NAME}[A-Za-z0-9+/=\\,: \t|-]*`, 'g');
/** Base64, as JSON may escape it, with line breaks as JSON has them between. One character decides: linear. */
const BODY = String.raw`(?:[A-Za-z0-9+/=]|\\{1,7}(?:/|u00[0-9a-fA-F]{2}|[nr](?=[A-Za-z0-9+/=-])))+`;
const BODY_HERE = new RegExp(BODY, 'y');
const BODIES = new RegExp(BODY, 'g');
/** Where the text of a wrapper ends: its quote, an escaped line break, the end of the key or of the line. */
const CLOSED = /^(?:\s*$|-----END |[\\"'`,;<|\u2026])/;
/** The name of a field before its value: `"MESSAGE":"`, `msg=`. */
const FIELD = /[A-Za-z_.@-]{2,40}(?:\\{0,7}["'])?[ \t]?[:=][ \t]?(?:\\{0,7}["'])?$/;
/** From here on base64 with letters of both kinds is a line of a key: a word, a hash or a number is not. */
const LONG = 32;
/** A key of 16,384 bits has 200 lines; others may write in between. */
const MOST_LINES = 500;
/** Lines of others in a row after which a key without an end is over. */
const MOST_BETWEEN = 8;

/**
 * Text without private keys (PEM and its like): in one piece, cut off at either end, or line by line within what wrote
 * them, as docker's JSON log or syslog do. Linear: every line is looked at a few times at most.
 */
export function redactPrivateKeys(text: string): string {
  if (!text.includes('PRIVATE KEY-----') && !text.includes('PRIVATE KEY BLOCK-----')) return text;
  const lines = withoutPlain(text).split('\n');
  let done = -1;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const begin = lastOf(BEGIN, line);
    const end = lastOf(END, line);
    if (begin > end) {
      lines[at] = withoutLong(line.replace(BEGIN_OF_LINE, MARKER));
      at = forward(lines, at, line.slice(0, begin));
      done = at;
    } else if (end >= 0) {
      backward(lines, at, done);
      done = at;
    }
  }
  return lines.join('\n').replace(EITHER, MARKER);
}

/** Keys in one piece: a beginning, nothing but what keys are made of, and the next end. */
function withoutPlain(text: string): string {
  let output = '';
  let from = 0;
  let begin = -1;
  for (const { 0: words, index } of text.matchAll(EITHER)) {
    if (words.startsWith('-----BEGIN')) begin = index;
    else if (begin >= from && PLAIN.test(text.slice(begin, index))) {
      output += text.slice(from, begin) + MARKER;
      from = index + words.length;
      begin = -1;
    } else begin = -1;
  }
  return output + text.slice(from);
}

function lastOf(pattern: RegExp, line: string): number {
  return line.includes('PRIVATE KEY') ? ([...line.matchAll(pattern)].at(-1)?.index ?? -1) : -1;
}

/** Takes a key out of the lines after `at`, where it begins; returns the last line that belongs to it. */
function forward(lines: string[], at: number, prefix: string): number {
  const { last, ends } = extent(lines, at);
  let previous = at;
  for (let i = at + 1; i <= last; i++) {
    if (!ends && i - previous > MOST_BETWEEN) return previous;
    const line = lines[i] ?? '';
    const clean = withoutBody(line, prefix, ends || i - previous === 1);
    if (clean !== line) previous = i;
    lines[i] = clean;
  }
  // Without an end the lines behind it are nobody's: a key that was cut off in front may end there.
  return ends ? last : previous;
}

/** Up to the end of the key; else to the line before the next one, or as far as one looks. */
function extent(lines: readonly string[], at: number): { last: number; ends: boolean } {
  const most = Math.min(lines.length - 1, at + MOST_LINES);
  for (let line = at + 1; line <= most; line++) {
    const text = lines[line] ?? '';
    if (!text.includes('PRIVATE KEY')) continue;
    const begin = text.search(BEGIN);
    const end = text.search(END);
    if (end >= 0 && (begin < 0 || end < begin))
      return { last: begin < 0 ? line : line - 1, ends: true };
    if (begin >= 0) return { last: line - 1, ends: false };
  }
  return { last: most, ends: false };
}

/** The end of a key whose beginning was cut off: its own line, and those before down to what was looked at. */
function backward(lines: string[], at: number, done: number): void {
  const line = lines[at] ?? '';
  const end = line.search(END);
  // On one line with its end, however short.
  lines[at] = line.replace(BODIES, (body: string, index: number) =>
    index + body.length === end || isLong(body) ? MARKER : body,
  );
  let previous = at;
  for (let i = at - 1; i > Math.max(done, at - MOST_LINES); i--) {
    if (previous - i > MOST_BETWEEN) return;
    const text = lines[i] ?? '';
    const clean = withoutBody(text, line.slice(0, end), previous - i === 1);
    if (clean !== text) previous = i;
    lines[i] = clean;
  }
}

/** A line without what is of a key: where that is sure, all that stands in the same wrapper; and long base64. */
function withoutBody(line: string, prefix: string, sure: boolean): string {
  const from = sure ? afterWrapper(line, prefix) : -1;
  if (from < 0) return withoutLong(line);
  BODY_HERE.lastIndex = from;
  const body = BODY_HERE.exec(line)?.[0] ?? '';
  const rest = line.slice(from + body.length);
  if (body === '' || !CLOSED.test(rest)) return withoutLong(line);
  return line.slice(0, from) + MARKER + withoutLong(rest);
}

function withoutLong(text: string): string {
  return text.replace(BODIES, (body) => (isLong(body) ? MARKER : body));
}

function isLong(body: string): boolean {
  return body.length >= LONG && /[A-Z]/.test(body) && /[a-z]/.test(body);
}

/** Where the text of a line begins that is wrapped as another: behind the same prefix, or the same name of a field. */
function afterWrapper(line: string, prefix: string): number {
  const same = afterPrefix(line, prefix);
  const [field] = FIELD.exec(prefix.slice(-80)) ?? [];
  if (same >= 0 || field === undefined) return same;
  const at = line.indexOf(field);
  return at < 0 ? -1 : at + field.length;
}

/** Behind the same prefix, numbers and times apart; -1: the line begins otherwise. */
function afterPrefix(line: string, prefix: string): number {
  let at = 0;
  for (let i = 0; i < prefix.length; ) {
    const here = skipNumber(prefix, i);
    const there = skipNumber(line, at);
    if (here > i && there > at) {
      i = here;
      at = there;
    } else if (prefix[i] === line[at]) {
      i++;
      at++;
    } else return -1;
  }
  return at;
}

function skipNumber(text: string, from: number): number {
  let at = from;
  while (/[0-9.]/.test(text.charAt(at))) at++;
  return at;
}
