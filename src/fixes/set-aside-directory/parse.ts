import { parseDirectory } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { asideOf } from './aside.ts';
import type { Cluster, Counts, Facts, State, WebStatus } from './state.ts';

const WHAT = 'fix set-aside-directory';

type Get = (name: string) => Section;

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string, fix: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get: Get = (name) => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    return section;
  };
  get('finish');
  const [uid = '', hdfs = ''] = get('host').body.trim().split(' ');
  if (!/^\d+$/.test(uid)) throw unreadable(`user id "${uid}"`);
  const place = {
    saveDirectory: parseDirectory(get('save')),
    runDirectory: parseDirectory(get('run')),
  };
  if (hdfs === 'none') return { uid, hdfs: false, ...place, fs: null, cluster: null, said: '' };
  const [fs] = /^hdfs:\/\/[A-Za-z0-9._:-]+(?=\/?$)/m.exec(get('default').body) ?? [];
  const asked = sections.some(({ name }) => name === 'counts');
  const said = (fs === undefined ? get('default') : get('facts')).body.trim();
  const cluster = asked ? parseCluster(get, fix) : null;
  return { uid, hdfs: true, ...place, fs: fs ?? null, cluster, said: said.slice(-600) };
}

function parseCluster(get: Get, fix: string): Cluster {
  const facts = get('facts').body;
  // The id of a fix is in one name only: the one it gives.
  const isAside = (name: string): boolean => name.endsWith(asideOf('', fix));
  const zones = get('zones');
  const [, user] = /[?&]ugi=([A-Za-z0-9._-]+)&/.exec(get('namenode').body) ?? [];
  return {
    source: parseFacts(facts, (name) => !isAside(name)),
    aside: parseFacts(facts, isAside),
    counts: parseCounts(get('counts')),
    asideCounts: parseCounts(get('aside_counts')),
    limit: Number(/^\d{1,9}$/m.exec(get('limit').body)?.[0] ?? Number.NaN) || null,
    acl: parseAcl(get('acl')),
    safeMode: parseSafeMode(get('safemode').body),
    snapshottable: listed(get('snapshots'), / (\/.*)$/),
    zones: listed(zones, /^(\/.*?) {2,}\S+ *$/),
    // A command that needs the superuser and was answered.
    superuser: zones.exitCode === 0,
    user: user ?? null,
    sourceStatus: parseStatus(get('source_status').body),
    parentStatus: parseStatus(get('parent_status').body),
    asideStatus: parseStatus(get('aside_status').body),
  };
}

/** Lines `kind|mode|owner|group|mtime|name`; those that are missing are said in words. */
function parseFacts(body: string, isIt: (name: string) => boolean): Facts | 'missing' | null {
  for (const line of body.split('\n')) {
    const [, kind, mode = '', owner = '', group = '', name = ''] =
      /^(directory|regular file|symlink)\|([0-7]{1,4})\|([^|]*)\|([^|]*)\|\d+\|(.*)$/.exec(line) ??
      [];
    if (kind !== undefined && isIt(name)) {
      return { directory: kind === 'directory', mode, owner, group };
    }
  }
  const gone = [...body.matchAll(/^stat: `(.*)': No such file or directory$/gm)];
  return gone.some(([, path = '']) => isIt(path.slice(path.lastIndexOf('/') + 1)))
    ? 'missing'
    : null;
}

function parseCounts({ body, exitCode }: Section): Counts | null {
  const found =
    exitCode === 0
      ? /^ *(none|-?\d+) +(?:inf|-?\d+) +(none|-?\d+) +(?:inf|-?\d+) +(\d+) +(\d+) +(\d+) \//m.exec(
          body,
        )
      : null;
  if (found === null) return null;
  const [, names, space, directories, files, size] = found;
  return {
    directories: Number(directories),
    files: Number(files),
    sizeBytes: Number(size),
    nameQuota: quota(names),
    spaceQuota: quota(space),
  };
}

function quota(text: string | undefined): number | null {
  return text === 'none' ? null : Number(text);
}

const ENTRY = /^(?:default:)?(?:user|group|mask|other):[A-Za-z0-9._@-]*:[r-][w-][x-]$/;

/** What `-getfacl` prints, when there is more than user, group and other. */
function parseAcl({ body, exitCode }: Section): readonly string[] | null {
  // Support for ACLs may be switched off: then there are none.
  if (exitCode !== 0) return /ACLs has been disabled/.test(body) ? [] : null;
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const entries = lines.map((line) => line.replace(/\t#effective:.*$/, '').trim());
  if (!entries.every((entry) => ENTRY.test(entry)) || entries.length < 3) return null;
  return entries.length === 3 ? [] : entries;
}

function parseSafeMode(body: string): boolean | null {
  if (/^Safe mode is OFF/m.test(body)) return false;
  return /^Safe mode is ON/m.test(body) ? true : null;
}

function listed({ body, exitCode }: Section, pattern: RegExp): readonly string[] | null {
  if (exitCode !== 0) return null;
  return body.split('\n').flatMap((line) => {
    const [, path] = pattern.exec(line) ?? [];
    return path === undefined ? [] : [path];
  });
}

function parseStatus(body: string): WebStatus | null {
  if (!/^\{"FileStatus":\{.*"type":"DIRECTORY"/.test(body)) return null;
  const number = (key: string): string | undefined =>
    new RegExp(`"${key}":(\\d{1,18})[,}]`).exec(body)?.[1];
  const [inode, children] = [number('fileId'), number('childrenNum')];
  if (inode === undefined || children === undefined) return null;
  return {
    inode,
    children: Number(children),
    encrypted: /"encBit":true/.test(body),
    storagePolicy: Number(number('storagePolicy') ?? 0),
    erasureCodingPolicy: /"ecPolicy":"([A-Za-z0-9-]*)"/.exec(body)?.[1] ?? '',
  };
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
