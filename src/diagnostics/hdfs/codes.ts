import type { CodeDoc } from '../contract.ts';

/** The pages of the finding codes. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'hdfs.directory-items': {
    says: 'A directory of HDFS is near or at its item limit, with its size and its oldest entries.',
    means:
      'HDFS refuses to add to a directory that holds as many entries as dfs.namenode.fs-limits.max-directory-items allows (1,048,576 by default). Quota, disks, permissions and fsck are all fine, and applications often show an error of their own: docker pushes failed with "seek after file closed" on a file that did not exist. Reading and deleting still work.',
    known:
      'The number of entries comes from the NameNode (WebHDFS GETFILESTATUS, childrenNum), without listing. Without curl or its web server: from `hdfs dfs -count`, which counts everything below and is exact only where no directory is inside; else the entries are read page by page within a time limit, and the number is "at least". The limit comes from the NameNode (/conf), else from the configuration of the host. Warning from `warnPercent` of the limit on, critical from 99 %. The oldest entry is that of the first 2,000 by name. When the directory asked for is not full, its largest directories are followed as far as time allows.',
    act: 'The fix `set-aside-directory` renames it and makes an empty one with the same owner and mode: writers go on at once, nothing is deleted. Then delete what nobody needs, with its owner, and have the application clean up after itself. Raising the limit needs a restart of the NameNode and only postpones it. Never list the directory with `hdfs dfs -ls`: the client dies of it.',
    fixes: ['set-aside-directory'],
    data: {
      path: 'directory',
      items: 'entries directly in it; the least there can be when not exact',
      limit: 'entries it may hold',
      oldest: 'oldest modification time of the entries seen, ISO 8601; null: none was seen',
      sizeBytes: 'length of all files below it, bytes, before replication; null: not known',
      usedPercent: 'items of limit, percent',
      exact: 'false: items is a lower bound',
      limitFrom: 'whose word the limit is: name-node, client (configuration of this host), default',
      newest: 'newest modification time of the entries seen, ISO 8601; null: none was seen',
      sampled: 'entries seen for oldest and newest, the first by name',
    },
  },
  'hdfs.quota': {
    says: 'A name or space quota of the directory, or of one above it, is nearly or fully used.',
    means:
      'Below it nothing can be created (names) or written (space) any more, wherever the directory itself stands.',
    known:
      'From `hdfs dfs -count -q` of the directory and `-count -u` of those above it, but the uppermost one: without a quota the NameNode would count everything below. Warning from `warnPercent` on, critical when nothing is left. Space counts every replica.',
    act: 'Delete what is not needed (with -skipTrash: the trash of the owner may count too), or have a superuser raise the quota with `hdfs dfsadmin -setQuota` or `-setSpaceQuota`.',
    data: {
      path: 'directory that has the quota',
      kind: 'names or space',
      limit: 'the quota: number of names, or bytes',
      used: 'used of it: number of names, or bytes with all replicas',
      remaining: 'left of it; negative: over it',
    },
  },
  'hdfs.unhealthy': {
    says: 'HDFS is in safe mode, or blocks below the directory are missing or corrupt.',
    means:
      'In safe mode every change is refused. Missing blocks: their files cannot be read until a DataNode with a copy is back.',
    known:
      'From `hdfs dfsadmin -safemode get` and `hdfs fsck` of the directory (above three million entries only its list of corrupt files). Blocks with too few replicas are repaired by HDFS itself and are no finding.',
    act: 'Safe mode: see in the log of the NameNode what it waits for; DataNodes that are down come first. Leave it by force only when that is understood. Missing blocks: bring the DataNodes back. Never run fsck -delete or -move before.',
    data: {
      path: 'directory; null for safe mode, which is about all of HDFS',
      what: 'safe-mode or blocks',
      missingBlocks: 'blocks without any copy; null for safe mode',
      corruptBlocks: 'blocks whose copies are all damaged; null for safe mode',
    },
  },
  'hdfs.coverage': {
    says: 'What could not be seen of HDFS from this host, and why.',
    means: 'The answer has a hole: what is named here may be broken without being shown.',
    known:
      'From what the client said: its exception is recognised (no Kerberos ticket, NameNode not reachable, standby, permission denied, no Java, out of memory), or its time limit ran out.',
    act: 'Do what the finding names for its cause; most often: a ticket or an account that may read the directory, or another host, one that is a gateway of the cluster.',
    data: {
      privilege: 'with which rights it looked on the host',
      seen: 'parts of the answer that are known: items, quota, safe mode, blocks',
      total: 'parts of the answer',
      what: 'what could not be seen',
    },
  },
};
