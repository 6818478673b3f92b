import type { Section } from '../../core/sections.ts';
import { integer, linesOf, plain, restsOf, unreadable } from './lines.ts';
import type { Answer, Daemon, Host, Socket } from './reading.ts';

export function parseHost(section: Section): Host & { readonly tick: number } {
  const first = (word: string): string | undefined => restsOf(section, word)[0];
  const version = /^Docker version ([0-9][^ ,]*)/.exec(plain(first('version') ?? ''))?.[1];
  return {
    uid: integer(first('uid'), 'user id'),
    uptimeSeconds: integer(first('uptime'), 'uptime') / 100,
    epochSeconds: integer(first('epoch'), 'time'),
    tick: integer(first('tick'), 'clock tick'),
    missingTools: restsOf(section, 'missing'),
    dockerGroup: first('power') === 'docker',
    pid1Visible: first('pid1') === 'visible',
    program: first('program') ?? null,
    version: version ?? null,
  };
}

export function parseDaemon(
  section: Section,
  { uptimeSeconds, tick }: { readonly uptimeSeconds: number; readonly tick: number },
): Daemon | null {
  const [chosen] = restsOf(section, 'chosen');
  if (chosen === undefined) return null;
  const line = restsOf(section, 'process').find((rest) => rest.startsWith(`${chosen} `));
  const [pid, state = '?', start] = line?.split(' ') ?? [];
  return {
    pid: integer(pid, 'process id of the daemon'),
    state,
    ageSeconds: Math.max(0, uptimeSeconds - integer(start, 'start time of the daemon') / tick),
    threads: new Map(
      restsOf(section, 'threads').map((rest) => {
        const [name = '', count] = rest.split(' ');
        return [name, integer(count, 'number of threads')];
      }),
    ),
  };
}

export function parseSocket(section: Section): Socket {
  const first = (word: string): string | undefined => restsOf(section, word)[0];
  const [listening, pidFile, pidPath, path] = ['listening', 'pidfile', 'pidpath', 'path'].map(
    first,
  );
  const [pid = '-', process = '-'] = pidFile?.split(' ') ?? [];
  return {
    path: path === undefined ? null : plain(path),
    file: fileOf(first('file')),
    writable: linesOf(section).some(([word]) => word === 'writable'),
    listening: listening === undefined ? null : integer(listening, 'number of listeners'),
    pidFile:
      pidFile === undefined
        ? null
        : {
            path: plain(pidPath ?? ''),
            pid: pid === '-' ? null : integer(pid, 'process id in the pid file'),
            process: process === '-' ? null : plain(process),
          },
  };
}

function fileOf(word: string | undefined): Socket['file'] {
  switch (word) {
    case undefined:
      return null;
    case 'socket':
    case 'other':
    case 'missing':
    case 'hidden':
      return word;
    default:
      throw unreadable(`the socket is "${word.slice(0, 40)}"`);
  }
}

export function parseAnswer(section: Section): Answer {
  const first = (word: string): string | undefined => restsOf(section, word)[0];
  const status = first('rc');
  return {
    what: first('what') ?? '',
    tool: first('tool') ?? 'none',
    limitSeconds: integer(first('limit'), 'time limit'),
    status: status === undefined ? null : integer(status, 'exit status'),
    elapsedSeconds: integer(first('elapsed'), 'elapsed time') / 100,
    info: Object.assign({}, ...restsOf(section, 'info').map(fact)),
    ids: restsOf(section, 'id').filter((id) => /^[0-9a-f]{64}$/.test(id)),
  };
}

/** One member of the JSON of /info. */
function fact(line: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(`{${plain(line)}}`);
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}
