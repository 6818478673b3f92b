import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import { argvText } from '../../core/command.ts';
import { formatBytes } from '../../core/format.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import { asideOf } from './aside.ts';
import { type Ready, ready } from './obstacle.ts';
import type { Params } from './params.ts';
import type { State } from './state.ts';

const CHANGE =
  CLAIM_SCRIPT +
  readScript(new URL('./client.sh', import.meta.url)) +
  readScript(new URL('./change.sh', import.meta.url));

/** What would be done now, or in words why nothing can or need be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const found = ready(state, params, context);
  if (typeof found === 'string') return found;
  const { saveDirectory, runDirectory, uid } = state;
  const mark = saveDirectory.kind === 'unsafe' ? runDirectory : saveDirectory;
  if (mark.kind === 'unsafe') {
    const reasons = saveDirectory.kind === 'unsafe' ? saveDirectory.reason : mark.reason;
    return `the mark that makes a fix run at most once cannot be kept on ${context.host}: ${context.saveDirectory}: ${reasons}; /run/housecall: ${mark.reason}`;
  }
  const { path } = params;
  const aside = asideOf(path, context.fix);
  const { cluster, source, fs } = found;
  return {
    summary: `Rename ${path} of ${fs} to ${aside}, and make an empty ${path} with the same owner and mode`,
    steps: [
      claimStep(mark.path, context.fix),
      change(found, { path, aside, mark: mark.path, fix: context.fix }),
    ],
    saved: { kind: 'nothing-needed' },
    identity: {
      claim: mark.path,
      uid,
      user: cluster.user ?? 'unknown',
      fs,
      inode: cluster.sourceStatus?.inode ?? 'unknown',
      owner: source.owner,
      group: source.group,
      mode: source.mode,
      acl: (cluster.acl ?? []).join(','),
      aside,
    },
    preconditions: preconditions(found, path, aside),
    verification: `${aside} must be the directory that ${path} was, with its entries, and ${path} a nearly empty one with mode ${source.mode}, owner ${source.owner} and group ${source.group}`,
  };
}

interface Where {
  readonly path: string;
  readonly aside: string;
  readonly mark: string;
  readonly fix: string;
}

/** As a person types it: the client expands globs by itself, so their characters are escaped. */
function hdfs(...words: string[]): string {
  return argvText(['hdfs', ...words.map((word) => word.replaceAll(/[[\]*?{}]/g, '\\$&'))]);
}

function dfs(...words: string[]): string {
  return hdfs('dfs', ...words);
}

function change({ fs, cluster, source, limit }: Ready, where: Where): Step {
  const { path, aside, mark, fix } = where;
  const { owner, group, mode } = source;
  const inode = cluster.sourceStatus?.inode ?? '-';
  const acl = (cluster.acl ?? []).join(',') || '-';
  const commands = [
    dfs('-mv', path, aside),
    dfs('-mkdir', path),
    dfs('-chown', `${owner}:${group}`, path),
    dfs('-chmod', mode, path),
    ...(acl === '-' ? [] : [dfs('-setfacl', '--set', acl, path)]),
  ];
  return {
    id: 'set-aside',
    argv: [
      'sh',
      '-s',
      '--',
      mark,
      fix,
      fs,
      path,
      aside,
      inode,
      owner,
      group,
      mode,
      String(limit),
      acl,
    ],
    stdin: CHANGE,
    equivalent: commands.join(' && '),
    why: `A rename within HDFS takes no time and touches no data; writers go on in the empty directory. If an empty one cannot be made, the rename is taken back at once. Whoever reads the old entries finds them in ${aside}.`,
    undo: `${dfs('-rmdir', path)} && ${dfs('-mv', aside, path)} (rmdir refuses when something new is in it: then first ${dfs('-mv', path, `${path}_new-${fix}`)})`,
    timeoutSeconds: 900,
  };
}

function preconditions(
  { cluster, source, limit, fs }: Ready,
  path: string,
  aside: string,
): string[] {
  const { counts, sourceStatus, superuser, user, acl } = cluster;
  const entries =
    sourceStatus === null
      ? `at least half of the ${limit.toLocaleString('en-US')} entries that it may hold are in it or below it`
      : `it is inode ${sourceStatus.inode}, and at least half of the ${limit.toLocaleString('en-US')} entries that it may hold are in it or below it`;
  return [
    `${path} is a directory of ${fs}, mode ${source.mode}, owner ${source.owner}, group ${source.group}; ${entries}`,
    `${aside} does not exist`,
    'HDFS is not in safe mode; the directory has no snapshots and is no encryption zone',
    `This account is ${superuser ? 'a superuser of HDFS' : `${user ?? 'the owner'}, who owns it`}${superuser && user !== null ? ` (${user})` : ''}`,
    acl === null || acl.length === 0
      ? 'It has no ACL'
      : `Its ACL is given to the new one: ${acl.join(',')}`,
    ...lost(cluster, path),
    ...(counts === null
      ? []
      : [`Nothing is deleted: its ${formatBytes(counts.sizeBytes)} stay, under the new name`]),
  ];
}

/** What the new directory will not have. */
function lost({ counts, sourceStatus, parentStatus }: Ready['cluster'], path: string): string[] {
  const lines: string[] = [];
  if (counts !== null && counts.nameQuota !== null) {
    lines.push(
      `NOT carried over: its name quota. A superuser sets it with: ${hdfs('dfsadmin', '-setQuota', String(counts.nameQuota), path)}`,
    );
  }
  if (counts !== null && counts.spaceQuota !== null) {
    lines.push(
      `NOT carried over: its space quota. A superuser sets it with: ${hdfs('dfsadmin', '-setSpaceQuota', String(counts.spaceQuota), path)}`,
    );
  }
  if (sourceStatus === null || parentStatus === null) {
    lines.push(
      'NOT looked at, and not carried over: a storage policy, an erasure coding policy, extended attributes',
    );
    return lines;
  }
  if (sourceStatus.storagePolicy !== parentStatus.storagePolicy) {
    lines.push(
      `NOT carried over: its storage policy (number ${sourceStatus.storagePolicy}); see hdfs storagepolicies -getStoragePolicy`,
    );
  }
  if (sourceStatus.erasureCodingPolicy !== parentStatus.erasureCodingPolicy) {
    lines.push(
      `NOT carried over: its erasure coding policy ${sourceStatus.erasureCodingPolicy || '(replication)'}; see hdfs ec -getPolicy`,
    );
  }
  lines.push('NOT looked at, and not carried over: extended attributes');
  return lines;
}
