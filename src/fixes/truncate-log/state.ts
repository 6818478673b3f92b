import type { FileSystem, HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. Numbers of bytes unless said otherwise. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  readonly place: Place;
  /** Null: there is nothing at the path that can be looked at. */
  readonly file: File | null;
  /** Null: not a regular file, or it may not be read. */
  readonly log: Log | null;
  readonly saveDirectory: HostDirectory;
  /** Where marks go when `saveDirectory` is on the file system of the log. */
  readonly runDirectory: HostDirectory;
}

export type Place =
  | { readonly kind: 'here'; readonly readOnly: boolean }
  | { readonly kind: 'missing' | 'denied' }
  /** A part of the path is a symbolic link, or the file system is one that is never touched. */
  | { readonly kind: 'link' | 'foreign'; readonly what: string };

export interface File {
  /** st_dev as stat(1) prints it. */
  readonly rawDevice: string;
  /** major:minor */
  readonly device: string;
  readonly inode: string;
  readonly links: number;
  readonly regular: boolean;
  readonly uid: number;
  readonly sizeBytes: number;
  /** Allocated blocks: the space that emptying it frees. */
  readonly allocatedBytes: number;
  readonly directory: { readonly uid: number /** Permission bits. */; readonly mode: number };
}

export interface Log {
  readonly fileSystem: FileSystem;
  /** Offset of the first byte that is no NUL; the size when there is none. */
  readonly firstByte: number;
  /** `OFFSET:SHA-256` of its first 4 KiB with content: growing leaves it as it is. */
  readonly head: string;
  /** First bytes with content, hexadecimal. */
  readonly magic: string;
  readonly text: { readonly read: number; readonly nuls: number; readonly controls: number };
  /** At most eight. */
  readonly writers: readonly Writer[];
  readonly way: Way;
  /** Processes whose descriptors could not be looked at. */
  readonly unseenProcesses: number;
  readonly mappedBy: readonly string[];
}

export interface Writer {
  readonly pid: string;
  /** Flags of open(2), octal as in fdinfo. */
  readonly flags: string;
  readonly container?: string;
  readonly name: string;
}

/** How it is written: with O_APPEND, without, by some so and by some so, by nobody; or the search did not end. */
export const WAYS = ['appends', 'offset', 'both', 'nobody', 'unseen'] as const;
export type Way = (typeof WAYS)[number];
