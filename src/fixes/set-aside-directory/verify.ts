import type { Verdict } from '../contract.ts';
import type { Params } from './params.ts';
import type { Cluster, Counts, State } from './state.ts';

/** Is the old directory aside with its entries, and an empty one like it in its place? */
export function verify(before: State, after: State, { path }: Params): Verdict {
  const [was, now] = [before.cluster, after.cluster];
  if (was === null || now === null) {
    return unknown(`HDFS could not be asked afterwards: ${after.said.split('\n').at(-1) ?? ''}`);
  }
  const { source, aside } = now;
  if (was.source === null || was.source === 'missing' || source === null || aside === null) {
    return unknown(`${path} or what was set aside could not be looked at`);
  }
  if (aside === 'missing') {
    return ineffective(
      source === 'missing'
        ? `${path} is gone, and nothing is where it should have been set aside`
        : `${path} was not renamed`,
    );
  }
  if (source === 'missing') {
    const { owner, group, mode } = was.source;
    return ineffective(
      `the full directory was renamed, but ${path} was not made again. Do it at once: hdfs dfs -mkdir ${path}, -chown ${owner}:${group}, -chmod ${mode}`,
    );
  }
  const { directory, owner, group, mode } = source;
  const same = owner === was.source.owner && group === was.source.group && mode === was.source.mode;
  if (!directory || !same) {
    return ineffective(
      `the new ${path} is ${directory ? '' : 'no directory, '}mode ${mode}, owner ${owner}, group ${group}; it should be mode ${was.source.mode}, owner ${was.source.owner}, group ${was.source.group}`,
    );
  }
  return entries(was, now, path);
}

function entries(was: Cluster, now: Cluster, path: string): Verdict {
  if (was.counts === null || now.counts === null || now.asideCounts === null) {
    return unknown('the entries could not be counted afterwards');
  }
  if (was.sourceStatus !== null && now.asideStatus !== null) {
    if (was.sourceStatus.inode !== now.asideStatus.inode) {
      return unknown('what was set aside is another directory (its inode differs)');
    }
  }
  const [full, fresh] = [below(now.asideCounts), below(now.counts)];
  // Somebody may clean it up by now; it must still be the crowded one.
  if (full * 2 < below(was.counts) || fresh >= full) {
    return unknown(
      `${text(full)} entries are aside and ${text(fresh)} in ${path}; there were ${text(below(was.counts))}`,
    );
  }
  return {
    outcome: 'verified',
    reason: `${text(full)} entries are set aside, ${path} is there again with ${text(fresh)}, same owner and mode`,
  };
}

function below({ directories, files }: Counts): number {
  return directories + files - 1;
}

function text(number: number): string {
  return number.toLocaleString('en-US');
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}

function ineffective(reason: string): Verdict {
  return { outcome: 'ineffective', reason };
}
