import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { linesOf, maybe, number, unknownLine, unreadable } from './lines.ts';
import type { Descriptors, Group, Groups, Reading } from './reading.ts';

export function parseGroups(section: Section | undefined): Groups | null {
  const lines = linesOf(section);
  const walked = lines.find(({ word }) => word === 'walked');
  if (walked === undefined) return null;
  const caches = new Map<string, number>();
  for (const line of lines) {
    if (line.word === 'cache')
      caches.set(displayName(line.rest(1)), number(line.fields[0], 'cache'));
    else if (line.word !== 'walked' && line.word !== 'group') throw unknownLine('cgroups', line);
  }
  return {
    walked: number(walked.fields[0], 'control groups'),
    late: walked.fields[1] !== '0',
    list: lines
      .filter(({ word }) => word === 'group')
      .map((line): Group => {
        const [kills, under, limit, usage, pidsMax, pids, denied] = line.fields;
        const path = displayName(line.rest(7));
        return {
          path,
          oomKills: number(kills, 'oom_kill'),
          underOom: under === '1',
          limitBytes: maybe(limit, 'memory limit'),
          usageBytes: maybe(usage, 'memory usage'),
          cacheBytes: caches.get(path) ?? 0,
          pidsMax: maybe(pidsMax, 'pids.max'),
          pids: maybe(pids, 'pids.current'),
          forksDenied: number(denied, 'pids.events'),
        };
      }),
  };
}

export function parseDescriptors(section: Section | undefined): Descriptors | null {
  if (section === undefined) return null;
  let system: readonly [number, number] | null = null;
  let seen: readonly [number, number] = [0, 0];
  const processes: Descriptors['processes'][number][] = [];
  const kinds = new Map<number, { kind: string; count: number }[]>();
  for (const line of linesOf(section)) {
    const [first, second, third, fourth] = line.fields;
    if (line.word === 'system') system = [number(first, 'file-nr'), number(third, 'file-max')];
    else if (line.word === 'seen') seen = [number(first, 'seen'), number(second, 'total')];
    else if (line.word === 'process') {
      processes.push({
        pid: number(first, 'pid'),
        open: number(third, 'descriptors'),
        limit: number(fourth, 'limit'),
        name: displayName(line.rest(4)),
        kinds: [],
      });
    } else if (line.word === 'kind') {
      const pid = number(first, 'pid');
      const list = kinds.get(pid) ?? [];
      list.push({ count: number(second, 'descriptors'), kind: displayName(line.rest(2)) });
      kinds.set(pid, list);
    } else if (line.word !== 'how' && line.word !== 'in') throw unknownLine('descriptors', line);
  }
  if (system === null) throw unreadable('file-nr is missing');
  return {
    allocated: system[0],
    max: system[1],
    seen: seen[0],
    total: seen[1],
    processes: processes.map((one) => ({ ...one, kinds: kinds.get(one.pid) ?? [] })),
  };
}

export function parseLimits(section: Section | undefined): ReadonlyMap<string, number> {
  return new Map(
    linesOf(section).map((line) => [line.word, number(line.fields[0], `limit ${line.word}`)]),
  );
}

/** Without the module there are no files, and nothing to say. */
export function parseConntrack(section: Section | undefined): Reading['conntrack'] {
  const values = new Map(linesOf(section).map(({ word, fields }) => [word, fields[0] ?? '']));
  const count = values.get('nf_conntrack_count');
  const max = values.get('nf_conntrack_max');
  if (count === undefined || max === undefined) return null;
  if (count === 'denied' || max === 'denied') return 'denied';
  return { count: number(count, 'nf_conntrack_count'), max: number(max, 'nf_conntrack_max') };
}
