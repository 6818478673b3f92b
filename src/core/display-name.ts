/**
 * A name as the probe prints it (`\ooo` for every byte but printable ASCII, and for the backslash)
 * as people read it: valid UTF-8 decoded; control, invisible and reordering characters and invalid
 * bytes as escapes. Different names stay different.
 */
export function displayName(escaped: string): string {
  const out: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    out.push(decodeBytes(bytes));
    bytes = [];
  };
  for (let at = 0; at < escaped.length; ) {
    const octal =
      escaped[at] === '\\' ? /^[0-3][0-7]{2}/.exec(escaped.slice(at + 1, at + 4)) : null;
    if (octal === null) {
      flush();
      out.push(visible(escaped[at] ?? ''));
      at += 1;
    } else {
      bytes.push(Number.parseInt(octal[0], 8));
      at += 4;
    }
  }
  flush();
  return out.join('');
}

/** Whether the name shows as it is: only then can it be handed on as a parameter. */
export function isPlain(displayed: string): boolean {
  return !displayed.includes('\\');
}

function decodeBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const character = first >= 0x80 && first < 0xc2 ? null : utf8(bytes.slice(at, at + length));
    text += character === null ? `\\x${first.toString(16).padStart(2, '0')}` : visible(character);
    at += character === null ? 1 : length;
  }
  return text;
}

function utf8(bytes: readonly number[]): string | null {
  try {
    // ignoreBOM: or U+FEFF in a name would vanish.
    const options = { fatal: true, ignoreBOM: true };
    return new TextDecoder('utf-8', options).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

const SHORT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u001b': '\\e',
  // Findings quote names in backticks.
  '`': '\\x60',
};

/** Controls, formats and line separators; then letters that show nothing: Hangul fillers, the grapheme joiner. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\u115f|\u1160|\u3164|\uffa0|\u034f/u;

function visible(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  if (!INVISIBLE.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
