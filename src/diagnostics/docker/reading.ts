import type { Privilege } from '../../core/command.ts';

/** What the probe saw. Texts are safe to show (see `plain`); sizes in bytes, times in seconds. */
export interface Reading {
  readonly privilege: Privilege;
  readonly sudoRefused: string | null;
  readonly host: Host;
  /** Of the host itself, not of a container. Null: none is seen. */
  readonly daemon: Daemon | null;
  readonly config: { readonly path: string; readonly state: string; readonly text: string };
  /** `systemctl show` of docker.service; empty: no systemd. */
  readonly unit: ReadonlyMap<string, string>;
  readonly socket: Socket;
  /** In the order asked; the first that got none is the last. */
  readonly answers: readonly Answer[];
  /** Lines of its log that tell something, oldest first. Null: no log could be read. */
  readonly words: { readonly source: string; readonly lines: readonly string[] } | null;
  readonly kernel: {
    readonly seen: boolean;
    readonly oom: readonly string[];
    /** Logs closed to us. */
    readonly denied: readonly string[];
  };
  readonly root: Root;
  /** Null: not looked at. */
  readonly store: Store | null;
  /** Null when the probe ran to its end; else where it stopped. */
  readonly cutAt: string | null;
}

export interface Host {
  readonly uid: number;
  readonly uptimeSeconds: number;
  /** Seconds since 1970 there. */
  readonly epochSeconds: number;
  readonly missingTools: readonly string[];
  /** Not root, but in the group docker: as good as root. */
  readonly dockerGroup: boolean;
  readonly pid1Visible: boolean;
  /** Path of dockerd; null: not installed. */
  readonly program: string | null;
  /** What it says of itself, e.g. `20.10.24+dfsg1`. */
  readonly version: string | null;
}

export interface Daemon {
  readonly pid: number;
  /** As in /proc/pid/stat: `S` sleeping, `T` stopped, `D` waiting for a disk … */
  readonly state: string;
  readonly ageSeconds: number;
  /** Its threads by state. */
  readonly threads: ReadonlyMap<string, number>;
}

export interface Socket {
  readonly path: string | null;
  readonly file: 'socket' | 'other' | 'missing' | 'hidden' | null;
  readonly writable: boolean;
  /** Who accepts connections there; null: not known. */
  readonly listening: number | null;
  readonly pidFile: {
    readonly path: string;
    readonly pid: number | null;
    readonly process: string | null;
  } | null;
}

export interface Answer {
  readonly what: string;
  readonly tool: string;
  readonly limitSeconds: number;
  /** Exit status of the asking tool; null: not asked. */
  readonly status: number | null;
  readonly elapsedSeconds: number;
  readonly info: Readonly<Record<string, unknown>>;
  readonly ids: readonly string[];
}

export interface Root {
  readonly path: string;
  readonly local: boolean;
  readonly type: string;
  readonly readOnly: boolean;
  readonly mountpoint: string;
  readonly availableBytes: number | null;
  /** Null: not known, or the file system has no fixed number. */
  readonly inodesFree: number | null;
  readonly problem: 'hazard' | 'missing' | 'denied' | 'graph' | 'empty' | null;
}

export interface Store {
  readonly driver: string | null;
  /** Some of it was closed to us, or came without its end. */
  readonly partial: boolean;
  /** Images are (also) in the store of containerd. */
  readonly snapshotter: boolean;
  readonly images: readonly ImageEntry[];
  readonly layers: readonly LayerEntry[];
  /** Directories half made by an interrupted load: harmless. */
  readonly leftovers: number;
  /** repositories.json as it is; null: there is none. */
  readonly repositories: string | null;
  readonly mounts: ReadonlyMap<string, { readonly mountId: string; readonly parent: string }>;
  readonly containers: readonly ContainerEntry[];
  /** By cache id; null: cannot be looked at with this driver. */
  readonly data: ReadonlyMap<string, DataEntry> | null;
  /** First 16 characters of what was still there at the end, e.g. `layer 46bc213788806702`. */
  readonly again: ReadonlySet<string>;
  /** Sums of st_size by cache id; null: not looked at. */
  readonly content: {
    readonly sums: ReadonlyMap<string, number>;
    readonly done: number;
    readonly total: number;
  } | null;
  /** More of them than are looked at. */
  readonly tooMany: readonly string[];
}

/** `!` the file is empty, `-` there is none, `?` it holds something else; else its content. */
export type Word = string;

export interface ImageEntry {
  readonly id: string;
  readonly sizeBytes: number;
  /** SHA-256 of its configuration; null: not computed. */
  readonly sum: string | null;
  /** `!` empty, `?` no JSON, else the diff ids of its layers, lowest first. */
  readonly diffs: '!' | '?' | readonly string[];
}

export interface LayerEntry {
  /** Chain id, hex. */
  readonly id: string;
  readonly diff: Word;
  readonly cacheId: Word;
  readonly parent: Word;
  readonly size: Word;
  readonly tarSplit: Word;
}

export interface DataEntry {
  readonly diff: Word;
  readonly link: Word;
  readonly lower: Word;
}

export interface ContainerEntry {
  readonly id: string;
  readonly modifiedSeconds: number;
  /** Of config.v2.json and hostconfig.json: `read`, `missing`, `empty` or `broken`. */
  readonly config: string;
  readonly hostConfig: string;
  readonly running: boolean;
  /** Its removal failed half-way. */
  readonly dead: boolean;
  readonly image: string | null;
  readonly log: {
    readonly driver: string;
    readonly maxSize: string | null;
    readonly sizeBytes: number;
  };
  readonly name: string | null;
  /** As it was named when the container was made. */
  readonly imageName: string | null;
}
