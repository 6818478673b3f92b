import type { Evidence, Finding, FixOffer } from '../../../core/finding.ts';
import { formatBytes, formatPercent } from '../../../core/format.ts';
import { recognise } from '../exceptions.ts';
import { type Items, itemsOf, type Limit, levelOf, limitOf } from '../items.ts';
import type { Params } from '../params.ts';
import type { Directory, Reading, Sample } from '../reading.ts';
import { count, evidence, finding, quote, shown } from '../words.ts';
import { failureWords } from './failure-words.ts';

/** Directories near or at the item limit: the one asked for, and those below it that were followed. */
export function directoryItems(reading: Reading, { warnPercent }: Params): Finding[] {
  const limit = limitOf(reading);
  return reading.directories.flatMap((directory) => {
    const items = itemsOf(directory);
    if (items === null) return [];
    const level = levelOf(items, limit, warnPercent);
    if (level !== 'warning' && level !== 'critical') return [];
    return [full({ reading, directory, items, limit, level })];
  });
}

interface Full {
  readonly reading: Reading;
  readonly directory: Directory;
  readonly items: Items;
  readonly limit: Limit;
  readonly level: 'warning' | 'critical';
}

function full(found: Full): Finding {
  const { directory, items, limit, level } = found;
  const { path, counts, sample } = directory;
  return finding({
    code: 'hdfs.directory-items',
    status: level,
    subject: shown(path),
    title: title(found),
    detail: [meaning(found), known(found), ...age(directory), ...place(directory), ...act(found)],
    data: {
      path,
      items: items.atLeast,
      limit: limit.items,
      oldest: sample?.oldest?.at ?? null,
      sizeBytes: counts?.sizeBytes ?? null,
      usedPercent: Math.round((items.atLeast * 1000) / limit.items) / 10,
      exact: items.how !== 'bounds',
      limitFrom: limit.from,
      newest: sample?.newest ?? null,
      sampled: sample?.seen ?? 0,
    },
    evidence: proof(found),
    fixes: offers(path),
    next: [],
  });
}

function title({ directory, items, limit }: Full): string {
  const name = quote(directory.path);
  const most = limit.items.toLocaleString('en-US');
  const number = items.atLeast.toLocaleString('en-US');
  const least = items.how === 'bounds' ? 'at least ' : '';
  const size = directory.counts === null ? '' : `, ${formatBytes(directory.counts.sizeBytes)}`;
  const since = directory.sample?.oldest?.at.slice(0, 10);
  const oldest = since === undefined ? '' : `, oldest seen from ${since}`;
  if (items.atLeast >= limit.items) {
    return `${name} is full: ${number} items, the limit is ${most}${size}${oldest}`;
  }
  const percent = formatPercent((items.atLeast * 100) / limit.items);
  return `${name} has ${least}${number} of ${most} items (${percent})${size}${oldest}`;
}

function meaning({ items, limit, directory }: Full): string {
  const room = limit.items - items.atLeast;
  const name = quote(directory.path);
  return room <= 0
    ? `Nothing can be added to ${name}: every create and mkdir in it fails with MaxDirectoryItemsExceededException ("The directory item limit of ${shown(directory.path)} is exceeded: limit=${limit.items} items=${items.atLeast}"), which applications often show as an error of their own. What is there can be read and deleted.`
    : `${items.how === 'bounds' ? 'At most ' : ''}${count(room, 'more item')} ${room === 1 ? 'fits' : 'fit'} into ${name}; then every create and mkdir in it fails, whatever the quota says.`;
}

function known({ items, limit }: Full): string {
  const number = {
    'name-node':
      'The number comes from the NameNode itself (WebHDFS); the directory was not listed.',
    flat: 'The number is from `hdfs dfs -count`, which counts everything below: exact here, because no directory is in it. It was not listed.',
    read: 'The web server of the NameNode did not tell the number, so the entries were read page by page and counted.',
    bounds:
      'The number is a lower bound: directories are in it, so `-count` says too much, and reading page by page stopped at its time limit.',
  }[items.how];
  const source = {
    'name-node': 'The limit is the setting of the NameNode itself',
    client: 'The limit is from the configuration of this host; the NameNode may have another one',
    default: 'The limit is the default of HDFS; no configuration could be read',
  }[limit.from];
  return `${number} ${source} (dfs.namenode.fs-limits.max-directory-items).`;
}

function age({ sample }: Directory): string[] {
  if (sample === null) return ['Its age was not looked at.'];
  if (sample.oldest === null) {
    return [`The age of its entries is not known: ${whyNoAge(sample)}.`];
  }
  const { oldest, newest, seen, whole } = sample;
  const which = whole
    ? `all ${count(seen, 'entry', 'entries')}`
    : `the first ${count(seen, 'entry', 'entries')} by name`;
  const hint = whole ? '' : ' Others may be older.';
  return [
    `Of ${which}, the oldest is \`${oldest.name}\` of ${oldest.at}, the newest is of ${newest ?? '?'}.${hint}`,
  ];
}

function whyNoAge({ said, status }: Sample): string {
  const look = { output: said, exitCode: status };
  return recognise(said)?.kind === 'out-of-memory'
    ? 'the client ran out of memory on it, as `hdfs dfs -ls` does (before Hadoop 3.3 it holds the whole listing; HADOOP_CLIENT_OPTS=-Xmx4g helps)'
    : status === 0
      ? 'none was seen'
      : failureWords(look);
}

function place({ counts }: Directory): string[] {
  if (counts === null) return ['Its size is not known.'];
  const below = `${count(counts.files, 'file')} and ${count(counts.directories - 1, 'directory', 'directories')}`;
  return [`${formatBytes(counts.sizeBytes)} in ${below} below it (before replication).`];
}

function act({ directory }: Full): string[] {
  return offers(directory.path).length === 0
    ? []
    : [
        'To let writers go on at once: set it aside and make an empty one with the same owner and mode; nothing is deleted. Lasting: delete what nobody needs, and have its owner clean up.',
      ];
}

function offers(path: string): FixOffer[] {
  return path === '/' ? [] : [{ fix: 'set-aside-directory', params: { path } }];
}

function proof({ reading, directory }: Full): Evidence[] {
  const { count: counted, status, path } = directory;
  const all = [evidence(['hdfs', 'dfs', '-count', '-q', '-v', path], counted)];
  if (directory.children !== null && status !== null) {
    all.push(evidence(['curl', `…/webhdfs/v1${path}?op=GETFILESTATUS`], status));
  }
  if (reading.clientLimit !== null) {
    const key = 'dfs.namenode.fs-limits.max-directory-items';
    all.push(evidence(['hdfs', 'getconf', '-confKey', key], reading.clientLimit));
  }
  return all;
}
