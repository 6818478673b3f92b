import type { Privilege } from '../../core/command.ts';

/** What the probe saw: names are already safe to show (see `displayName`), sizes in bytes. */
export interface Reading {
  readonly privilege: Privilege;
  readonly sudoRefused: string | null;
  readonly host: HostFacts;
  readonly processes: { readonly total: number; readonly denied: number };
  /** Why the asked file system could not be looked at. */
  readonly problem: 'missing' | 'denied' | null;
  /** What lies at the asked path. */
  readonly asked: Place | null;
  /** Network and other foreign mounts, left alone. */
  readonly skipped: readonly { readonly type: string; readonly mountpoint: string }[];
  readonly mounts: readonly Mount[];
  readonly samples: readonly Sample[];
  readonly containers: readonly ContainerSample[];
  readonly deleted: Deleted;
  readonly mapped: readonly MappedFile[];
  readonly loops: readonly LoopFile[];
  readonly walks: readonly Walk[];
  /** Null when the probe ran to its end; else where it stopped. */
  readonly cutAt: string | null;
}

export interface HostFacts {
  readonly uid: number;
  readonly bootId: string;
  /** Seconds since the epoch. */
  readonly bootTime: number;
  /** Clock ticks per second of process start times. */
  readonly tick: number;
  /** Not root, but in the group docker: as good as root, and not used. */
  readonly dockerGroup: boolean;
  readonly pid1Visible: boolean;
  readonly missingTools: readonly string[];
}

export interface Place {
  readonly kind: string;
  readonly type: string;
  readonly mountpoint: string;
}

export interface Mount {
  readonly index: number;
  /** `major:minor`. */
  readonly device: string;
  readonly kind: 'local' | 'overlay' | 'image';
  readonly type: string;
  /** `ro` of this mount, as `mount -o ro` sets it. */
  readonly readOnlyMount: boolean;
  /** `ro` of the file system itself: the kernel sets it after an error. */
  readonly readOnlySuper: boolean;
  readonly errorsRemount: boolean;
  readonly fstab: 'ro' | 'rw' | 'none';
  readonly source: string;
  readonly root: string;
  readonly mountpoint: string;
  /** Other mount points of the same device. */
  readonly also: readonly string[];
  /** Mounts that cover directories of this one. */
  readonly under: readonly string[];
}

/** statfs(2), in bytes. */
export interface Facts {
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

export interface Sample {
  /** Seconds since boot. */
  readonly atSeconds: number;
  /** In the order of `mounts`; null: statfs failed. */
  readonly facts: readonly (Facts | null)[];
}

export interface ContainerSample {
  readonly atSeconds: number;
  readonly unreadable: boolean;
  readonly root: string | null;
  /** Device of the file system that holds the logs. */
  readonly mountpoint: string | null;
  readonly logs: readonly ContainerLog[];
  /** At most 200; only in the first sample. */
  readonly running: readonly RunningContainer[];
}

export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  /** As it was named when the container was made: `web:1.4`. */
  readonly image: string;
}

export interface ContainerLog {
  readonly id: string;
  readonly name: string | null;
  readonly path: string;
  readonly sizeBytes: number;
  readonly diskBytes: number;
  /** `max-size` as configured, e.g. `10m`; null: none, unbounded. */
  readonly maxSize: string | null;
}

export interface Deleted {
  /** False: the part of the output about deleted files is missing. */
  readonly scanned: boolean;
  readonly sums: ReadonlyMap<string, { readonly count: number; readonly bytes: number }>;
  /** Largest first. */
  readonly files: readonly DeletedFile[];
}

export interface DeletedFile {
  /** Device of the disk that holds its blocks. */
  readonly disk: string;
  /** st_dev, `major:minor`: an overlay's own for files of containers. */
  readonly device: string;
  readonly inode: number;
  readonly lengthBytes: number;
  /** Allocated blocks: what deleting would have freed. */
  readonly sizeBytes: number;
  readonly pid: number;
  readonly fd: number;
  /** open(2) flags of the descriptor; null: not readable. */
  readonly flags: number | null;
  readonly type: string;
  /** Clock ticks after boot. */
  readonly startTicks: number | null;
  readonly descriptors: number;
  readonly holders: number;
  readonly pids: readonly number[];
  readonly path: string;
  readonly process: string;
  /** 64 hex digits. */
  readonly containerId: string | null;
}

export interface MappedFile {
  readonly pid: number;
  readonly process: string;
  readonly device: string;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly path: string;
}

export interface LoopFile {
  readonly name: string;
  readonly path: string;
  /** The size of the loop device: its backing file holds at most that. */
  readonly atMostBytes: number;
}

export interface Walk {
  readonly mount: number;
  readonly visibleBytes: number;
  readonly inodes: number;
  /** False: stopped by its time budget. */
  readonly finished: boolean;
  readonly deniedDirectories: number;
  readonly elapsedSeconds: number;
  readonly directories: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly entries: number;
  }[];
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly lengthBytes: number;
  }[];
  readonly crowded: readonly { readonly path: string; readonly entries: number }[];
}
