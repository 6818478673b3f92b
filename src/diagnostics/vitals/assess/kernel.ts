import type { Finding, Status } from '../../../core/finding.ts';
import { RECENT } from '../params.ts';
import type { KernelClass, KernelLine, KernelLog, Reading } from '../reading.ts';
import { fullDirectories } from './full-directories.ts';
import { KERNEL_CLASSES, type KernelTrouble } from './kernel-classes.ts';
import { mountedAgain } from './mounted-again.ts';
import { ago, count, evidence, finding, quote } from './words.ts';

export function kernelFindings({ kernel, host }: Reading): readonly Finding[] {
  if (kernel === null) return [];
  const known = Object.entries(KERNEL_CLASSES).flatMap(([name, trouble]) => {
    const found = kernel.classes.get(name);
    return found === undefined ? [] : judge({ name, trouble, found, kernel });
  });
  return [...known, ...fullDirectories(kernel), ...fileServers(kernel)].map((one) =>
    host.container === null
      ? one
      : {
          ...one,
          detail: `${one.detail}\nThis host is a container: the kernel log is that of its machine.`,
        },
  );
}

interface Class {
  readonly name: string;
  readonly trouble: KernelTrouble;
  readonly found: KernelClass;
  readonly kernel: KernelLog;
}

function judge({ name, trouble, found, kernel }: Class): readonly Finding[] {
  const last = found.lines.at(-1);
  const status = byAge(trouble, last?.ageSeconds ?? null);
  if (last === undefined || status === null) return [];
  const devices = [...new Set(found.lines.flatMap(({ text }) => deviceOf(text)))];
  return [
    finding({
      code: trouble.code,
      status,
      subject: devices.length === 1 ? (devices[0] ?? name) : name,
      title: `${trouble.title}${place(devices)}, ${ago(last.ageSeconds)}: ${count(found.total, 'line')} in the kernel log, ${quote(short(last.text))}`,
      detail: [
        trouble.means,
        ...(trouble.ofFileSystem
          ? devices.map((one) => mountedAgain(last, one, kernel) ?? '')
          : []),
        found.recent > 0 ? `${count(found.recent, 'line')} within the last hour.` : '',
        ...found.lines.slice(-5).map(({ ageSeconds, text }) => `${ago(ageSeconds)}: ${text}`),
      ],
      data: {
        class: name,
        lines: found.total,
        linesLastHour: found.recent,
        ...(last.ageSeconds === null ? {} : { secondsAgo: Math.round(last.ageSeconds) }),
        devices,
      },
      evidence: [
        evidence([kernel.source ?? 'dmesg'], found.lines.map(({ text }) => text).join('\n')),
      ],
      next: trouble.next,
    }),
  ];
}

function byAge({ recent, day, lasting }: KernelTrouble, seconds: number | null): Status | null {
  if (seconds === null) return 'warning';
  if (seconds <= RECENT.hourSeconds) return recent;
  if (seconds <= RECENT.daySeconds) return day;
  return lasting ? 'warning' : null;
}

function place(devices: readonly string[]): string {
  return devices.length === 0 ? '' : ` (${devices.slice(0, 3).map(quote).join(', ')})`;
}

/** `I/O error, dev sda, sector`, `EXT4-fs error (device sda1)`, `XFS (dm-0)`, `on dev sdb2`. */
function deviceOf(text: string): readonly string[] {
  const found =
    /\bdev(?:ice)? ([a-z][a-z0-9!-]*)\b/.exec(text) ??
    /\b(?:XFS|EXT[234]-fs|BTRFS|F2FS-fs) \(([a-z][a-z0-9-]*)\)/.exec(text) ??
    /^(nvme\d+n?\d*|ata\d+)(?:[.:]|$)/.exec(text);
  // The journal of sda1 calls itself sda1-8.
  return found?.[1] === undefined ? [] : [found[1].replace(/^(?!dm-\d+$)(.+)-\d+$/, '$1')];
}

function short(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}

/** A file server that came back is no trouble; one that did not is, however long ago that was. */
function fileServers({ classes, source }: KernelLog): readonly Finding[] {
  const gone = new Map<string, KernelLine>();
  const lines = ['nfs', 'nfs-back'].flatMap((name) => classes.get(name)?.lines ?? []);
  // Both classes keep their own order; the age puts them together. Without times the return counts.
  for (const line of lines.toSorted((a, b) => (b.ageSeconds ?? 0) - (a.ageSeconds ?? 0))) {
    const [, server] = /nfs: server (\S+)/.exec(line.text) ?? [];
    if (server === undefined) continue;
    if (line.text.endsWith(' OK')) gone.delete(server);
    else gone.set(server, line);
  }
  return [...gone].map(([server, line]) =>
    finding({
      code: 'vitals.kernel',
      status: 'critical',
      subject: server,
      title: `The NFS server ${quote(server)} stopped answering ${ago(line.ageSeconds)} and has not come back`,
      detail: [
        'Whoever touches its mounts hangs in the kernel and cannot be killed. Look at the server and the network to it, not at this host.',
        line.text,
      ],
      data: {
        class: 'nfs',
        lines: classes.get('nfs')?.total ?? 1,
        linesLastHour: classes.get('nfs')?.recent ?? 0,
        ...(line.ageSeconds === null ? {} : { secondsAgo: Math.round(line.ageSeconds) }),
        devices: [],
      },
      evidence: [evidence([source ?? 'dmesg'], line.text)],
    }),
  );
}
