import type { Section } from '../../core/sections.ts';
import { type Get, keyValues, unreadable } from './sections.ts';
import type { Manager, Target } from './state.ts';

/** Exit status of timeout(1), GNU and busybox. */
const TIMED_OUT: readonly (number | null)[] = [124, 143];

export function parseTarget(get: Get, manager: Manager): Target | string {
  const section = get('target');
  const main = parseMain(get('main_start'));
  switch (manager) {
    case 'systemd':
      return systemdUnit(section, main);
    case 'sysv':
      return script(section, main);
    case 'docker':
      return container(section, main);
    case 'none':
    default:
      return 'nothing there can restart it';
  }
}

function parseMain({ body, exitCode }: Section): Target['main'] {
  const [pid = '', startTime = ''] = body.split(' ');
  if (exitCode !== 0 || !/^[1-9]\d*$/.test(pid) || !/^\d+$/.test(startTime)) return null;
  return { pid, startTime };
}

function lastWords({ body, exitCode }: Section, who: string): string {
  if (TIMED_OUT.includes(exitCode)) return `${who} does not answer within 10 s`;
  return body.split('\n').at(-1)?.trim() || `${who} ended with ${exitCode} and said nothing`;
}

/** Properties of systemctl show: org.freedesktop.systemd1(5). */
function systemdUnit(section: Section, main: Target['main']): Target | string {
  if (section.exitCode !== 0) return lastWords(section, 'systemd');
  const unit = keyValues(section.body);
  const { Id: id, ActiveState: state, LoadState: load } = unit;
  if (id === undefined || state === undefined || load === undefined) {
    throw unreadable(`systemctl said "${section.body}"`);
  }
  if (load === 'not-found') return `systemd knows no unit ${id}`;
  const obstacle =
    load !== 'loaded'
      ? `its load state is ${load}${load === 'masked' ? ': somebody has locked it against starting' : ''}`
      : unit['RefuseManualStart'] === 'yes' || unit['RefuseManualStop'] === 'yes'
        ? 'it refuses to be started or stopped by hand'
        : !/^(0( .*)?)?$/.test(unit['Job'] ?? '')
          ? 'systemd is working on it already (a job is queued)'
          : undefined;
  return {
    id,
    name: id,
    state: unit['SubState'] === 'auto-restart' ? 'waiting to be started again' : state,
    main,
    start: unit['InvocationID'] ?? '',
    ...(obstacle === undefined ? {} : { obstacle }),
    notes:
      unit['NeedDaemonReload'] === 'yes'
        ? ['Its file was changed since systemd read it: it starts as it was read, not as it is']
        : [],
  };
}

/** Exit status of an init script's `status`: LSB core 3.1, 22.2. */
function script(section: Section, main: Target['main']): Target | string {
  const { status = '', id = '' } = keyValues(section.body);
  if (id === '') throw unreadable(`script "${section.body}"`);
  const words: Readonly<Record<string, string>> = {
    '0': 'active',
    '1': 'dead, with a pid file left',
    '2': 'dead, with a lock left',
    '3': 'inactive',
  };
  return {
    id,
    name: id,
    state: words[status] ?? (main === null ? `unknown (status ${status})` : 'active'),
    main,
    start: '',
    notes:
      main === null && status === '0'
        ? ['Its main process cannot be told: there is no pid file']
        : [],
  };
}

function container(section: Section, main: Target['main']): Target | string {
  if (section.exitCode !== 0) return lastWords(section, 'docker');
  const [id = '', name = '', status = '', , start = '', image = '', removed] =
    section.body.split('\n');
  if (!/^[0-9a-f]{64}$/.test(id)) throw unreadable(`docker said "${section.body}"`);
  const obstacle =
    status === 'removing' || status === 'dead' ? `docker is removing it (${status})` : undefined;
  return {
    id,
    name: unquoted(name).replace(/^\//, ''),
    state: status === 'running' ? 'active' : status,
    main,
    start,
    ...(obstacle === undefined ? {} : { obstacle }),
    notes: [
      `It runs the image ${unquoted(image)}`,
      ...(removed === 'true' ? ['It was started with --rm'] : []),
      ...(status === 'paused' ? ['It is paused; afterwards it runs'] : []),
    ],
  };
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    throw unreadable(`docker said ${json}`);
  }
}
