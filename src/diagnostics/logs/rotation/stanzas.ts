import type { ConfigFile } from '../reading.ts';

/** What logrotate is told to do with the logs of some patterns: logrotate.conf(5). */
export interface Stanza {
  readonly config: string;
  /** The text before `{`, white space folded. */
  readonly text: string;
  readonly patterns: readonly string[];
  /** The log is copied and emptied, or only copied: the writer keeps its file. */
  readonly copies: boolean;
  readonly olddir: string | null;
  /** The shell lines of postrotate and lastaction. */
  readonly script: string;
}

interface Options {
  copies: boolean;
  olddir: string | null;
}

interface Open extends Options {
  head: string[];
  script: string[];
  /** Between `{` and `}`. */
  inside: boolean;
  /** Within a script, up to `endscript`; only some of them run after the rotation. */
  section: string | null;
}

const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove']);
const AFTERWARDS = new Set(['postrotate', 'lastaction']);

/** The stanzas of all files, in the order in which logrotate reads them: an option outside holds for what follows. */
export function stanzasOf(files: readonly ConfigFile[]): readonly Stanza[] {
  const options: Options = { copies: false, olddir: null };
  const stanzas: Stanza[] = [];
  const done = new Set<ConfigFile>();
  const read = (file: ConfigFile): void => {
    if (done.has(file)) return;
    done.add(file);
    readFile(file, { options, stanzas, include: (path) => included(files, path).forEach(read) });
  };
  files.forEach(read);
  return stanzas;
}

function included(files: readonly ConfigFile[], path: string): readonly ConfigFile[] {
  const directory = path.replace(/\/+$/, '');
  return files.filter(
    (file) => file.path === path || file.path.slice(0, file.path.lastIndexOf('/')) === directory,
  );
}

interface Context {
  readonly options: Options;
  readonly stanzas: Stanza[];
  readonly include: (path: string) => void;
}

function readFile(file: ConfigFile, { options, stanzas, include }: Context): void {
  let open = fresh(options);
  for (const line of file.lines) {
    const text = line.trim();
    if (open.section !== null) {
      if (text === 'endscript') open.section = null;
      else if (AFTERWARDS.has(open.section)) open.script.push(text);
      continue;
    }
    if (text === '' || text.startsWith('#')) continue;
    const including = /^include\s+(\S.*)$/.exec(text)?.[1];
    if (!open.inside && open.head.length === 0 && including !== undefined) include(including);
    else if (!open.inside && open.head.length === 0 && /^[a-z]/.test(text)) {
      if (SCRIPTS.has(text)) open.section = 'global';
      else apply(text, options);
      open = { ...fresh(options), section: open.section };
    } else if (inStanza(text, open)) {
      stanzas.push(closed(open, file.path));
      open = fresh(options);
    }
  }
}

function fresh(options: Options): Open {
  return { ...options, head: [], script: [], inside: false, section: null };
}

/** True at its end. */
function inStanza(text: string, open: Open): boolean {
  let rest = text;
  if (!open.inside) {
    const brace = unquotedBrace(rest);
    open.head.push(brace < 0 ? rest : rest.slice(0, brace));
    if (brace < 0) return false;
    open.inside = true;
    rest = rest.slice(brace + 1).trim();
  }
  const end = /(?:^|\s)\}/.test(rest);
  const directive = rest.replace(/\s*\}.*$/, '');
  if (SCRIPTS.has(directive)) open.section = directive;
  else apply(directive, open);
  return end;
}

function unquotedBrace(text: string): number {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote === '' && character === '{') return at;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
  }
  return -1;
}

function apply(directive: string, options: Options): void {
  const [word = '', value = ''] = directive.split(/[\s=]+/);
  if (word === 'copytruncate' || word === 'copy') options.copies = true;
  else if (word === 'nocopytruncate' || word === 'nocopy') options.copies = false;
  else if (word === 'olddir')
    options.olddir = value.replace(/^["']|["']$/g, '').replace(/(?<=.)\/+$/, '');
  else if (word === 'noolddir') options.olddir = null;
}

function closed(open: Open, config: string): Stanza {
  const text = open.head.join(' ').replace(/\s+/g, ' ').trim();
  return {
    config,
    text,
    patterns: [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    ),
    copies: open.copies,
    olddir: open.olddir,
    script: open.script.join('\n'),
  };
}
