import type { Privilege } from '../../core/command.ts';

/** What the probe saw, as numbers and names. Names are displayed names: nothing hidden in them. */
export interface Reading {
  readonly privilege: Privilege;
  readonly sudoRefused: string | null;
  readonly host: Host;
  readonly clock: ClockReading;
  readonly memory: Memory | null;
  readonly pressure: readonly Pressure[];
  /** PSI kinds that the kernel does not tell, with why: `absent` or `off`. */
  readonly withoutPressure: ReadonlyMap<string, string>;
  /** Two, or fewer when the output was cut. */
  readonly samples: readonly Sample[];
  readonly top: Top;
  readonly waits: Waits;
  readonly kernel: KernelLog | null;
  readonly groups: Groups | null;
  readonly descriptors: Descriptors | null;
  readonly limits: ReadonlyMap<string, number>;
  readonly queues: QueueOwners;
  readonly conntrack: { readonly count: number; readonly max: number } | 'denied' | null;
  /** Where a process belongs: pid → control group. */
  readonly owners: ReadonlyMap<number, string>;
  /** Why the output is not whole; null: it is. */
  readonly cutAt: string | null;
}

export interface Host {
  readonly uid: number;
  /** Clock ticks per second of processor times. */
  readonly tick: number;
  readonly pageBytes: number;
  /** What kind of container this "host" is; null: none. */
  readonly container: string | null;
  readonly pid1Visible: boolean;
  readonly missingTools: readonly string[];
  readonly uptimeSeconds: number;
  /** Its own clock when the probe began, seconds since 1970. */
  readonly epochSeconds: number;
}

export interface ClockReading {
  /** The host's clock minus Housecall's: the least and the most it can be, seconds. Null: not known. */
  readonly offset: { readonly least: number; readonly most: number } | null;
  /** What the time daemon or the kernel says. */
  readonly sync: ClockSync | null;
}

export interface ClockSync {
  readonly source: string;
  readonly synchronised: boolean;
  /** A daemon says so itself; the kernel's flag alone is set on many hosts that nobody synchronises. */
  readonly daemon: boolean;
  /** Distance from the time servers, seconds, where the daemon tells. */
  readonly offsetSeconds: number | null;
  readonly said: readonly string[];
}

/** /proc/meminfo in bytes; keys as there. */
export interface Memory {
  readonly bytes: ReadonlyMap<string, number>;
  /** vm.overcommit_memory. */
  readonly overcommit: number;
  readonly lines: string;
}

export interface Pressure {
  readonly kind: string;
  readonly scope: string;
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
}

export interface Sample {
  readonly atSeconds: number;
  readonly load: readonly [number, number, number];
  readonly threads: number;
  readonly running: number;
  /** In clock ticks: user nice system idle iowait irq softirq steal. `cpu` is all of them together. */
  readonly cpus: ReadonlyMap<string, readonly number[]>;
  readonly counters: ReadonlyMap<string, number>;
  /** nf_conntrack: sums over the processors, by column. */
  readonly track: ReadonlyMap<string, number>;
  /** Threads in uninterruptible sleep; null: not counted in this sample. */
  readonly blocked: number | null;
  readonly slept: readonly Slept[];
  /** Per network namespace, by a process in it: listen overflows and drops since it began. */
  readonly spaces: ReadonlyMap<number, { readonly overflows: number; readonly drops: number }>;
  readonly queues: readonly Queue[];
}

export interface Slept {
  readonly task: string;
  readonly pid: number;
  readonly start: string;
  readonly kernel: boolean;
  /** How often it went to sleep; the same in both samples: the same sleep. Null: not readable. */
  readonly switches: number | null;
  readonly name: string;
}

export interface Queue {
  readonly pid: number;
  /** `0.0.0.0:80`. */
  readonly address: string;
  readonly inode: string;
  readonly waiting: number;
}

export interface Process {
  readonly pid: number;
  readonly name: string;
}

export interface Top {
  readonly rss: readonly (Process & { readonly bytes: number })[];
  readonly cpu: readonly (Process & { readonly ticks: number })[];
}

export interface Wait {
  readonly wchan: string;
  readonly stack: readonly string[];
  readonly file: string | null;
  readonly cwd: string | null;
  /** Its control group is frozen. */
  readonly frozen: boolean;
}

export interface Waits {
  readonly tasks: ReadonlyMap<string, Wait>;
  readonly mounts: readonly {
    readonly type: string;
    readonly source: string;
    readonly point: string;
  }[];
}

export interface KernelLog {
  /** `dmesg`, `journalctl` or a path; null: nothing was readable. */
  readonly source: string | null;
  readonly refused: string | null;
  readonly restricted: boolean;
  readonly lines: number;
  /** First time in what could be read, seconds after boot; null: lines carry no time. */
  readonly oldestSeconds: number | null;
  readonly classes: ReadonlyMap<string, KernelClass>;
  /** Devices that the lines name, with how long ago the log says that something was mounted on them last. */
  readonly mounts: ReadonlyMap<string, number | null>;
  readonly directories: readonly Directory[];
}

/** An inode that the log calls full, on the ext file system that is mounted from that device now. */
export interface Directory {
  readonly device: string;
  /** 0: the kernel did not say. */
  readonly inode: number;
  readonly mount: string;
  /** The directory that has this inode now; null: not found. */
  readonly path: string | null;
  readonly sizeBytes: number | null;
  readonly blockBytes: number | null;
  /** Everything was searched, and no directory has this inode. */
  readonly gone: boolean;
}

export interface KernelClass {
  readonly total: number;
  /** Within the last hour. */
  readonly recent: number;
  /** The last ones, oldest first. */
  readonly lines: readonly KernelLine[];
}

export interface KernelLine {
  /** Seconds before the look; null: the line carries no time. */
  readonly ageSeconds: number | null;
  readonly text: string;
}

export interface Groups {
  readonly walked: number;
  readonly late: boolean;
  readonly list: readonly Group[];
}

export interface Group {
  readonly path: string;
  readonly oomKills: number;
  /** Out of memory now, and its processes stopped instead of killed. */
  readonly underOom: boolean;
  /** Only of groups near their limit. */
  readonly limitBytes: number | null;
  readonly usageBytes: number | null;
  readonly cacheBytes: number;
  readonly pidsMax: number | null;
  readonly pids: number | null;
  readonly forksDenied: number;
}

export interface Descriptors {
  readonly allocated: number;
  readonly max: number;
  readonly seen: number;
  readonly total: number;
  readonly processes: readonly (Process & {
    readonly open: number;
    readonly limit: number;
    readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  })[];
}

export interface QueueOwners {
  /** Inode → longest allowed. */
  readonly limits: ReadonlyMap<string, number>;
  readonly owners: ReadonlyMap<string, Process>;
  /** Process → state letters of all that share the socket. */
  readonly states: ReadonlyMap<number, string>;
}
