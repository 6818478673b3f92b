import type { Privilege } from '../../core/command.ts';
import type { RawPattern } from './template/patterns.ts';

/** What the probe saw: names are already safe to show (see `displayName`), sizes in bytes, times in seconds. */
export interface Reading {
  readonly privilege: Privilege;
  readonly sudoRefused: string | null;
  readonly host: HostFacts;
  readonly processes: { readonly total: number; readonly denied: number };
  /** What was asked for by path, container or unit, and why it could not be read. */
  readonly asked: Asked | null;
  /** What looking for logs left out; null: a log was asked for. */
  readonly search: Search | null;
  /** Logs that a process holds open for writing. */
  readonly open: readonly OpenLog[];
  readonly logs: readonly LogSample[];
  readonly rotation: Rotation;
  /** Null when the probe ran to its end; else where it stopped. */
  readonly cutAt: string | null;
}

export interface HostFacts {
  readonly uid: number;
  /** The host's clock, seconds since the epoch. */
  readonly now: number;
  readonly dockerGroup: boolean;
  readonly pid1Visible: boolean;
  readonly missingTools: readonly string[];
}

export interface Asked {
  /** `missing`, `directory`, `driver-local`, …; null: it is a file that can be read. */
  readonly problem: string | null;
  readonly type: string;
  readonly mountpoint: string;
  /** Without links; null: there is none. */
  readonly real: string | null;
}

export interface Search {
  /** Logs to choose from. */
  readonly candidates: number;
  /** Directories below /var/log that are closed to this account. */
  readonly deniedDirectories: number;
  readonly unreadableFiles: number;
  readonly containersUnreadable: boolean;
  /** /var/log was left alone: it is on, or above, a network file system. */
  readonly skipped: boolean;
}

export interface OpenLog {
  /** `major:minor` of st_dev. */
  readonly device: string;
  readonly inode: number;
  readonly links: number;
  readonly sizeBytes: number;
  readonly diskBytes: number;
  /** Seconds since the epoch. */
  readonly modified: number;
  readonly pid: number;
  readonly fd: number;
  /** open(2) flags of the descriptor; null: not readable. */
  readonly flags: number | null;
  readonly type: string;
  readonly holders: number;
  /** What it is called now; null: not looked up. */
  readonly path: string | null;
  readonly deleted: boolean;
  readonly process: string;
  /** 64 hex digits. */
  readonly containerId: string | null;
  /** Seen from another mount namespace: the path is not one of this host. */
  readonly foreign: boolean;
  /** What lies at the name it had before a rotation. */
  readonly base: { readonly path: string; readonly is: 'missing' | 'other' | 'same' } | null;
}

export interface LogSample {
  /** Null: it could be opened. */
  readonly problem: 'unreadable' | 'changed' | null;
  /** The file, or `unit <name>`. */
  readonly path: string;
  readonly unit: boolean;
  readonly deleted: boolean;
  readonly container: string | null;
  readonly file: FileFacts | null;
  /** By the account that looked; null: not known. */
  readonly writable: boolean | null;
  /** Compressed, or a binary journal: not read. */
  readonly packed: boolean;
  /** Where data begins behind a hole that a truncation left; null: there is none. */
  readonly holeBytes: number | null;
  readonly plan: { readonly unitBytes: number; readonly blocks: number; readonly mode: string };
  readonly stamps: readonly Stamp[];
  /** What was read and counted; null: nothing was. */
  readonly sum: Sum | null;
  readonly patterns: readonly RawPattern[];
  /** Compressed rotations beside it. */
  readonly older: { readonly count: number; readonly bytes: number; readonly first: string } | null;
  readonly growth: { readonly bytes: number; readonly seconds: number } | null;
}

export interface FileFacts {
  readonly device: string;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly diskBytes: number;
  readonly modified: number;
  /** Of its file system; null: statfs failed. */
  readonly fs: {
    readonly sizeBytes: number;
    readonly availableBytes: number;
    readonly usedPercent: number;
  } | null;
  readonly mountpoint: string | null;
}

/** The beginning of a line, and where in the log it stands. */
export interface Stamp {
  readonly offset: number;
  readonly text: string;
}

export interface Sum {
  readonly readBytes: number;
  readonly countedBytes: number;
  readonly lines: number;
  readonly nulBytes: number;
  /** In blocks without any line break. */
  readonly withinLineBytes: number;
}

export interface Rotation {
  readonly files: readonly ConfigFile[];
  readonly denied: readonly string[];
}

export interface ConfigFile {
  readonly path: string;
  readonly lines: readonly string[];
}
