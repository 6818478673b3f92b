import { globMatches } from './glob.ts';
import type { Stanza } from './stanzas.ts';

/** What logrotate appends to a name, or puts before its extension. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/-\d{8,10}(?:-\d+)?$/, ''],
  [/[.-]\d{4}-\d\d-\d\d$/, ''],
  [/\.\d{1,3}$/, ''],
  [/-\d{8}(\.[a-z]+)$/, '$1'],
  [/\.\d{1,3}(\.[a-z]+)$/, '$1'],
];

/** The name that a log had before it was rotated; null: it does not look rotated. */
export function nameBefore(path: string): string | null {
  const found = SUFFIXES.find(([pattern]) => pattern.test(path));
  return found === undefined ? null : path.replace(found[0], found[1]);
}

/** `app.log.1`: a number that only a rotation gives; a date may be the program's own. */
export function isNumbered(path: string): boolean {
  return /\.\d{1,3}(?:\.[a-z]+)?$/.test(path);
}

/** The stanza that renamed this log. */
export function stanzaFor(path: string, stanzas: readonly Stanza[]): Stanza | null {
  const before = nameBefore(path);
  if (before === null) return null;
  return (
    stanzas.find((stanza) => stanza.patterns.some((pattern) => renames(stanza, pattern, before))) ??
    null
  );
}

function renames({ olddir }: Stanza, pattern: string, before: string): boolean {
  if (olddir === null) return globMatches(pattern, before);
  const [directory, name] = split(before);
  const [from, wanted] = split(pattern);
  const to = olddir.startsWith('/') ? olddir : `${from}/${olddir}`;
  return globMatches(to, directory) && globMatches(wanted, name);
}

function split(path: string): [directory: string, name: string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
}

/** Words by which a script makes a program open its log again. */
const REOPEN =
  /\b(?:kill|pkill|killall|systemctl|service|invoke-rc\.d|rc-service|initctl|supervisorctl|reload|restart|reopen|rotate|HUP|USR1|USR2|nginx +-s|apachectl|apache2ctl|svc|s6-svc|sv)\b/;

/** The line of its script that tells the writer to open the log again; null: none does. */
export function reopenLine({ script }: Stanza): string | null {
  const lines = script.split('\n').map((line) => line.trim());
  return lines.find((line) => !line.startsWith('#') && REOPEN.test(line)) ?? null;
}

/** Whether it renames the log and tells nobody. */
export function isAtFault(stanza: Stanza): boolean {
  return !stanza.copies && reopenLine(stanza) === null;
}
