import type { Coverage, Finding } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { type Params, UNEXPLAINED_SHARE } from '../params.ts';
import type { Reading } from '../reading.ts';
import { type FileSystem, sawEveryProcess } from './file-system.ts';
import { count, quote } from './words.ts';

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  return {
    privilege: reading.privilege,
    notes:
      reading.cutAt === null
        ? notes(reading)
        : [...notes(reading), `The probe did not finish: ${reading.cutAt}`],
  };
}

function notes(reading: Reading): string[] {
  const lines: string[] = [];
  if (reading.sudoRefused !== null) lines.push(`sudo was refused: ${reading.sudoRefused}`);
  if (reading.host.dockerGroup) {
    lines.push('this account is in the group docker, which is as good as root; that is not used');
  }
  if (!sawEveryProcess(reading)) lines.push(processWords(reading));
  for (const walk of reading.walks) {
    const name = reading.mounts.find((mount) => mount.index === walk.mount)?.mountpoint ?? '?';
    if (walk.deniedDirectories > 0) {
      lines.push(
        `${count(walk.deniedDirectories, 'directory', 'directories')} unreadable below ${quote(name)}`,
      );
    }
    if (!walk.finished) {
      lines.push(
        `walk of ${quote(name)} stopped after ${Math.max(1, Math.round(walk.elapsedSeconds))} s`,
      );
    }
  }
  if (reading.containers[0]?.unreadable === true) lines.push('container logs unreadable');
  reading.mounts.forEach((mount, i) => {
    if (reading.samples[0]?.facts[i] === null)
      lines.push(`${quote(mount.mountpoint)} could not be measured`);
  });
  if (reading.host.missingTools.length > 0) {
    lines.push(`the host lacks ${reading.host.missingTools.join(', ')}`);
  }
  return lines;
}

function processWords({ processes, host, deleted }: Reading): string {
  if (!deleted.scanned) return 'open files were not looked at';
  // hidepid: the processes of others are not even counted (proc(5)).
  if (!host.pid1Visible)
    return `${processes.total - processes.denied} processes readable; those of other users are hidden (hidepid)`;
  return `${processes.total - processes.denied} of ${processes.total} processes readable`;
}

/** Could not look, and it matters: then the answer is "unknown" and never "fine". */
export function coverageFindings(
  reading: Reading,
  systems: readonly FileSystem[],
  params: Params,
): Finding[] {
  const asked = askedProblem(reading, params);
  if (asked !== null) {
    const remedy = 'Name the mount point of a local file system, or a path on one.';
    const subject = params.mount ?? '/';
    const what = 'file system';
    return [finding(reading, { subject, what, title: asked, seen: 0, total: 1, remedy })];
  }
  const { total, denied } = reading.processes;
  const seen = total - denied;
  const dark = systems.flatMap((system) => {
    const spot = blindSpot(system, reading);
    const what = 'deleted files and holders';
    const subject = system.mount.mountpoint;
    return spot === null ? [] : [finding(reading, { subject, what, ...spot, seen, total })];
  });
  return [...unmeasured(reading), ...unfinished(reading), ...dark];
}

function unmeasured(reading: Reading): Finding[] {
  const facts = reading.samples[0]?.facts ?? [];
  const failed = reading.mounts.filter((_, i) => facts[i] === null);
  const total = reading.mounts.length;
  if (total > 0 && failed.length === 0) return [];
  const names = failed.map((mount) => quote(mount.mountpoint)).join(', ');
  const title =
    names === '' ? 'No local file system could be found' : `${names} could not be measured`;
  const subject = failed[0]?.mountpoint ?? '/';
  return [
    finding(reading, { subject, what: 'file systems', title, seen: total - failed.length, total }),
  ];
}

function unfinished(reading: Reading): Finding[] {
  if (reading.cutAt === null) return [];
  const title = `The probe did not finish: ${reading.cutAt}`;
  const blind = { subject: '/', what: 'probe', title, remedy: MORE_TIME };
  return [finding(reading, { ...blind, seen: 0, total: 1 })];
}

function askedProblem({ problem, asked, mounts }: Reading, params: Params): string | null {
  if (params.mount === undefined) return null;
  const path = quote(params.mount);
  if (problem === 'missing') return `${path} does not exist on this host`;
  if (problem === 'denied') return `${path} cannot be reached without more rights`;
  if (asked?.kind === 'hazard') {
    return `${path} is on ${asked.type} (${quote(asked.mountpoint)}), which is never touched: a network or foreign file system may hang`;
  }
  if (asked?.kind === 'pseudo')
    return `${path} is on ${asked.type}, which holds no files on a disk`;
  return mounts.length === 0 ? `${path} is on no file system that can be looked at` : null;
}

/** What of a full file system stays in the dark, and what helps; null: enough was seen. */
function blindSpot(
  system: FileSystem,
  reading: Reading,
): Pick<Blindness, 'title' | 'remedy'> | null {
  if (system.bytesLevel === 'ok' && system.inodesLevel === 'ok') return null;
  const { walk, unexplainedBytes, facts, mount } = system;
  const name = quote(mount.mountpoint);
  const dark = (unexplainedBytes ?? system.usedBytes) > facts.sizeBytes * UNEXPLAINED_SHARE;
  const processes = sawEveryProcess(reading) ? null : processWords(reading);
  if (processes !== null && (dark || reading.privilege === 'none')) {
    const most =
      unexplainedBytes === null
        ? ''
        : `; ${formatBytes(Math.max(0, unexplainedBytes))} of it is unaccounted for`;
    return {
      title: `Deleted files that fill ${name} could not be looked for: ${processes}${most}`,
      remedy: processRemedy(reading),
    };
  }
  const part = `What fills ${name} was seen in part only: `;
  const missing = formatBytes(unexplainedBytes ?? 0);
  if (walk === null) return { title: `What fills ${name} was not looked at` };
  if (!walk.finished && dark)
    return { title: `${part}${missing} are unaccounted for`, remedy: MORE_TIME };
  if (walk.deniedDirectories > 0 && dark) {
    const closed = count(walk.deniedDirectories, 'directory', 'directories');
    return { title: `${part}${closed} unreadable, ${missing} unaccounted for` };
  }
  return null;
}

interface Blindness {
  readonly subject: string;
  /** What could not be seen, in one or two words. */
  readonly what: string;
  readonly title: string;
  readonly seen: number;
  readonly total: number;
  readonly remedy?: string;
}

function finding(reading: Reading, { title, remedy, ...blind }: Blindness): Finding {
  return {
    code: 'disk.coverage',
    status: 'unknown',
    subject: blind.subject,
    title,
    detail: [...notes(reading), remedy ?? usualRemedy(reading)].join('\n'),
    data: {
      privilege: reading.privilege,
      seen: blind.seen,
      total: blind.total,
      what: blind.what,
    },
    evidence: [],
    fixes: [],
    next: [],
  };
}

const MORE_TIME = 'Look again with a larger timeBudgetSeconds, or at one file system with mount=….';

function usualRemedy({ privilege }: Reading): string {
  return privilege === 'none'
    ? 'Run as root or allow sudo for this host to see everything.'
    : MORE_TIME;
}

/** Links in /proc/PID/fd take ptrace access (proc(5)); gid= of a mount with hidepid lists processes, and no more. */
function processRemedy(reading: Reading): string {
  const { privilege, host, deleted } = reading;
  if (!deleted.scanned) return usualRemedy(reading);
  if (privilege !== 'none')
    return 'Not even root may look into the others: this account is root of a container, or a security module forbids it. Look from the host itself.';
  return host.pid1Visible
    ? usualRemedy(reading)
    : 'Run as root, or give this account sudo and set sudo: true for this host: only root sees which deleted files the processes of others hold open. The group of gid= of the mount of /proc would see these processes (hidepid), but not their files.';
}
