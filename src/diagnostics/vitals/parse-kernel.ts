import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { linesOf, maybe, number, unknownLine } from './lines.ts';
import type { Host, KernelClass, KernelLine, KernelLog } from './reading.ts';

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
    } else throw unknownLine('kernel', line);
  }
  return { ...log, classes, directories: parseDirectories(directories) };
}

/** Seconds after boot, an ISO 8601 time (a log file of rsyslog), or `-`. */
function kernelLine(stamp: string, text: string, host: Host): KernelLine {
  if (/^[0-9]+(\.[0-9]+)?$/.test(stamp)) {
    return { ageSeconds: Math.max(0, host.uptimeSeconds - Number(stamp)), text };
  }
  const at = Date.parse(stamp) / 1000;
  const known = /^[0-9]{4}-/.test(stamp) && Number.isFinite(at);
  return { ageSeconds: known ? Math.max(0, host.epochSeconds - at) : null, text };
}

function parseDirectories(section: Section | undefined): KernelLog['directories'] {
  const found: KernelLog['directories'][number][] = [];
  for (const line of linesOf(section)) {
    const [device = '', inode] = line.fields;
    const key = { device, inode: number(inode, 'inode') };
    if (line.word === 'directory') {
      found.push({ ...key, mount: displayName(line.rest(2)), path: null });
    } else if (line.word === 'name') {
      const at = found.findIndex((one) => one.device === device && one.inode === key.inode);
      const before = found[at];
      if (before !== undefined) found[at] = { ...before, path: displayName(line.rest(2)) };
    } else throw unknownLine('directories', line);
  }
  return found;
}
