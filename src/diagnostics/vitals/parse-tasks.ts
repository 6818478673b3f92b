import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { type Line, linesOf, number, unknownLine } from './lines.ts';
import type { Process, QueueOwners, Top, Wait, Waits } from './reading.ts';

export function parseTop(section: Section | undefined, pageBytes: number): Top {
  const rows = (word: string) =>
    linesOf(section)
      .filter((line) => line.word === word)
      .map((line) => ({
        pages: number(line.fields[0], 'pages'),
        ticks: number(line.fields[1], 'ticks'),
        pid: number(line.fields[2], 'pid'),
        name: displayName(line.rest(3)),
      }));
  return {
    rss: rows('rss').map(({ pages, pid, name }) => ({ pid, name, bytes: pages * pageBytes })),
    cpu: rows('cpu').map(({ ticks, pid, name }) => ({ pid, name, ticks })),
  };
}

export function parseWaits(section: Section | undefined): Waits {
  const tasks = new Map<string, Wait>();
  const mounts: Waits['mounts'][number][] = [];
  const change = (task: string, facts: Partial<Wait>): void => {
    const before = tasks.get(task) ?? {
      wchan: '',
      stack: [],
      file: null,
      cwd: null,
      frozen: false,
    };
    tasks.set(task, { ...before, ...facts });
  };
  for (const line of linesOf(section)) {
    const [task = '', ...rest] = line.fields;
    if (line.word === 'wait') change(task, { wchan: rest[0] ?? '' });
    else if (line.word === 'stack') change(task, { stack: rest });
    else if (line.word === 'file') change(task, { file: displayName(line.rest(1)) });
    else if (line.word === 'frozen') change(task, { frozen: true });
    else if (line.word === 'cwd') change(task, { cwd: displayName(line.rest(1)) });
    else if (line.word === 'mount') mounts.push(parseMount(line));
    else if (line.word !== 'in') throw unknownLine('waits', line);
  }
  return { tasks, mounts };
}

function parseMount({ fields }: Line): Waits['mounts'][number] {
  const [type = '', source = '', point = ''] = fields;
  return { type, source: twiceEscaped(source), point: twiceEscaped(point) };
}

/** By the kernel in its table, then by the probe. */
function twiceEscaped(text: string): string {
  return displayName(text.replaceAll('\\134', '\\'));
}

export function parseQueueOwners(section: Section | undefined): QueueOwners {
  const limits = new Map<string, number>();
  const owners = new Map<string, Process>();
  const states = new Map<number, string>();
  for (const line of linesOf(section)) {
    const [first = '', second = '', third] = line.fields;
    if (line.word === 'limit') limits.set(second, number(third, 'backlog'));
    else if (line.word === 'owner')
      owners.set(first, { pid: number(second, 'pid'), name: displayName(line.rest(2)) });
    else if (line.word === 'state') states.set(number(first, 'pid'), second);
    else if (line.word !== 'in') throw unknownLine('queues', line);
  }
  return { limits, owners, states };
}

/** `in <pid or pid/tid> <control group>`, wherever a process was named. */
export function parseOwners(
  sections: readonly (Section | undefined)[],
): ReadonlyMap<number, string> {
  const lines = sections.flatMap(linesOf).filter(({ word }) => word === 'in');
  return new Map(
    lines.map((line) => [number(line.fields[0]?.split('/')[0], 'pid'), displayName(line.rest(1))]),
  );
}
