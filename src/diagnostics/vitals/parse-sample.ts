import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { type Line, linesOf, maybe, number, unknownLine, unreadable } from './lines.ts';
import type { Queue, Sample, Slept } from './reading.ts';

export function parseSample(section: Section): Sample {
  const lines = linesOf(section);
  const of = (word: string): readonly Line[] => lines.filter((line) => line.word === word);
  for (const line of lines) if (!KNOWN.test(line.word)) throw unknownLine('sample', line);
  const [load] = of('load');
  const [at] = of('at');
  if (load === undefined || at === undefined) throw unreadable('a sample lacks its time or load');
  const [one, five, fifteen, threads] = load.fields;
  const counter = (word: string): readonly (readonly [string, number])[] =>
    of(word).map((line) => [word, number(line.fields[0], word)] as const);
  return {
    atSeconds: number(at.fields[0], 'time of a sample') / 100,
    load: [number(one, 'load'), number(five, 'load'), number(fifteen, 'load')],
    threads: number(threads?.split('/')[1], 'number of threads'),
    running: number(of('procs_running')[0]?.fields[0] ?? '0', 'procs_running'),
    cpus: new Map(
      lines
        .filter(({ word }) => word.startsWith('cpu'))
        .map((line) => [line.word, line.fields.slice(0, 8).map((ticks) => number(ticks, 'cpu'))]),
    ),
    counters: new Map(['pswpin', 'pswpout', 'oom_kill'].flatMap(counter)),
    track: parseTrack(of('track')),
    blocked: of('blocked')[0] === undefined ? null : number(of('blocked')[0]?.fields[0], 'blocked'),
    slept: of('slept').map(parseSlept),
    spaces: new Map(
      of('space').map(({ fields }) => [
        number(fields[0], 'pid'),
        { overflows: number(fields[1], 'overflows'), drops: number(fields[2], 'drops') },
      ]),
    ),
    queues: of('queue').map(parseQueue),
  };
}

const KNOWN =
  /^(at|load|cpu[0-9]*|procs_running|procs_blocked|pswpin|pswpout|oom_kill|track|blocked|slept|space|queue)$/;

function parseSlept(line: Line): Slept {
  const [pid = '', tid = '', start = '', kernel, switches] = line.fields;
  return {
    task: `${pid}/${tid}`,
    pid: number(pid, 'pid'),
    start,
    kernel: kernel === '1',
    switches: maybe(switches, 'switches'),
    name: displayName(line.rest(5)),
  };
}

function parseQueue({ fields }: Line): Queue {
  const [pid, address = '', inode = '', waiting = ''] = fields;
  return {
    pid: number(pid, 'pid'),
    address: addressOf(address),
    inode,
    waiting: Number.parseInt(waiting, 16),
  };
}

/** As /proc/net/tcp has it: words of 32 bits in the host's byte order (little-endian wherever we were), port in hex. */
function addressOf(hex: string): string {
  const [host = '', port = ''] = hex.split(':');
  if (!/^([0-9A-F]{8}|[0-9A-F]{32})$/.test(host) || !/^[0-9A-F]{4}$/.test(port)) {
    throw unreadable(`address "${hex.slice(0, 60)}"`);
  }
  const bytes = (host.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  const number16 = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.join('.')}:${number16}`;
  if (bytes.every((byte) => byte === 0)) return `[::]:${number16}`;
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')}]:${number16}`;
}

/** One line per processor, hexadecimal; the first names the columns. */
function parseTrack([head, ...rows]: readonly Line[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  head?.fields.forEach((name, i) => {
    const sum = rows.reduce((all, { fields }) => all + Number.parseInt(fields[i] ?? '0', 16), 0);
    sums.set(name, Number.isFinite(sum) ? sum : 0);
  });
  return sums;
}
