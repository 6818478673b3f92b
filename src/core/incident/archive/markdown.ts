import { sanitise, sanitiseLine } from '../../sanitise.ts';

/** What starts something in CommonMark or GFM, or in HTML, wherever it stands. */
const MARKUP = /[\\`*_[\]<>&|~#$!]/g;
const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Untrusted text on one line: nothing in it is markup any more. */
export function mdLine(text: string): string {
  return blockSafe(escaped(sanitiseLine(text)));
}

/**
 * The same, and what stands between two backticks looks like code, as in a title: as code where nothing
 * in it could mean anything else, in quotation marks where it could.
 */
export function mdWords(text: string): string {
  const parts = sanitiseLine(text).split(/(?<!`)`([^`]+)`(?!`)/);
  const said = parts.map((part, n) => {
    if (n % 2 === 0) return escaped(part);
    return /[|<>&\\]/.test(part) ? `“${escaped(part)}”` : `\`${part}\``;
  });
  return blockSafe(said.join(''));
}

/** Untrusted text on lines of its own, as a quotation; `prefix` for one inside another. */
export function mdQuote(text: string, prefix = ''): string {
  const lines = sanitise(text)
    .split('\n')
    .map((line) => blockSafe(escaped(line.trimEnd())));
  return lines
    .map((line, i) => {
      // A hard break; at the end of a paragraph it would show as a backslash.
      const more = line !== '' && (lines[i + 1] ?? '') !== '';
      return `${prefix}> ${line}${more ? '\\' : ''}`.trimEnd();
    })
    .join('\n');
}

/** Untrusted text exactly as it is, in fixed width. The fence is longer than any in the text. */
export function mdBlock(text: string): string {
  const clean = sanitise(text).replace(/\n$/, '');
  const longest = Math.max(2, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}

export function mdTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function escaped(text: string): string {
  return text.replace(MARKUP, (character) => ENTITIES[character] ?? `\\${character}`);
}

/** A list, a heading underline or a rule starts only at the beginning of a line. */
function blockSafe(line: string): string {
  return line
    .replace(/^[\t ]+/, (space) => '&nbsp;'.repeat(space.length))
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}
