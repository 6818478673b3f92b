import type { FileSystem, HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. Numbers of bytes unless said otherwise. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  /** Null: no such process, or hidden from this user. */
  readonly process: Process | null;
  /** Why there is none: no such descriptor, or it cannot be looked at. */
  readonly descriptor: Descriptor | 'missing' | 'denied';
  readonly saveDirectory: HostDirectory;
  /** Where marks go when `saveDirectory` is on the full file system. */
  readonly runDirectory: HostDirectory;
  readonly gzip: boolean;
}

export interface Process {
  /** Field 22 of `/proc/PID/stat`, clock ticks since boot (proc(5)). */
  readonly startTime: string;
  readonly name: string;
  readonly container?: string;
}

export interface Descriptor {
  /** major:minor */
  readonly device: string;
  readonly inode: string;
  readonly links: number;
  readonly regular: boolean;
  readonly sizeBytes: number;
  /** Allocated blocks: the space that truncating frees. */
  readonly allocatedBytes: number;
  /** Flags of open(2), octal as in fdinfo. */
  readonly flags: string;
  /** Where the link points, `(deleted)` cut off. Untrusted. */
  readonly path: string;
  readonly fileSystem: FileSystem;
  /** Processes that have mapped a deleted file with this inode. */
  readonly mappedBy: readonly string[];
  /** How a sample packed: bytes read, and bytes after gzip. */
  readonly sample: { readonly read: number; readonly packed: number };
}
