import type { HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. Null: it could not be told. */
export interface State {
  /** Of the account on the host. */
  readonly uid: string;
  readonly hdfs: boolean;
  readonly saveDirectory: HostDirectory;
  readonly runDirectory: HostDirectory;
  /** fs.defaultFS: `hdfs://nn-1:8020`. */
  readonly fs: string | null;
  /** Null: HDFS was not asked, because it did not answer before. */
  readonly cluster: Cluster | null;
  /** What the client said last, when `cluster` is null. */
  readonly said: string;
}

export interface Cluster {
  readonly source: Facts | 'missing' | null;
  readonly aside: Facts | 'missing' | null;
  readonly counts: Counts | null;
  readonly asideCounts: Counts | null;
  /** Entries a directory may hold. */
  readonly limit: number | null;
  /** ACL entries, when there are more than the mode says. */
  readonly acl: readonly string[] | null;
  readonly safeMode: boolean | null;
  readonly snapshottable: readonly string[] | null;
  /** Encryption zones; null: only a superuser may see them. */
  readonly zones: readonly string[] | null;
  readonly superuser: boolean;
  /** Who asks, as HDFS sees it. */
  readonly user: string | null;
  readonly sourceStatus: WebStatus | null;
  readonly parentStatus: WebStatus | null;
  readonly asideStatus: WebStatus | null;
}

/** `hdfs dfs -stat`. */
export interface Facts {
  readonly directory: boolean;
  /** Octal, as HDFS has it: 755, 1777. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** `hdfs dfs -count -q`, with everything below. */
export interface Counts {
  readonly directories: number;
  readonly files: number;
  readonly sizeBytes: number;
  /** Null: none. */
  readonly nameQuota: number | null;
  readonly spaceQuota: number | null;
}

/** WebHDFS GETFILESTATUS. */
export interface WebStatus {
  readonly inode: string;
  readonly encrypted: boolean;
  /** Entries directly in it. */
  readonly children: number;
  readonly storagePolicy: number;
  readonly erasureCodingPolicy: string;
}
