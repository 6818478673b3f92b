import type { Finding, Status } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { RECENT } from '../params.ts';
import type { Directory, KernelLine, KernelLog } from '../reading.ts';
import { mountedAgain } from './mounted-again.ts';
import { ago, count, evidence, finding, quote } from './words.ts';

const MEANS =
  'Some new names in it fail with "No space left on device" although blocks and inodes are free: the index that ext4 keeps of a directory is as large as it may be. Delete or move entries, or spread them over subdirectories. For more in one directory: tune2fs -O large_dir on the unmounted file system (Linux 4.13 or later).';

/** `now`: seen to be full; `then`: the file system is the same, the directory was not found; `earlier`: perhaps of another. */
type Standing = 'now' | 'then' | 'earlier';

interface Said {
  readonly line: KernelLine;
  readonly device: string | null;
  readonly inode: number;
  readonly directory: Directory | undefined;
  readonly standing: Standing;
}

/** The kernel names a device and an inode only, and devices are used again: told as full is what is full today. */
export function fullDirectories(kernel: KernelLog): readonly Finding[] {
  const found = kernel.classes.get('directory-full');
  if (found === undefined) return [];
  const groups = new Map<string, readonly Said[]>();
  for (const line of found.lines) {
    const said = stand(line, kernel);
    const key =
      said.standing === 'earlier' ? said.standing : `${said.standing} ${said.device} ${said.inode}`;
    groups.set(key, [...(groups.get(key) ?? []), said]);
  }
  const isEarlier = ([first]: readonly Said[]): number => Number(first?.standing === 'earlier');
  return [...groups.values()]
    .toSorted((a, b) => isEarlier(a) - isEarlier(b))
    .flatMap((group) => {
      const recent = group.filter(({ line }) => isRecent(line)).length;
      return groups.size === 1
        ? judge(group, { kernel, total: found.total, recent: found.recent })
        : judge(group, { kernel, total: group.length, recent });
    });
}

function stand(line: KernelLine, kernel: KernelLog): Said {
  const device = /\(device ([\w!-]+)\)/.exec(line.text)?.[1] ?? null;
  const named =
    /: Directory \(ino: (\d+)\) index full/.exec(line.text) ?? /: inode #(\d+): /.exec(line.text);
  const inode = Number(named?.[1] ?? 0);
  const directory = kernel.directories.find((one) => one.device === device && one.inode === inode);
  return {
    line,
    device,
    inode,
    directory,
    standing: standingOf(line, device, { directory, kernel }),
  };
}

function standingOf(
  line: KernelLine,
  device: string | null,
  { directory, kernel }: { readonly directory: Directory | undefined; readonly kernel: KernelLog },
): Standing {
  if (device === null || directory === undefined || directory.gone) return 'earlier';
  if (directory.sizeBytes !== null) return isFullSize(directory) ? 'now' : 'earlier';
  return mountedAgain(line, device, kernel) === null ? 'then' : 'earlier';
}

/**
 * The root of the index and one level below hold about a block / 8 entries each, none under half full:
 * block³ / 128 bytes and more. Directories of ext4 do not shrink.
 */
function isFullSize({ sizeBytes, blockBytes }: Directory): boolean {
  return (sizeBytes ?? 0) >= (blockBytes ?? 1024) ** 3 / 256;
}

interface Group {
  readonly kernel: KernelLog;
  readonly total: number;
  readonly recent: number;
}

function judge(group: readonly Said[], { kernel, total, recent }: Group): readonly Finding[] {
  const last = group.at(-1);
  const status = last === undefined ? null : statusOf(last);
  if (last === undefined || status === null) return [];
  const devices = [...new Set(group.flatMap(({ device }) => device ?? []))];
  const { directory, line } = last;
  const path = last.standing === 'now' ? (directory?.path ?? null) : null;
  return [
    finding({
      code: 'vitals.kernel',
      status,
      subject: path ?? (devices.length === 1 ? (devices[0] ?? '') : 'directory-full'),
      title: `${answer(last, devices)}: ${count(total, 'line')} in the kernel log${path === null ? '' : `, the last ${ago(line.ageSeconds)}`}`,
      detail: [
        ...(last.standing === 'earlier'
          ? [...new Set(group.map((one) => why(one, kernel)))]
          : [MEANS, where(last)]),
        recent > 0 ? `${count(recent, 'line')} within the last hour.` : '',
        ...group.slice(-5).map((one) => `${ago(one.line.ageSeconds)}: ${one.line.text}`),
      ],
      data: {
        class: 'directory-full',
        lines: total,
        linesLastHour: recent,
        ...(line.ageSeconds === null ? {} : { secondsAgo: Math.round(line.ageSeconds) }),
        devices,
        ...(path === null ? {} : { path }),
      },
      evidence: [
        evidence([kernel.source ?? 'dmesg'], group.map((one) => one.line.text).join('\n')),
      ],
      next: [
        {
          diagnostic: 'disk',
          params:
            last.standing === 'earlier' || directory === undefined
              ? {}
              : { mount: directory.mount },
        },
      ],
    }),
  ];
}

function answer({ standing, directory, line }: Said, devices: readonly string[]): string {
  if (standing === 'now') return `The directory ${quote(directory?.path ?? '')} is full`;
  if (standing === 'then')
    return `A directory on ${quote(directory?.mount ?? '')} was full ${ago(line.ageSeconds)}`;
  const on = devices.length === 0 ? '' : ` (${devices.slice(0, 3).map(quote).join(', ')})`;
  return `A directory was full ${ago(line.ageSeconds)}${on}, perhaps of an earlier file system on this device`;
}

/** Full stays full for as long as it exists; what may be of another file system is told for a day. */
function statusOf({ standing, line: { ageSeconds } }: Said): Status | null {
  if (standing === 'earlier')
    return ageSeconds !== null && ageSeconds > RECENT.daySeconds ? null : 'warning';
  return ageSeconds !== null && ageSeconds <= RECENT.hourSeconds ? 'critical' : 'warning';
}

function isRecent({ ageSeconds }: KernelLine): boolean {
  return ageSeconds !== null && ageSeconds <= RECENT.hourSeconds;
}

function where({ directory, inode }: Said): string {
  if (directory === undefined || inode === 0) return 'The kernel does not say which directory.';
  const { mount, path, sizeBytes } = directory;
  return path === null
    ? `The directory is inode ${inode} on ${quote(mount)}: find it with find ${mount} -xdev -inum ${inode}.`
    : `The directory is ${quote(path)} (inode ${inode} on ${quote(mount)}); its list of names alone takes ${formatBytes(sizeBytes ?? 0)}.`;
}

/** Why it is not said to be full now. */
function why({ device, directory, inode, line }: Said, kernel: KernelLog): string {
  if (device === null) return 'The kernel does not say on which device.';
  if (directory === undefined)
    return `No ext4 that this account can see is mounted from ${quote(device)} now.`;
  const { mount, path, sizeBytes, gone } = directory;
  if (gone)
    return `No directory on ${quote(mount)} has inode ${inode} now: it was removed, or was of an earlier file system on ${quote(device)}.`;
  if (path !== null && sizeBytes !== null)
    return `Inode ${inode} on ${quote(mount)} is ${quote(path)} now, whose list of names takes only ${formatBytes(sizeBytes)}: it is not full.`;
  return mountedAgain(line, device, kernel) ?? '';
}
