import type { Coverage, Finding } from '../../../core/finding.ts';
import { formatDuration } from '../../../core/format.ts';
import { RECENT } from '../params.ts';
import type { Reading } from '../reading.ts';
import { count, finding, quote } from './words.ts';

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  return { privilege: reading.privilege, notes: notes(reading) };
}

function notes(reading: Reading): string[] {
  const { host, clock, samples } = reading;
  const lines: string[] = [];
  if (reading.sudoRefused !== null) lines.push(`sudo was refused: ${reading.sudoRefused}`);
  if (host.container !== null) {
    lines.push(
      `this host is a container (${host.container}): load, pressure and kernel are those of its machine`,
    );
  }
  lines.push(...blindSpots(reading).map(({ title }) => title));
  if (reading.withoutPressure.size > 0) {
    const off = [...reading.withoutPressure.values()].includes('off');
    lines.push(`no pressure information: ${off ? 'turned off (psi=0)' : 'the kernel has none'}`);
  }
  if (reading.conntrack === 'denied') lines.push('connection tracking unreadable');
  if (clock.offset === null) lines.push('the clock was not compared');
  if (clock.sync === null && reading.cutAt === null)
    lines.push('nobody could say whether the clock is synchronised');
  else if (clock.sync?.daemon === false && !clock.sync.synchronised) {
    lines.push('no time daemon found, and the kernel calls the clock not synchronised');
  }
  const unread = (samples.at(-1)?.slept ?? []).filter(({ switches }) => switches === null).length;
  if (unread > 0) lines.push(`${count(unread, 'blocked task')} could not be followed`);
  if (host.missingTools.length > 0) lines.push(`the host lacks ${host.missingTools.join(', ')}`);
  return lines;
}

interface BlindSpot {
  readonly what: string;
  readonly title: string;
  readonly detail: string;
  readonly seen: number;
  readonly total: number;
}

/** Could not look: then the answer is "unknown" and never "fine". */
export function coverageFindings(reading: Reading): readonly Finding[] {
  return blindSpots(reading).map(({ what, title, detail, seen, total }) =>
    finding({
      code: 'vitals.coverage',
      status: 'unknown',
      subject: what,
      title,
      detail: [detail],
      data: { privilege: reading.privilege, seen, total, what },
    }),
  );
}

function blindSpots(reading: Reading): readonly BlindSpot[] {
  if (reading.cutAt !== null) {
    const title = `The probe did not finish: ${reading.cutAt}`;
    const detail =
      'What it saw before is told; a host that is stuck or very slow is a likely reason.';
    return [{ what: 'probe', title, detail, seen: 0, total: 1 }];
  }
  return [...kernelSpots(reading), ...processSpots(reading), ...otherSpots(reading)];
}

function kernelSpot(title: string, detail: string): BlindSpot {
  return { what: 'kernel log', title, detail, seen: 0, total: 1 };
}

function kernelSpots({ kernel, host }: Reading): readonly BlindSpot[] {
  if (kernel === null || kernel.source === null) {
    const restricted = kernel?.restricted === true ? ' (kernel.dmesg_restrict=1)' : '';
    const said = kernel?.refused ?? null;
    return [
      kernelSpot(
        `The kernel log could not be read${restricted}: I/O errors, lock-ups and OOM kills would not be seen`,
        `${said === null ? '' : `dmesg said: ${quote(said)}. `}Allow sudo for this host, or put the account into the group adm or systemd-journal, which may read the journal.`,
      ),
    ];
  }
  const reach = host.uptimeSeconds - (kernel.oldestSeconds ?? 0);
  const short = reach < Math.min(RECENT.hourSeconds, host.uptimeSeconds - 60);
  if (kernel.oldestSeconds === null || !short) return [];
  return [
    kernelSpot(
      `The kernel log reaches back ${formatDuration(reach)} only: what was before it is overwritten`,
      `${count(kernel.lines, 'line')} fill it. Somebody writes much there: look at ${quote(kernel.source)} itself.`,
    ),
  ];
}

function processSpots({ host, descriptors }: Reading): readonly BlindSpot[] {
  const detail = 'Allow sudo for this host to see the processes of everybody.';
  const { seen, total } = descriptors ?? { seen: 0, total: 0 };
  if (!host.pid1Visible) {
    const title =
      'The processes of other users are hidden (hidepid): blocked tasks and full descriptor tables would not be seen';
    const help =
      'Allow sudo for this host, or put the account into the group that the mount option gid= of /proc names (set one where there is none): either shows the processes of everybody.';
    return [{ what: 'processes', title, detail: help, seen, total }];
  }
  if (seen === total) return [];
  const title = `Open descriptors of ${total - seen} of ${count(total, 'process', 'processes')} could not be counted`;
  return [{ what: 'descriptors', title, detail, seen, total }];
}

function otherSpots({ memory, groups, host }: Reading): readonly BlindSpot[] {
  const spots: BlindSpot[] = [];
  if (memory === null) {
    const title = '/proc/meminfo could not be read';
    spots.push({
      what: 'memory',
      title,
      detail: 'Nothing is known about memory.',
      seen: 0,
      total: 1,
    });
  }
  if (groups?.late === true) {
    const title = `Only ${count(groups.walked, 'control group')} were looked at: the walk took too long`;
    spots.push({
      what: 'control groups',
      title,
      detail: 'Limits of further containers are not known.',
      seen: groups.walked,
      total: groups.walked + 1,
    });
  }
  // Without \`timeout\` nothing that may block was run: no kernel log, no time daemon, no control groups.
  if (host.missingTools.includes('timeout')) {
    const title = 'The host has no `timeout`: whatever may block was left out';
    spots.push({
      what: 'tools',
      title,
      detail: 'Install coreutils or busybox.',
      seen: 0,
      total: 1,
    });
  }
  return spots;
}
