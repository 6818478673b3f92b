import type { Privilege } from '../../core/command.ts';

/** What one command printed, errors too, and its exit status (124 and above 128: it ran into its time limit). */
export interface Look {
  readonly output: string;
  readonly exitCode: number;
}

export interface Host {
  readonly user: string;
  /** Path of the command; null: none was found. */
  readonly hdfs: string | null;
  readonly utf8: boolean;
  readonly missingTools: readonly string[];
  /** Type of the local file system on which the same path is a directory of this host. */
  readonly local: string | null;
}

/** `hdfs dfs -count -q`: with everything below. */
export interface Counts {
  /** Itself included; 0: it is a file. */
  readonly directories: number;
  readonly files: number;
  readonly sizeBytes: number;
  readonly names: Quota | null;
  readonly space: Quota | null;
}

export interface Quota {
  readonly limit: number;
  /** Negative: over it. */
  readonly remaining: number;
}

/** `hdfs dfs -count -u` of a directory above. */
export interface QuotaAbove {
  readonly path: string;
  readonly names: Quota | null;
  readonly space: Quota | null;
}

/** The first entries of a directory, by name. */
export interface Sample {
  /** True: these are all. */
  readonly whole: boolean;
  readonly seen: number;
  readonly directories: number;
  /** ISO 8601, to the minute; null: none seen. */
  readonly oldest: { readonly at: string; readonly name: string } | null;
  readonly newest: string | null;
  /** Exit status of the client; 0 also when enough was seen. */
  readonly status: number;
  /** The client's last words. */
  readonly said: string;
}

export interface Directory {
  readonly path: string;
  readonly count: Look;
  readonly counts: Counts | null;
  /** The NameNode's number of its children (WebHDFS GETFILESTATUS); null: not known. */
  readonly children: number | null;
  /** What WebHDFS printed. */
  readonly status: Look | null;
  readonly sample: Sample | null;
}

export interface Reading {
  readonly privilege: Privilege;
  readonly host: Host;
  /** dfs.namenode.fs-limits.max-directory-items by this host's configuration. */
  readonly clientLimit: Look | null;
  /** The same by the NameNode's own; null: it could not be asked. */
  readonly serverLimit: number | null;
  /** fs.defaultFS. */
  readonly scheme: Look | null;
  /** The one that was asked for, then those below that were followed. */
  readonly directories: readonly Directory[];
  readonly safeMode: Look | null;
  readonly fsck: Look | null;
  readonly quotas: Look | null;
  readonly quotasAbove: readonly QuotaAbove[];
  /** Null when the probe ran to its end; else where it stopped. */
  readonly cutAt: string | null;
}
