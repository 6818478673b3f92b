import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { linesOf, maybe, number, unknownLine } from './lines.ts';
import type { Directory, Host, KernelClass, KernelLine, KernelLog } from './reading.ts';

interface Collected {
  source: string | null;
  refused: string | null;
  restricted: boolean;
  lines: number;
  oldestSeconds: number | null;
}

export function parseKernel(
  section: Section | undefined,
  directories: Section | undefined,
  host: Host,
): KernelLog | null {
  if (section === undefined) return null;
  const log: Collected = {
    source: null,
    refused: null,
    restricted: false,
    lines: 0,
    oldestSeconds: null,
  };
  const classes = new Map<string, KernelClass>();
  const mounts = new Map<string, number | null>();
  for (const line of linesOf(section)) {
    const [first = '', second] = line.fields;
    if (line.word === 'restrict') log.restricted = first !== '0';
    else if (line.word === 'source') log.source = displayName(first);
    else if (line.word === 'refused') log.refused = displayName(line.rest(0));
    else if (line.word === 'lines') {
      log.lines = number(first, 'kernel lines');
      log.oldestSeconds = maybe(line.fields[2], 'oldest kernel line');
    } else if (line.word === 'class') {
      const total = number(second, 'lines of a class');
      const recent = number(line.fields[2], 'recent lines of a class');
      classes.set(first, { total, recent, lines: [] });
    } else if (line.word === 'line') {
      const before = classes.get(first) ?? { total: 0, recent: 0, lines: [] };
      const said = kernelLine(second ?? '-', displayName(line.rest(2)), host);
      classes.set(first, { ...before, lines: [...before.lines, said] });
    } else if (line.word === 'mounted') mounts.set(first, ageOf(second ?? '-', host));
    else throw unknownLine('kernel', line);
  }
  return { ...log, classes, mounts, directories: parseDirectories(directories) };
}

function kernelLine(stamp: string, text: string, host: Host): KernelLine {
  return { ageSeconds: ageOf(stamp, host), text };
}

/** Of seconds after boot, an ISO 8601 time (a log file of rsyslog), or `-`. */
function ageOf(stamp: string, host: Host): number | null {
  if (/^[0-9]+(\.[0-9]+)?$/.test(stamp)) return Math.max(0, host.uptimeSeconds - Number(stamp));
  const at = Date.parse(stamp) / 1000;
  const known = /^[0-9]{4}-/.test(stamp) && Number.isFinite(at);
  return known ? Math.max(0, host.epochSeconds - at) : null;
}

function parseDirectories(section: Section | undefined): readonly Directory[] {
  const found: Directory[] = [];
  for (const line of linesOf(section)) {
    const [device = '', second, third, fourth] = line.fields;
    const inode = number(second, 'inode');
    if (line.word === 'directory') {
      const nothing = { path: null, sizeBytes: null, blockBytes: null, gone: false };
      found.push({ device, inode, mount: displayName(line.rest(2)), ...nothing });
      continue;
    }
    const at = found.findIndex((one) => one.device === device && one.inode === inode);
    const before = found[at];
    if (before === undefined) throw unknownLine('directories', line);
    if (line.word === 'name') found[at] = { ...before, path: displayName(line.rest(2)) };
    else if (line.word === 'gone') found[at] = { ...before, gone: true };
    else if (line.word === 'size') {
      const sizeBytes = number(third, 'size of a directory');
      found[at] = { ...before, sizeBytes, blockBytes: number(fourth, 'size of a block') };
    } else throw unknownLine('directories', line);
  }
  return found;
}
