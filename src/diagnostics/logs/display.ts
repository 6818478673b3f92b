import { displayName } from '../../core/display-name.ts';

/** A line as the probe prints it: `\ooo` for control characters and the backslash, the rest as it was. */
export function lineText(escaped: string): string {
  return escaped.replace(/\\([01][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Colours and the like: CSI sequences of ECMA-48. */
export const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');

/** A line as people may read it: no colours, nothing that moves a cursor or hides, at most `limit` characters. */
export function displayLine(text: string, limit: number): string {
  // The last character may have been cut in two.
  const plain = Array.from(text.replace(ANSI, '').replace(/\ufffd+$/, ''));
  const shown = plain.slice(0, limit).map(visible).join('');
  return plain.length > limit ? `${shown}…` : shown;
}

function visible(character: string): string {
  if (character === '\\') return character;
  return character.length > 1 ? character.replace(/\p{C}/u, '\ufffd') : displayName(character);
}
