import type { Finding, FixOffer, Status } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { looksLikeLog } from '../../../core/log-name.ts';
import { DELETED } from '../params.ts';
import type { DeletedFile, Reading } from '../reading.ts';
import type { FileSystem } from './file-system.ts';
import { count, evidence, quote } from './words.ts';

/** open(2) flags as /proc/pid/fdinfo has them, x86 and arm64 alike. */
const O_ACCMODE = 0o3;
const O_APPEND = 0o2000;
const O_TMPFILE = 0o20000000;

const MOST = 10;

export function deletedOpenFiles(system: FileSystem, reading: Reading): Finding[] {
  const { bytesLevel, facts, inMemory } = system;
  // In memory they take no disk: only a full tmpfs makes them matter.
  if (inMemory && bytesLevel === 'ok') return [];
  const share = bytesLevel === 'ok' ? DELETED.healthyShare : DELETED.fullShare;
  const least = Math.max(DELETED.minBytes, facts.sizeBytes * share);
  return system.deleted
    .filter((file) => file.sizeBytes >= (bytesLevel === 'ok' ? Math.min(least, 1e9) : least))
    .slice(0, MOST)
    .map((file) => describe(file, system, reading));
}

function describe(file: DeletedFile, system: FileSystem, reading: Reading): Finding {
  const container = containerOf(file, reading);
  const { host } = reading;
  const startedAt =
    file.startTicks === null
      ? null
      : new Date((host.bootTime + file.startTicks / host.tick) * 1000).toISOString();
  return {
    code: 'disk.deleted-open-file',
    status: levelOf(file, system),
    subject: system.mount.mountpoint,
    title: `${nameOf(file)} is still held open as fd ${file.fd} of ${file.process} (pid ${file.pid})${container === null ? '' : `, container ${container}`}`,
    detail: detail(file, system, startedAt).join('\n'),
    data: {
      mount: system.mount.mountpoint,
      path: file.path,
      pid: file.pid,
      fd: file.fd,
      process: file.process,
      ...(container === null ? {} : { container }),
      sizeBytes: file.sizeBytes,
      lengthBytes: file.lengthBytes,
      inode: file.inode,
      device: file.device,
      ...(startedAt === null ? {} : { processStartedAt: startedAt }),
      processStartTicks: file.startTicks,
      bootId: host.bootId,
      append: file.flags === null ? null : (file.flags & O_APPEND) !== 0,
    },
    evidence: [
      evidence(['readlink', `/proc/${file.pid}/fd/${file.fd}`], `${file.path} (deleted)`),
      evidence(
        [
          'stat',
          '-L',
          '-c',
          'device %d inode %i links %h blocks %b',
          `/proc/${file.pid}/fd/${file.fd}`,
        ],
        `device ${file.device} inode ${file.inode} links 0 blocks ${file.sizeBytes / 512}`,
      ),
    ],
    fixes: offer(file, system),
    // Why nobody told the writer: the logrotate stanza at fault.
    next: truncatable(file) ? [{ diagnostic: 'logs', params: {} }] : [],
  };
}

function levelOf(file: DeletedFile, { bytesLevel, facts }: FileSystem): Status {
  if (bytesLevel === 'ok') return 'warning';
  return file.sizeBytes >= facts.sizeBytes * 0.05 ? bytesLevel : 'warning';
}

function isUnnamed(file: DeletedFile): boolean {
  return file.flags !== null && (file.flags & O_TMPFILE) !== 0;
}

function nameOf(file: DeletedFile): string {
  const size = formatBytes(file.sizeBytes);
  return isUnnamed(file)
    ? `An unnamed temporary file (O_TMPFILE, inode ${file.inode}, ${size})`
    : `${quote(file.path)} (deleted, ${size})`;
}

function detail(file: DeletedFile, system: FileSystem, startedAt: string | null): string[] {
  const lines = [
    `Its blocks on ${quote(system.mount.mountpoint)} are freed only when the last descriptor closes${file.descriptors > 1 ? `: ${count(file.descriptors, 'descriptor')} in ${count(file.holders, 'process', 'processes')} (pid ${file.pids.join(', ')}${file.holders > file.pids.length ? ', …' : ''})` : ''}.`,
  ];
  if (startedAt !== null)
    lines.push(`The process runs since ${startedAt.slice(0, 16).replace('T', ' ')} UTC.`);
  if (file.lengthBytes !== file.sizeBytes && file.lengthBytes > file.sizeBytes * 1.1) {
    lines.push(
      `Its length is ${formatBytes(file.lengthBytes)}, but it is sparse: only allocated blocks take space.`,
    );
  }
  if (file.type === 'overlay') lines.push('The path is the one inside the container.');
  if (isUnnamed(file)) {
    lines.push(
      'It never had a name: the program made it as scratch space and frees it when it ends. Do not truncate it.',
    );
  } else if (system.inMemory)
    lines.push('It lies in memory and is likely shared: truncating it would crash its users.');
  else if (!truncatable(file)) {
    lines.push(
      'It does not look like a log, so emptying it could break the program: restart the process to free it.',
    );
  } else if (file.flags !== null && (file.flags & O_APPEND) === 0) {
    lines.push(
      'It was opened without O_APPEND: after a truncation the next write lands at the old offset, so the length jumps back with a hole (few blocks, NUL bytes in front); the space is freed all the same.',
    );
  }
  return lines;
}

function truncatable(file: DeletedFile): boolean {
  const writable = file.flags !== null && (file.flags & O_ACCMODE) !== 0;
  return writable && !isUnnamed(file) && looksLikeLog(file.path);
}

/** Whoever sees a descriptor is root or the user of the process, and may so empty what it holds: proc(5). */
function offer(file: DeletedFile, system: FileSystem): FixOffer[] {
  if (system.inMemory || !truncatable(file)) return [];
  if (file.sizeBytes < DELETED.minBytes) return [];
  const { pid, fd, inode, device } = file;
  return [{ fix: 'truncate-deleted-file', params: { pid, fd, inode, device } }];
}

/** By name where docker's own records could be read, else by its short id. */
function containerOf(file: DeletedFile, reading: Reading): string | null {
  const id = file.containerId;
  if (id === null) return null;
  const names = reading.containers.flatMap((sample) => sample.logs);
  return names.find((log) => log.id === id)?.name ?? id.slice(0, 12);
}
