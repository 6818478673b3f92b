import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { integer, type Line, linesOf, unknownLine } from './lines.ts';
import type { OpenLog } from './reading.ts';

type Texts = ReadonlyMap<string, string>;

export function parseOpen(section: Section): { denied: number; open: readonly OpenLog[] } {
  const texts = new Map<string, string>();
  const files: Line[] = [];
  let denied = 0;
  for (const line of linesOf(section, { name: 4, base: 5, comm: 3 })) {
    const [word, ...fields] = line;
    if (word === 'denied') denied = integer(fields[0], 'unreadable processes');
    else if (word === 'file') files.push(line);
    else if (word === 'name') texts.set(`name ${fields[0]} ${fields[1]}`, fields[2] ?? '');
    else if (word === 'base') texts.set(`base ${fields[0]}`, `${fields[1]} ${fields[3] ?? ''}`);
    else if (['space', 'comm', 'cgroup'].includes(word))
      texts.set(`${word} ${fields[0]}`, fields[1] ?? '');
    else throw unknownLine('descriptors', line);
  }
  return { denied, open: files.map((line) => parseFile(line, texts)) };
}

function parseFile(line: Line, texts: Texts): OpenLog {
  const [, device, inode, links, size, bytes, modified, pid = '', fd = '', flags = '', type = ''] =
    line;
  const name = texts.get(`name ${pid} ${fd}`);
  const linkCount = integer(links, 'links');
  return {
    device: majorMinor(integer(device, 'device')),
    inode: integer(inode, 'inode'),
    links: linkCount,
    sizeBytes: integer(size, 'size of an open log'),
    diskBytes: integer(bytes, 'blocks of an open log'),
    modified: integer(modified, 'time of an open log'),
    pid: integer(pid, 'process id'),
    fd: integer(fd, 'descriptor'),
    flags: /^[0-7]+$/.test(flags) ? Number.parseInt(flags, 8) : null,
    type: displayName(type),
    holders: integer(line[12], 'number of holders'),
    path: name === undefined ? null : pathOf(name),
    deleted: linkCount === 0,
    process: displayName((texts.get(`comm ${pid}`) ?? '').replace(/\\012$/, '')) || '?',
    containerId: /^[0-9a-f]{64}/.exec(texts.get(`cgroup ${pid}`) ?? '')?.[0] ?? null,
    foreign: texts.get(`space ${pid}`) === 'other',
    base: baseOf(texts.get(`base ${pid}/fd/${fd}`)),
  };
}

/** The kernel marks what is deleted by a suffix (proc(5), /proc/pid/fd). */
export function pathOf(escaped: string): string {
  return displayName(escaped.replace(/ \(deleted\)$/, ''));
}

function baseOf(text: string | undefined): OpenLog['base'] {
  const [, is, name = ''] = /^(\S+) (.*)$/.exec(text ?? '') ?? [];
  if (is !== 'missing' && is !== 'other' && is !== 'same') return null;
  return { path: displayName(name), is };
}

/** st_dev as stat prints it (gnu_dev_major, gnu_dev_minor of glibc), for devices below 4096:1048576. */
export function majorMinor(device: number): string {
  const minor = (device % 256) + Math.floor(device / 1_048_576) * 256;
  return `${Math.floor(device / 256) % 4096}:${minor}`;
}
