/** One stanza of a logrotate configuration: `/var/log/a.log { … }`. Lines count from 1. */
export interface Stanza {
  /** Text before `{`, white space folded, without comments. */
  readonly header: string;
  /** Line of the `{`. */
  readonly opens: number;
  readonly closes: number;
  readonly directives: readonly Directive[];
  /** Scripts by their name, e.g. `postrotate`. */
  readonly scripts: readonly { readonly name: string; readonly text: string }[];
  /** `{` and `}` on one line. */
  readonly oneLine: boolean;
}

export interface Directive {
  readonly line: number;
  /** First word. */
  readonly name: string;
  /** Nothing else stands on its line but a comment. */
  readonly alone: boolean;
}

/** logrotate(8): each of them goes on until `endscript`. */
const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove']);

/**
 * Reads a configuration as logrotate does: at the top a line that begins with a letter is a directive,
 * one that begins with a path or a quote begins a stanza, whose header may span lines.
 * Null: it cannot be followed.
 */
export function parseStanzas(text: string): readonly Stanza[] | null {
  const lines = text.split('\n');
  const stanzas: Stanza[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#') || /^[A-Za-z]/.test(line)) {
      const script = SCRIPTS.has(line.split(/\s/)[0] ?? '');
      at = script ? endOf(lines, at) + 1 : at + 1;
      continue;
    }
    if (!/^[/"'~]/.test(line)) return null;
    const stanza = readStanza(lines, at);
    if (stanza === null) return null;
    stanzas.push(stanza);
    at = stanza.closes;
  }
  return stanzas;
}

function readStanza(lines: readonly string[], from: number): Stanza | null {
  const header: string[] = [];
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trimStart().startsWith('#')) continue;
    const brace = line.indexOf('{');
    header.push(brace === -1 ? line : line.slice(0, brace));
    if (brace !== -1) break;
  }
  const rest = (lines[at] ?? '').split('{').slice(1).join('{').trim();
  const found = {
    header: header.join(' ').replace(/\s+/g, ' ').trim(),
    opens: at + 1,
  };
  if (at >= lines.length) return null;
  if (closesOn(rest)) {
    return { ...found, closes: at + 1, directives: [], scripts: [], oneLine: true };
  }
  return readBody(lines, found, rest);
}

function readBody(
  lines: readonly string[],
  found: Pick<Stanza, 'header' | 'opens'>,
  first: string,
): Stanza | null {
  const directives: Directive[] = [];
  const scripts: Stanza['scripts'][number][] = [];
  const take = (line: string, number: number): void => {
    const plain = line.replace(/\s*#.*$/, '').trim();
    const name = /^[A-Za-z]+/.exec(plain)?.[0];
    if (name !== undefined) directives.push({ line: number, name, alone: plain === name });
  };
  take(first, found.opens);
  for (let at = found.opens; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    const name = line.split(/\s/)[0] ?? '';
    if (SCRIPTS.has(name)) {
      const end = endOf(lines, at);
      scripts.push({ name, text: lines.slice(at + 1, end).join('\n') });
      at = end;
      continue;
    }
    take(line, at + 1);
    if (closesOn(line)) return { ...found, closes: at + 1, directives, scripts, oneLine: false };
  }
  return null;
}

function endOf(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, n) => n > from && line.trim().split(/\s/)[0] === 'endscript');
  return end === -1 ? lines.length : end;
}

/** The end may stand behind a directive: `missingok }`. */
function closesOn(line: string): boolean {
  return !line.startsWith('#') && /(^|\s)\}/.test(line);
}
