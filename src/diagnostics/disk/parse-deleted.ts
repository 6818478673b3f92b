import type { Section } from '../../core/sections.ts';
import { displayName } from './display.ts';
import { integer, type Line, linesOf, unknownLine } from './lines.ts';
import type { Deleted, DeletedFile, LoopFile, MappedFile, Reading } from './reading.ts';

export function parseDeleted(section: Section): { deleted: Deleted; denied: number } {
  const sums = new Map<string, { count: number; bytes: number }>();
  const lines = linesOf(section, { name: 4, comm: 3, cgroup: 3 });
  const texts = new Map<string, string>();
  let denied = 0;
  for (const line of lines) {
    const [word, first = '', second = '', third = ''] = line;
    if (word === 'denied') denied = integer(first, 'unreadable processes');
    else if (word === 'sum') {
      sums.set(first, { count: integer(second, 'count'), bytes: integer(third, 'bytes') });
    } else if (word === 'name') texts.set(`name ${first} ${second}`, third);
    else if (word === 'comm' || word === 'cgroup') texts.set(`${word} ${first}`, second);
    else if (word !== 'file') throw unknownLine('deleted', line);
  }
  const files = lines.filter((line) => line[0] === 'file').map((line) => parseFile(line, texts));
  return { deleted: { scanned: true, sums, files }, denied };
}

function parseFile(line: Line, texts: ReadonlyMap<string, string>): DeletedFile {
  const [, disk = '', device = '', inode, length, bytes, pid, fd, flags = '', type = '', ...rest] =
    line;
  const [start = '', descriptors, holders, pids = ''] = rest;
  const process = integer(pid, 'process id');
  return {
    disk,
    device,
    inode: integer(inode, 'inode'),
    lengthBytes: integer(length, 'length of a deleted file'),
    sizeBytes: integer(bytes, 'size of a deleted file'),
    pid: process,
    fd: integer(fd, 'descriptor'),
    flags: /^[0-7]+$/.test(flags) ? Number.parseInt(flags, 8) : null,
    type: displayName(type),
    startTicks: /^[0-9]+$/.test(start) ? integer(start, 'start time') : null,
    descriptors: integer(descriptors, 'number of descriptors'),
    holders: integer(holders, 'number of holders'),
    pids: pids.split(',').map((one) => integer(one, 'process id')),
    path: nameOf(texts.get(`name ${pid} ${fd}`)),
    process: commOf(texts.get(`comm ${pid}`)),
    containerId: containerOf(texts.get(`cgroup ${pid}`)),
  };
}

type Mapped = Pick<Reading, 'mapped' | 'loops'>;

export function parseMapped(section: Section): Mapped {
  const lines = linesOf(section, { mapped: 7, comm: 3, loop: 4 });
  const names = new Map(
    lines.filter((line) => line[0] === 'comm').map((line) => [line[1] ?? '', line[2] ?? '']),
  );
  const mapped: MappedFile[] = [];
  const loops: LoopFile[] = [];
  for (const line of lines) {
    const [word, first = '', second, third, , bytes, path] = line;
    if (word === 'mapped') {
      mapped.push({
        pid: integer(first, 'process id'),
        process: commOf(names.get(first)),
        device: majorMinor(integer(second, 'device')),
        inode: integer(third, 'inode'),
        sizeBytes: integer(bytes, 'size of a mapped file'),
        path: nameOf(path),
      });
    } else if (word === 'loop') {
      const atMostBytes = integer(second, 'sectors') * 512;
      loops.push({ name: displayName(first), path: nameOf(third), atMostBytes });
    } else if (word !== 'comm') throw unknownLine('mapped', line);
  }
  return { mapped, loops };
}

/** st_dev as stat prints it (gnu_dev_major, gnu_dev_minor of glibc), for devices below 4096:1048576. */
function majorMinor(device: number): string {
  const minor = (device % 256) + Math.floor(device / 1_048_576) * 256;
  return `${Math.floor(device / 256) % 4096}:${minor}`;
}

/** The kernel marks what is deleted by a suffix (proc(5), /proc/pid/fd). */
function nameOf(escaped: string | undefined): string {
  return displayName((escaped ?? '').replace(/ \(deleted\)$/, ''));
}

function commOf(escaped: string | undefined): string {
  return displayName((escaped ?? '').replace(/\\012$/, '')) || '?';
}

function containerOf(escaped: string | undefined): string | null {
  return /^[0-9a-f]{64}/.exec(escaped ?? '')?.[0] ?? null;
}
