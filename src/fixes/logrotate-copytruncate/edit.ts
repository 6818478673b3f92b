import { parseStanzas, type Stanza } from './stanza.ts';

/** The change to the file: one line more, and those that contradict it gone. */
export interface Edit {
  readonly stanza: Stanza;
  /** The new line goes behind this one, counted from 1. */
  readonly after: number;
  readonly drop: readonly number[];
  /** The new line. */
  readonly text: string;
  /** Size of the new file. */
  readonly bytes: number;
  readonly oldBytes: number;
}

/** Scripts that run when the log has its new name. */
const AFTERWARDS = new Set(['postrotate', 'lastaction']);
/** What a script does when it makes the writer open its log again. */
const REOPENS =
  /\b(?:kill|pkill|killall|killproc|systemctl|service|invoke-rc\.d|rc-service|reload|restart|reopen|rotate|hup|usr[12])\b|\/etc\/init\.d\//i;

/** In words why not, or what to change. */
export function planEdit(content: string, header: string): Edit | string {
  if (/[\r\0]/.test(content)) return 'it has carriage returns or NUL bytes: edit it by hand';
  const stanzas = parseStanzas(content);
  if (stanzas === null) return 'it cannot be followed as logrotate does: edit it by hand';
  const found = stanzas.filter((one) => one.header === header);
  const [stanza] = found;
  if (stanza === undefined) return `it has no stanza "${header}"`;
  if (found.length > 1) return `it has ${found.length} stanzas "${header}"`;
  return obstacle(stanza) ?? build(content, stanza);
}

/** Whether the stanza, as it stands, rotates by copying. Null: there is none, or more than one. */
export function hasCopytruncate(content: string, header: string): boolean | null {
  const found = parseStanzas(content)?.filter((one) => one.header === header) ?? [];
  const [stanza] = found;
  return stanza === undefined || found.length > 1 ? null : lastWord(stanza) === 'copytruncate';
}

/** The last one counts (logrotate(8)). */
function lastWord({ directives }: Stanza): string | undefined {
  return directives.findLast(({ name }) => /^(?:no)?copytruncate$/.test(name))?.name;
}

function obstacle(stanza: Stanza): string | null {
  if (lastWord(stanza) === 'copytruncate') return 'the stanza has copytruncate already';
  if (stanza.oneLine) return 'the stanza stands on one line: edit it by hand';
  const telling = stanza.scripts.find(
    ({ name, text }) => AFTERWARDS.has(name) && REOPENS.test(text),
  );
  if (telling !== undefined) {
    return `the stanza has a ${telling.name} script that makes the writer open its log again, so the stanza is not at fault: find out why the script does not reach the writer`;
  }
  const shared = stanza.directives.find(({ name, alone }) => name === 'nocopytruncate' && !alone);
  return shared === undefined
    ? null
    : `nocopytruncate stands on line ${shared.line} together with something else: edit it by hand`;
}

function build(content: string, stanza: Stanza): Edit {
  const lines = content.split('\n');
  // The end of the last line is no line of its own.
  if (lines.at(-1) === '') lines.pop();
  const drop = stanza.directives
    .filter(({ name }) => name === 'nocopytruncate')
    .map(({ line }) => line);
  const like = stanza.directives.find(({ line }) => line > stanza.opens);
  const indent = like === undefined ? '\t' : (/^\s*/.exec(lines[like.line - 1] ?? '')?.[0] ?? '');
  const text = `${indent}copytruncate`;
  const kept = lines.filter((_, n) => !drop.includes(n + 1));
  return {
    stanza,
    after: stanza.opens,
    drop,
    text,
    bytes: [...kept, text].reduce((sum, line) => sum + size(line) + 1, 0),
    oldBytes: size(content),
  };
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}
