import { repositoriesOf } from '../damage.ts';
import type { Reading } from '../reading.ts';

/** Why the daemon is not running. */
export interface Reason {
  readonly reason: string;
  /** The line that says so; empty: deduced from the state of the host. */
  readonly said: string;
}

/** What it says when it dies, most telling first. Sources: dockerd 1.12 to 20.10, systemd. */
const FATAL: readonly (readonly [reason: string, pattern: RegExp])[] = [
  ['reference-store', /reference store|tag store/i],
  ['layer-missing', /layer does not exist|failed to get diff ?id|invalid checksum digest format/i],
  ['no-space', /no space left on device|disk quota exceeded/i],
  ['read-only', /read-only file system/i],
  [
    'configuration',
    /unable to configure the Docker daemon|unknown (shorthand )?flag|daemon\.json|specified both as a flag|invalid argument "/i,
  ],
  ['in-use', /pid file found|address already in use|can't create unix socket|port is already/i],
  ['key-file', /key file|key\.json/i],
  ['database', /invalid database|local-kv|metadata database|unknown service containerd/i],
  ['out-of-memory', /out of memory|cannot allocate memory/i],
];

const FAILED =
  /level=fatal|failed to start|error starting daemon|unable to configure|^(\S+ \S+ \S+: )?Status: |unknown (shorthand )?flag|pid file found/i;
const STARTING = /msg="?Starting up|level=info msg="?libcontainerd: (started|new containerd)/;
const RUNNING = /API listen on|completed initialization/;
const STOPPING = /Processing signal|Daemon shutdown complete|Stopp(ed|ing) .*[Dd]ocker/;

/** Of the last start alone: what was said before belongs to another death. */
export function lastStart(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => STARTING.test(line));
  if (at < 0) return lines.slice(-20);
  // A start that failed before it said so (a bad configuration) comes after the shutdown of the one before.
  const after = lines.slice(at);
  const ended = after.findIndex((line) => /Daemon shutdown complete/.test(line));
  const later = ended < 0 ? [] : after.slice(ended + 1);
  return later.some((line) => FAILED.test(line)) ? later : after;
}

/** From its last words; then from the kernel; then from what the host is like now. */
export function reasonOf(reading: Reading): Reason {
  const lines = lastStart(reading.words?.lines ?? []);
  const failed = lines.filter((line) => FAILED.test(line)).at(-1);
  const named = failed === undefined ? null : classify(failed);
  if (named !== null) return named;
  // The last line may be about containerd, which says itself what is wrong.
  const before = failed === undefined ? null : lines.map(classify).findLast((one) => one !== null);
  if (before) return before;
  return killed(reading, lines) ?? nowVisible(reading) ?? silent(reading, lines, failed);
}

function classify(line: string): Reason | null {
  const found = FATAL.find(([, pattern]) => pattern.test(line));
  return found === undefined ? null : { reason: found[0], said: line };
}

function killed(reading: Reading, lines: readonly string[]): Reason | null {
  const { kernel, unit } = reading;
  const systemd = lines.findLast((line) => /oom-kill|OOM killer/.test(line));
  if (unit.get('Result') === 'oom-kill' || systemd !== undefined) {
    return { reason: 'out-of-memory', said: systemd ?? kernel.oom.at(-1) ?? 'Result=oom-kill' };
  }
  const stopped = lines.some((line) => STOPPING.test(line));
  const oom = kernel.oom.findLast((line) => line.includes('dockerd'));
  if (oom !== undefined && !stopped && isAfter(oom, lines, reading))
    return { reason: 'out-of-memory', said: oom };
  const panic = lines.findLast((line) => /^(\S+ \S+ \S+: )?(panic: |fatal error: )/.test(line));
  return panic === undefined ? null : { reason: 'panic', said: panic };
}

/** Whether a line of the kernel, `[seconds since boot] …`, is younger than the last start; unknown counts as yes. */
function isAfter(line: string, lines: readonly string[], { host }: Reading): boolean {
  const seconds = Number(/^\[ *(\d+\.\d+)\]/.exec(line)?.[1] ?? Number.NaN);
  const started = timeOf(lines[0] ?? '');
  const booted = host.epochSeconds - host.uptimeSeconds;
  return !Number.isFinite(seconds) || started === null || booted + seconds >= started;
}

/** When it said so, in seconds since 1970: dockerd's `time="…"`, else the journal's. */
function timeOf(line: string): number | null {
  const text = /time="([^"]+)"/.exec(line)?.[1] ?? /^(\d\S+T\S+) /.exec(line)?.[1] ?? '';
  const time = Date.parse(text);
  return Number.isFinite(time) ? time / 1000 : null;
}

/** What would stop it now, whatever it said. */
function nowVisible({ root, config, store }: Reading): Reason | null {
  if (root.readOnly && root.problem !== 'missing') {
    return { reason: 'read-only', said: '' };
  }
  if (root.availableBytes === 0 || root.inodesFree === 0) return { reason: 'no-space', said: '' };
  const repositories = store?.repositories ?? null;
  if (repositories !== null && repositoriesOf(repositories) === null) {
    return { reason: 'reference-store', said: '' };
  }
  if (config.state === 'read' && config.text.length < 60_000 && !isJson(config.text)) {
    return { reason: 'configuration', said: '' };
  }
  return null;
}

function silent(reading: Reading, lines: readonly string[], failed: string | undefined): Reason {
  if (failed !== undefined) return { reason: 'unknown', said: failed };
  const last = lines.at(-1) ?? '';
  const end = lines.findLast((line) => STOPPING.test(line));
  if (end !== undefined) return { reason: 'stopped', said: end };
  const booted = reading.host.epochSeconds - reading.host.uptimeSeconds;
  const spoke = timeOf(last);
  if (spoke !== null && spoke < booted) return { reason: 'never-started', said: last };
  if (lines.some((line) => RUNNING.test(line))) return { reason: 'killed', said: last };
  const blank = reading.root.problem === 'missing' || reading.root.problem === 'empty';
  if (reading.words === null && (blank || reading.unit.get('Result') === 'success')) {
    return { reason: 'never-started', said: '' };
  }
  return { reason: 'unknown', said: last };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text.trim() === '';
  }
}
