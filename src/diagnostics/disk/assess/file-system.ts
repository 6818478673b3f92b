import type { Status } from '../../../core/finding.ts';
import type { Params } from '../params.ts';
import type { DeletedFile, Facts, LoopFile, MappedFile, Mount, Reading, Walk } from '../reading.ts';

/** One file system with all that is known about it: what every finding of it starts from. */
export interface FileSystem {
  readonly mount: Mount;
  readonly facts: Facts;
  readonly usedBytes: number;
  /** As df: used / (used + available). */
  readonly usedPercent: number;
  /** Free, but for root only. Not part of what is used. */
  readonly reservedBytes: number;
  /** Null: the file system makes inodes as it needs them. */
  readonly inodesUsedPercent: number | null;
  readonly bytesLevel: Status;
  readonly inodesLevel: Status;
  readonly inMemory: boolean;
  /** The named ones, largest first. */
  readonly deleted: readonly DeletedFile[];
  readonly deletedCount: number;
  readonly deletedBytes: number;
  /** False: there may be more deleted files than these. */
  readonly sawEveryProcess: boolean;
  readonly mapped: readonly MappedFile[];
  readonly mappedBytes: number;
  readonly loops: readonly LoopFile[];
  readonly walk: Walk | null;
  /** Used, but neither in visible nor in deleted files. Null: nobody looked. */
  readonly unexplainedBytes: number | null;
}

export function fileSystems(reading: Reading, params: Params): readonly FileSystem[] {
  const all = reading.samples[0]?.facts ?? [];
  return reading.mounts.flatMap((mount, i) => {
    const facts = all[i] ?? null;
    // A root overlay answers statfs for the disk below: once is enough.
    if (mount.kind === 'overlay' && all.some((one, j) => j !== i && sameFacts(one, facts)))
      return [];
    return facts === null || facts.sizeBytes === 0 ? [] : [describe(mount, facts, reading, params)];
  });
}

function sameFacts(a: Facts | null, b: Facts | null): boolean {
  if (a === null || b === null) return false;
  return a.sizeBytes === b.sizeBytes && a.freeBytes === b.freeBytes && a.inodes === b.inodes;
}

function describe(mount: Mount, facts: Facts, reading: Reading, params: Params): FileSystem {
  const usedBytes = facts.sizeBytes - facts.freeBytes;
  const room = usedBytes + facts.availableBytes;
  const usedPercent = room === 0 ? 0 : (usedBytes * 100) / room;
  const inodesUsed = facts.inodes - facts.inodesFree;
  const inodesUsedPercent = facts.inodes === 0 ? null : (inodesUsed * 100) / facts.inodes;
  // What nobody can write to is meant to be full: images, and what was mounted read-only on purpose.
  const fixed = mount.kind === 'image' || (mount.readOnlyMount && !brokenReadOnly(mount));
  const level = (percent: number | null): Status => {
    if (fixed || percent === null) return 'ok';
    return percent >= params.criticalPercent
      ? 'critical'
      : percent >= params.warnPercent
        ? 'warning'
        : 'ok';
  };
  const sum = reading.deleted.sums.get(mount.device) ?? { count: 0, bytes: 0 };
  const deleted = reading.deleted.files.filter((file) => file.disk === mount.device);
  const mapped = reading.mapped.filter(
    (file) =>
      file.device === mount.device &&
      !deleted.some((open) => open.inode === file.inode && open.device === file.device),
  );
  const mappedBytes = mapped.reduce((bytes, file) => bytes + file.sizeBytes, 0);
  const walk = reading.walks.find((one) => one.mount === mount.index) ?? null;
  return {
    mount,
    facts,
    usedBytes,
    usedPercent,
    reservedBytes: Math.max(0, facts.freeBytes - facts.availableBytes),
    inodesUsedPercent,
    bytesLevel: level(usedPercent),
    inodesLevel: level(inodesUsedPercent),
    inMemory: mount.type === 'tmpfs' || mount.type === 'devtmpfs',
    deleted,
    deletedCount: sum.count,
    deletedBytes: sum.bytes,
    sawEveryProcess: sawEveryProcess(reading),
    mapped,
    mappedBytes,
    loops: reading.loops.filter((loop) => mountOf(loop.path, reading.mounts) === mount),
    walk,
    unexplainedBytes:
      walk === null ? null : usedBytes - walk.visibleBytes - sum.bytes - mappedBytes,
  };
}

export function sawEveryProcess({ processes, host, deleted }: Reading): boolean {
  return deleted.scanned && processes.denied === 0 && host.pid1Visible;
}

/** Writable as mounted, read-only as a file system: only the kernel does that, after an error. */
export function brokenReadOnly(mount: Mount): boolean {
  return mount.readOnlySuper && !mount.readOnlyMount && mount.kind === 'local';
}

/** The listed mount that a path lies on, by its longest mount point. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  const holds = (point: string): boolean =>
    point === '/' || path === point || path.startsWith(`${point}/`);
  return mounts
    .filter((mount) => [mount.mountpoint, ...mount.also].some(holds))
    .reduce<Mount | null>(
      (best, one) => (best === null || one.mountpoint.length > best.mountpoint.length ? one : best),
      null,
    );
}
