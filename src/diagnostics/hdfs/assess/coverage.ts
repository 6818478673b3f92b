import type { Coverage, Evidence, Finding, NextStep } from '../../../core/finding.ts';
import { itemsOf, levelOf, limitOf } from '../items.ts';
import type { Params } from '../params.ts';
import type { Look, Reading } from '../reading.ts';
import { count, evidence, finding, notBegun, quote, shown } from '../words.ts';
import { failureWords, remedyOf } from './failure-words.ts';

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  const { host, directories, cutAt, privilege } = reading;
  const notes: string[] = [];
  if (cutAt !== null) notes.push(`The probe did not finish: ${cutAt}`);
  if (!host.utf8)
    notes.push('this host has no UTF-8 locale: names beyond ASCII cannot be looked at');
  const [asked] = directories;
  if (asked?.counts !== undefined && asked.counts !== null && asked.children === null) {
    notes.push('the web server of the NameNode was not asked, or did not answer');
  }
  if (
    asked?.sample !== undefined &&
    asked.sample !== null &&
    !asked.sample.whole &&
    asked.sample.seen > 0
  ) {
    notes.push(
      `ages are those of the first ${count(asked.sample.seen, 'entry', 'entries')} by name`,
    );
  }
  if (directories.length > 1) {
    notes.push(`${count(directories.length - 1, 'directory', 'directories')} below were followed`);
  }
  return { privilege, notes };
}

interface Blind {
  /** What could not be seen, in one or two words. */
  readonly what: string;
  readonly title: string;
  readonly look?: { readonly argv: readonly string[]; readonly look: Look };
  readonly remedy?: string;
  readonly next?: readonly NextStep[];
}

/** Could not look: then the answer is "unknown" and never "fine". */
export function blindSpots(reading: Reading, params: Params): Finding[] {
  const stop = stopped(reading, params);
  const parts = stop === null ? partsUnseen(reading, params) : [stop];
  if (parts.length === 0 && reading.cutAt !== null) parts.push(cut(reading.cutAt));
  const [first, ...others] = parts;
  if (first === undefined) return [];
  const proof = parts.flatMap(({ look }): Evidence[] =>
    look === undefined ? [] : [evidence(look.argv, look.look)],
  );
  return [
    finding({
      code: 'hdfs.coverage',
      status: 'unknown',
      subject: shown(params.path),
      title: others.length === 0 ? first.title : `${first.title}; and ${others.length} more`,
      detail: [
        ...others.map(({ title }) => title),
        ...new Set(parts.map(({ remedy }) => remedy ?? '').filter((text) => text !== '')),
        ...coverage(reading).notes,
      ],
      data: {
        privilege: reading.privilege,
        seen: stop === null ? Math.max(0, 4 - parts.length) : 0,
        total: 4,
        what: parts.map(({ what }) => what).join(', '),
      },
      evidence: proof,
      next: first.next ?? [],
    }),
  ];
}

function cut(cutAt: string): Blind {
  return { what: 'probe', title: `The probe did not finish: ${cutAt}` };
}

function getconf(key: string): string[] {
  return ['hdfs', 'getconf', '-confKey', key];
}

/** Why nothing could be said at all. */
function stopped(reading: Reading, { path }: Params): Blind | null {
  const { host, clientLimit, scheme, directories, cutAt } = reading;
  if (host.hdfs === null) {
    return {
      what: 'hdfs command',
      title: `There is no hdfs command on this host${here(reading, path)}`,
      remedy: 'Run it on a gateway of the cluster: a host where `hdfs dfs -ls /` works.',
      next: elsewhere(reading, path),
    };
  }
  if (host.missingTools.length > 0) {
    return { what: 'tools', title: `This host lacks ${host.missingTools.join(', ')}` };
  }
  if (clientLimit === null) return cut(cutAt ?? 'it stopped');
  if (clientLimit.exitCode !== 0 && !/is missing\./.test(clientLimit.output)) {
    const argv = getconf('dfs.namenode.fs-limits.max-directory-items');
    return failed('hdfs command', 'The hdfs command does not run here', {
      argv,
      look: clientLimit,
    });
  }
  if (scheme === null) return cut(cutAt ?? 'it stopped');
  const uri = /^([a-z][a-z0-9+.-]*):\/\/\S*$/im.exec(scheme.output);
  if (uri === null || !['hdfs', 'viewfs'].includes(uri[1] ?? '')) {
    const value = shown(uri?.[0] ?? scheme.output.split('\n').at(-1) ?? '');
    return {
      what: 'hdfs configuration',
      title: `The hdfs command of this host leads to no HDFS: fs.defaultFS is ${value || 'not readable'}${here(reading, path)}`,
      look: { argv: getconf('fs.defaultFS'), look: scheme },
      remedy: 'Run it on a gateway of the cluster, or set HADOOP_CONF_DIR for this account.',
      next: elsewhere(reading, path),
    };
  }
  const [asked] = directories;
  if (asked === undefined) return cut(cutAt ?? 'it stopped');
  return notCounted(reading, path);
}

function notCounted(reading: Reading, path: string): Blind | null {
  const [asked] = reading.directories;
  if (asked === undefined) return null;
  const look = { argv: ['hdfs', 'dfs', '-count', '-q', '-v', path], look: asked.count };
  if (asked.counts === null && /: No such file or directory/.test(asked.count.output)) {
    return {
      what: 'path',
      title: `${quote(path)} does not exist in HDFS${here(reading, path)}`,
      look,
      remedy:
        reading.host.local === null
          ? 'Check the spelling: it is a path of HDFS, not of this host, and case counts.'
          : 'Name a path of HDFS. For the directory of this host the diagnostic is `disk`.',
      next: elsewhere(reading, path),
    };
  }
  if (asked.counts?.directories === 0) {
    return {
      what: 'path',
      title: `${quote(path)} is a file: the item limit is about directories`,
      look,
      remedy: 'Name the directory it is in.',
    };
  }
  if (asked.counts === null && asked.children === null) {
    return failed('directory', `${quote(path)} could not be looked at`, look);
  }
  return null;
}

/** What of an answer is missing. */
function partsUnseen(reading: Reading, params: Params): Blind[] {
  const { safeMode, fsck, quotas, directories } = reading;
  const [asked] = directories;
  if (asked === undefined) return [];
  const parts: Blind[] = [];
  const { path } = params;
  const items = itemsOf(asked);
  const limit = limitOf(reading);
  if (items !== null && levelOf(items, limit, params.warnPercent) === 'unknown') {
    parts.push({
      what: 'items',
      title: `How many items are directly in ${quote(path)} is not known: at least ${items.atLeast.toLocaleString('en-US')}, at most ${items.atMost.toLocaleString('en-US')}, the limit is ${limit.items.toLocaleString('en-US')}`,
      remedy:
        'Directories are in it, so `-count` counts too much. The web server of the NameNode (WebHDFS) knows the number: install curl on this host and let it reach the NameNode.',
    });
  }
  if (asked.counts === null) {
    const argv = ['hdfs', 'dfs', '-count', '-q', '-v', path];
    parts.push(
      failed('quota and size', `Quota and size of ${quote(path)} are not known`, {
        argv,
        look: asked.count,
      }),
    );
  }
  if (safeMode === null || !/^Safe mode is O(N|FF)/m.test(safeMode.output)) {
    const argv = ['hdfs', 'dfsadmin', '-safemode', 'get'];
    parts.push(
      failed('safe mode', 'Whether HDFS is in safe mode is not known', { argv, look: safeMode }),
    );
  }
  if (
    fsck === null ||
    !/^(?:Status: |The filesystem under path .* has \d+ CORRUPT)/m.test(fsck.output)
  ) {
    const argv = ['hdfs', 'fsck', path];
    parts.push(
      failed('blocks', `Whether blocks below ${quote(path)} are missing is not known`, {
        argv,
        look: fsck,
      }),
    );
  }
  if (quotas !== null && quotas.exitCode !== 0) {
    const argv = ['hdfs', 'dfs', '-count', '-u', '-v'];
    parts.push(
      failed('quotas above', `Quotas of the directories above ${quote(path)} are not all known`, {
        argv,
        look: quotas,
      }),
    );
  }
  return parts;
}

function failed(
  what: string,
  title: string,
  { argv, look }: { readonly argv: readonly string[]; readonly look: Look | null },
): Blind {
  if (look === null || notBegun(look)) {
    return { what, title: `${title}: there was no time left`, remedy: '' };
  }
  return {
    what,
    title: `${title}: ${failureWords(look)}`,
    look: { argv, look },
    remedy: remedyOf(look),
  };
}

/** The same path may be one of this host. */
function here({ host }: Reading, path: string): string {
  return host.local === null
    ? ''
    : `, but ${quote(path)} is a directory of this host (${host.local})`;
}

function elsewhere({ host }: Reading, path: string): NextStep[] {
  return host.local === null ? [] : [{ diagnostic: 'disk', params: { mount: path } }];
}
