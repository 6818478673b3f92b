import { asideOf } from './aside.ts';
import type { Params } from './params.ts';
import type { Cluster, Facts, State } from './state.ts';

/** Names that `hdfs dfs -chown` takes (FsShellPermissions of apache/hadoop). */
const NAME = /^[A-Za-z0-9._@/-]+$/;

/** HDFS or its applications rely on these being where they are. */
const PROTECTED = /^\/(?:hbase|system|\.reserved)(?:\/|$)|\/\.(?:snapshot|Trash)(?:\/|$)/;

export interface Ready {
  readonly fs: string;
  readonly cluster: Cluster;
  readonly source: Facts;
  readonly limit: number;
}

/** What is needed for a plan, or in words why there is none. */
export function ready(
  state: State,
  { path }: Params,
  at: { host: string; fix: string },
): Ready | string {
  const { cluster, fs, said } = state;
  if (!state.hdfs) return `there is no hdfs command on ${at.host}`;
  if (fs === null) {
    return `the hdfs command of ${at.host} leads to no single HDFS cluster: fs.defaultFS must be hdfs://…; it says: ${lastLine(said)}`;
  }
  if (cluster === null) return `${fs} could not be asked: ${lastLine(said)}`;
  const { source } = cluster;
  const obstacle =
    wrongPath(path, cluster) ??
    notReady(path, cluster, at.fix) ??
    notAllowed(path, cluster) ??
    special(path, cluster);
  if (obstacle !== null) return obstacle;
  if (source === null || source === 'missing') return `${path} could not be looked at`;
  const { limit, counts } = cluster;
  if (limit === null || counts === null) {
    return `how many items ${path} holds, and may hold, could not be told`;
  }
  const below = counts.directories + counts.files - 1;
  if (below * 2 < limit) {
    return `${path} holds ${below.toLocaleString('en-US')} entries, less than half of the limit of ${limit.toLocaleString('en-US')}: there is no need to set it aside`;
  }
  return { fs, cluster, source, limit };
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim()
      .slice(0, 300) ?? 'nothing'
  );
}

function wrongPath(path: string, { source }: Cluster): string | null {
  if (path.lastIndexOf('/') === 0) {
    return `${path} is directly below /: many applications rely on it, and it is not set aside`;
  }
  if (PROTECTED.test(path))
    return `${path} belongs to HDFS or HBase itself and must stay where it is`;
  if (source === 'missing') return `${path} does not exist`;
  if (source !== null && !source.directory) return `${path} is no directory`;
  return null;
}

function notReady(path: string, { aside, safeMode, acl }: Cluster, fix: string): string | null {
  if (safeMode === true) return 'the NameNode is in safe mode: it refuses every change';
  if (safeMode === null) return 'whether the NameNode is in safe mode could not be told';
  if (aside !== 'missing') return `${asideOf(path, fix)} exists already, or could not be looked at`;
  if (acl === null)
    return `the ACL of ${path} could not be read: an empty directory with the same rights cannot be made`;
  return null;
}

/** A new directory would not be what the old one is, and nobody would notice. */
function special(path: string, cluster: Cluster): string | null {
  const { snapshottable, zones, sourceStatus, parentStatus } = cluster;
  const inside = (one: string): boolean => one === path || one.startsWith(`${path}/`);
  if (snapshottable === null) return 'which directories can have snapshots could not be told';
  const found = snapshottable.find(inside);
  if (found !== undefined) {
    return `${found} can have snapshots: HDFS does not rename it as long as it has some, and a new one would have none`;
  }
  if (zones?.some(inside) === true) {
    return `${zones.find(inside)} is an encryption zone: a new directory would not be encrypted`;
  }
  if (zones !== null) return null;
  if (sourceStatus === null || parentStatus === null) {
    return `whether ${path} is an encryption zone could not be told: that needs the superuser of HDFS, or the NameNode's web server`;
  }
  return sourceStatus.encrypted && !parentStatus.encrypted
    ? `${path} is an encryption zone: a new directory would not be encrypted`
    : null;
}

function notAllowed(path: string, { source, superuser, user }: Cluster): string | null {
  if (source === null || source === 'missing') return null;
  const { owner, group } = source;
  if (!NAME.test(owner) || !NAME.test(group)) {
    return `owner ${owner} and group ${group} cannot be given with hdfs dfs -chown`;
  }
  if (superuser || user === owner) return null;
  return `${path} belongs to ${owner}: an empty one that belongs to ${owner} can be made by ${owner} or the superuser of HDFS only, and this account is ${user ?? 'neither'} there`;
}
