import { isPlain } from '../../../core/display-name.ts';
import type { Finding, FixOffer } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { looksLikeLog } from '../../../core/log-name.ts';
import { DELETED_BYTES, type Params } from '../params.ts';
import type { OpenLog, Reading } from '../reading.ts';
import { isAtFault, isNumbered, nameBefore, reopenLine, stanzaFor } from '../rotation/rotated.ts';
import { type Stanza, stanzasOf } from '../rotation/stanzas.ts';
import { appends, evidence, quote, writerWords } from './words.ts';

const MOST = 10;
const MEMORY = new Set(['tmpfs', 'ramfs', 'devtmpfs']);

interface Astray {
  readonly file: OpenLog;
  readonly path: string;
  /** The one that renamed it. */
  readonly stanza: Stanza | null;
}

/** Logs that are written under a name nobody reads any more. */
export function rotatedLogs(reading: Reading, params: Params): Finding[] {
  if (params.unit !== undefined) return [];
  const stanzas = stanzasOf(reading.rotation.files);
  return reading.open
    .flatMap((file) => astray(file, stanzas))
    .filter((one) => concerns(one, reading))
    .slice(0, MOST)
    .map((one) => describe(one));
}

function astray(file: OpenLog, stanzas: readonly Stanza[]): Astray[] {
  const { path, deleted, base } = file;
  if (path === null || !looksLikeLog(path) || MEMORY.has(file.type)) return [];
  // logrotate of this host knows nothing of paths within a container.
  const stanza = file.foreign ? null : stanzaFor(path, stanzas);
  const renamed = nameBefore(path) !== null;
  if (deleted) {
    const replaced = renamed && (stanza !== null || base?.is === 'other');
    return replaced || file.diskBytes >= DELETED_BYTES ? [{ file, path, stanza }] : [];
  }
  if (!renamed || base === null || base.is === 'same') return [];
  // A program may give its logs dates itself: then only the stanza tells.
  const rotated = stanza !== null || (isNumbered(path) && base.is === 'other');
  return rotated && stanza?.copies !== true ? [{ file, path, stanza }] : [];
}

/** When a log was asked for: only what was that log. */
function concerns({ file, path }: Astray, { asked, logs, search }: Reading): boolean {
  if (search !== null) return true;
  const same = logs.some(
    ({ file: one }) => one !== null && one.inode === file.inode && one.device === file.device,
  );
  return same || (asked?.real ?? null) === path || (asked?.real ?? null) === nameBefore(path);
}

function describe({ file, path, stanza }: Astray): Finding {
  const fault = stanza !== null && isAtFault(stanza) ? stanza : null;
  const size = formatBytes(file.diskBytes);
  const container = file.containerId?.slice(0, 12) ?? null;
  const state = file.deleted ? `deleted, ${size}` : `renamed, ${size}`;
  const cause =
    fault === null
      ? ''
      : `: logrotate (${quote(fault.text)} in ${quote(fault.config)}) renames it and tells nobody`;
  return {
    code: 'logs.rotated-without-reopen',
    status: 'warning',
    subject: path,
    title: `${writerWords(file, container)} still writes to ${quote(path)} (${state})${cause}`,
    detail: detailOf({ file, path, stanza }).join('\n'),
    data: {
      path,
      pid: file.pid,
      process: file.process,
      fd: file.fd,
      deleted: file.deleted,
      append: appends(file),
      sizeBytes: file.diskBytes,
      ...(container === null ? {} : { container }),
      ...(fault === null ? {} : { config: fault.config, stanza: fault.text }),
    },
    evidence: [
      evidence(
        ['readlink', `/proc/${file.pid}/fd/${file.fd}`],
        `${path}${file.deleted ? ' (deleted)' : ''}`,
      ),
      ...(stanza === null
        ? []
        : [evidence(['grep', '-n', '-F', stanza.text, stanza.config], stanzaText(stanza))]),
    ],
    fixes: offers(file, fault),
    next: [],
  };
}

function stanzaText({ text, copies, olddir, script }: Stanza): string {
  return [
    `${text} {`,
    copies ? '    copytruncate' : '    (no copytruncate)',
    ...(olddir === null ? [] : [`    olddir ${olddir}`]),
    ...(script === ''
      ? ['    (no postrotate)']
      : ['    postrotate', ...script.split('\n').map((line) => `        ${line}`)]),
    '}',
  ].join('\n');
}

function detailOf({ file, path, stanza }: Astray): string[] {
  const before = nameBefore(path);
  const lines = [
    file.deleted
      ? 'The file has no name any more: its space is freed only when the process closes it, and what it writes now is lost.'
      : `What it writes now goes into the rotated file, not into ${quote(before ?? path)}; when that is compressed or removed, its lines are lost and its space stays used.`,
    ...(file.base?.is === 'other' ? [`A new ${quote(file.base.path)} lies in its place.`] : []),
    causeOf({ file, path, stanza }),
  ];
  if (appends(file) === false) {
    lines.push(
      'It was opened without O_APPEND: after a truncation, also by copytruncate, the next line lands at the old offset, with a hole in front (few blocks, NUL bytes in copies).',
    );
  }
  return lines;
}

function causeOf({ file, path, stanza }: Astray): string {
  if (file.foreign)
    return 'The path is the one inside the container: its own rotation is to be looked at.';
  if (stanza === null) {
    return file.deleted && nameBefore(path) === null
      ? 'It was removed under its own name: by hand or by a clean-up job; logrotate would have renamed it first.'
      : 'No logrotate stanza that could be read fits it: something else renamed it.';
  }
  const where = `${quote(stanza.text)} in ${quote(stanza.config)}`;
  if (stanza.copies)
    return `logrotate copies and empties this log today (${where}): the rename is older, or something else did it.`;
  const reopen = reopenLine(stanza);
  return reopen === null
    ? `${where} has neither copytruncate nor a postrotate that makes the writer open its log again.`
    : `${where} has a postrotate (${quote(displayScript(reopen))}), but it did not reach this process: ${file.process} may not open its log again on that.`;
}

function displayScript(line: string): string {
  return line.replaceAll('`', "'").replace(/\p{C}/gu, '?').slice(0, 120);
}

/** First the space, then the cause. */
function offers(file: OpenLog, fault: Stanza | null): FixOffer[] {
  const { pid, fd, inode, device } = file;
  return [
    ...(file.deleted && file.diskBytes >= DELETED_BYTES
      ? [{ fix: 'truncate-deleted-file', params: { pid, fd, inode, device } }]
      : []),
    ...(fault !== null && isPlain(fault.config)
      ? [{ fix: 'logrotate-copytruncate', params: { config: fault.config, stanza: fault.text } }]
      : []),
  ];
}
