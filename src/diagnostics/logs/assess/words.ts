import type { Evidence } from '../../../core/finding.ts';
import type { LogSample, OpenLog, Reading } from '../reading.ts';

/** `1 file`, `3 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A name as code. Names and lines never hold a backtick: it is escaped where they are decoded. */
export function quote(name: string): string {
  return `\`${name}\``;
}

export function evidence(argv: readonly string[], output: string, exitCode = 0): Evidence {
  return { argv, exitCode, output, truncated: false };
}

/** What a log is called in a title: the name of a container says more than the path of its log. */
export function logName({ path, container, deleted }: LogSample): string {
  if (container !== null) return `The log of container ${container}`;
  return `${quote(path)}${deleted ? ' (deleted)' : ''}`;
}

/** open(2) flags as /proc/pid/fdinfo has them, x86 and arm64 alike. */
const O_APPEND = 0o2000;

/** Null: not known. */
export function appends({ flags }: OpenLog): boolean | null {
  return flags === null ? null : (flags & O_APPEND) !== 0;
}

/** Whether nobody's descriptors stayed closed to us; a hardened process or two are closed to root too. */
export function sawWriters({ privilege, host, processes }: Reading): boolean {
  if (privilege === 'none') return processes.denied === 0 && host.pid1Visible;
  return processes.denied * 2 <= processes.total;
}

export function processWords({ processes, host }: Reading): string {
  const seen = processes.total - processes.denied;
  // hidepid: the processes of others are not even counted (proc(5)).
  return host.pid1Visible
    ? `${seen} of ${processes.total} processes readable`
    : `${seen} processes readable; those of other users are hidden (hidepid)`;
}

export function writerWords({ process, pid }: OpenLog, container: string | null): string {
  return `${process} (pid ${pid}${container === null ? '' : `, container ${container}`})`;
}
