import type { Section } from '../../core/sections.ts';
import { displayName } from './display.ts';
import { integer, linesOf, unknownLine, unreadable } from './lines.ts';
import type { ContainerLog, ContainerSample, Place, RunningContainer, Walk } from './reading.ts';

export function parseWalk(section: Section): Walk {
  const directories: Walk['directories'][number][] = [];
  const files: Walk['files'][number][] = [];
  const crowded: Walk['crowded'][number][] = [];
  const single = new Map<string, readonly string[]>();
  for (const line of linesOf(section, { dir: 4, file: 4, many: 3 })) {
    const [word, first, second, path = ''] = line;
    if (word === 'dir') {
      const entries = integer(second, 'entries');
      directories.push({ path: displayName(path), bytes: integer(first, 'bytes'), entries });
    } else if (word === 'file') {
      const lengthBytes = integer(second, 'length');
      files.push({ path: displayName(path), bytes: integer(first, 'bytes'), lengthBytes });
    } else if (word === 'many') {
      crowded.push({ path: displayName(second ?? ''), entries: integer(first, 'entries') });
    } else if (['mount', 'total', 'denied', 'elapsed'].includes(word)) single.set(word, line);
    else throw unknownLine('walk', line);
  }
  const [, visible, inodes, status] = single.get('total') ?? [];
  if (status === undefined) throw unreadable('a walk has no total');
  return {
    mount: integer(single.get('mount')?.[1], 'mount index'),
    visibleBytes: integer(visible, 'bytes seen'),
    inodes: integer(inodes, 'inodes seen'),
    finished: status === '0',
    deniedDirectories: integer(single.get('denied')?.[1], 'unreadable directories'),
    elapsedSeconds: integer(single.get('elapsed')?.[1], 'time of the walk') / 100,
    directories: directories.toSorted((a, b) => b.bytes - a.bytes || order(a.path, b.path)),
    files: files.toSorted((a, b) => b.bytes - a.bytes || order(a.path, b.path)),
    crowded: crowded.toSorted((a, b) => b.entries - a.entries || order(a.path, b.path)),
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function parseContainers(section: Section, docker: Place | null): ContainerSample {
  const lines = linesOf(section, { root: 2, name: 3, option: 3 });
  const values = new Map(
    lines.filter((line) => line.length === 3).map((line) => [`${line[0]} ${line[1]}`, line[2]]),
  );
  let atSeconds = Number.NaN;
  let root: string | null = null;
  let unreadableRoot = false;
  const logs: ContainerLog[] = [];
  const running: RunningContainer[] = [];
  for (const line of lines) {
    const [word, first = '', size, blocks] = line;
    if (word === 'at') atSeconds = integer(first, 'time of a sample') / 100;
    else if (word === 'unreadable') unreadableRoot = true;
    else if (word === 'root') root = displayName(first);
    else if (word === 'log') {
      logs.push({
        id: displayName(first),
        name: quoted(values.get(`name ${first}`), /^"Name":"\/(.+)"$/),
        path: `${root ?? ''}/containers/${displayName(first)}/${displayName(first)}-json.log`,
        sizeBytes: integer(size, 'size of a container log'),
        diskBytes: integer(blocks, 'size of a container log'),
        maxSize: quoted(values.get(`option ${first}`), /^"max-size":"(.+)"$/),
      });
    } else if (word === 'running') {
      const [, id = '', name = '', image = ''] = line;
      running.push({ id: displayName(id), name: displayName(name), image: displayName(image) });
    } else if (word !== 'name' && word !== 'option') throw unknownLine('containers', line);
  }
  if (Number.isNaN(atSeconds)) throw unreadable('a sample of container logs has no time');
  const mountpoint = docker === null || docker.kind === 'none' ? null : docker.mountpoint;
  return { atSeconds, unreadable: unreadableRoot, root, mountpoint, logs, running };
}

function quoted(text: string | undefined, pattern: RegExp): string | null {
  const value = pattern.exec(text ?? '')?.[1];
  // "-1" is docker's word for "no limit".
  return value === undefined || value === '-1' ? null : displayName(value);
}
