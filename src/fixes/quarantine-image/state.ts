import type { HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. Ids are 64 hexadecimal digits, without `sha256:`. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  /** Null: there is no data root, or it cannot be entered. */
  readonly store: Store | null;
  /** Null: no daemon runs. */
  readonly daemon: Daemon | null;
  readonly manager: Manager;
  /** What of docker's own work is under way, in words. */
  readonly busy: readonly string[];
  /** Programs that are missing. */
  readonly missing: readonly string[];
  readonly saveDirectory: HostDirectory;
  readonly runDirectory: HostDirectory;
}

export interface Daemon {
  readonly pid: string;
  readonly startTime: string;
  readonly answers: boolean;
  readonly liveRestore: boolean;
}

/** Who stops and starts docker. */
export interface Manager {
  readonly kind: 'systemd' | 'sysv' | 'runit' | 'none';
  /** systemd's unit, the init script's name, runit's directory. */
  readonly unit: string;
  /** The daemon that runs is the one it keeps. */
  readonly exact: boolean;
  /** systemd's docker.socket is active: it would start docker again by itself. */
  readonly socket: boolean;
}

export interface Store {
  /** Physical path of the data root. */
  readonly root: string;
  /** Device and inode of the data root. */
  readonly place: string;
  readonly driver: string;
  /** Root, layers and images are on one file system. */
  readonly oneFileSystem: boolean;
  readonly freeBytes: number;
  /** Null: the file system does not count them. */
  readonly freeInodes: number | null;
  readonly readOnly: boolean;
  readonly layers: readonly Layer[];
  /** Entries that are symbolic links: never touched. */
  readonly links: readonly string[];
  readonly images: readonly Image[];
  readonly containers: readonly Container[];
  /** Ids of directories that are mounted. */
  readonly mounted: readonly string[];
  readonly volumes: readonly string[];
  /** What the daemon itself lists; null: it does not answer. */
  readonly seen: Seen | null;
  /** Bytes found in the layer asked for and in those below it. */
  readonly content: Readonly<Record<string, number>>;
  readonly archives: readonly Archive[];
  /** Why archives cannot be trusted, in words. */
  readonly archivesUnsafe?: string;
}

export interface Seen {
  readonly images: readonly string[];
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
}

/** An entry of layerdb. Words: `!` empty, `-` missing, `?` not what such a file holds. */
export interface Layer {
  readonly id: string;
  readonly diff: string;
  readonly cacheId: string;
  readonly parent: string;
  readonly size: string;
  /** Its name is the digest of its parent and its diff. */
  readonly named: boolean;
  /** `+` there, `!` empty, `-` missing. */
  readonly tarSplit: string;
  /** Files by size, inode, time and mode; compared as a whole. */
  readonly state: string;
}

export interface Image {
  readonly id: string;
  readonly sum: 'ok' | 'wrong' | 'empty';
  readonly metadata: boolean;
  readonly state: string;
  /** Lowest first; null: the configuration does not say. */
  readonly chain: readonly string[] | null;
  /** Names in repositories.json. Untrusted. */
  readonly tags: readonly string[];
}

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Its process lives. */
  readonly running: boolean;
  readonly policy: string;
  /** Directory of the driver that it writes to. */
  readonly mount: string;
  /** Uppermost layer below it. */
  readonly parent: string;
}

export interface Archive {
  readonly file: string;
  readonly bytes: number;
  /** Size, inode and time. */
  readonly state: string;
  /** Images that it holds. */
  readonly images: readonly string[];
}
