import type { CommandResult } from '../../core/command.ts';
import { displayName } from '../../core/display-name.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { parseAbove, parseCounts } from './parse-counts.ts';
import type { Directory, Host, Look, Reading, Sample } from './reading.ts';
import { shown } from './words.ts';

/**
 * The output of the probe. What could not be looked at is null; what a cut-off output lacks is said by `cutAt`.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  if (sections.length === 0) throw unreadable(silence(result));
  const whole = sections.filter((section) => section.exitCode !== null);
  const last = (name: string): Look | null => {
    const found = whole.findLast((section) => section.name === name);
    return found === undefined ? null : lookOf(found);
  };
  const quotas = last('quotas');
  return {
    privilege: result.privilege,
    host: parseHost(requireSection(whole, 'host', 'hdfs probe')),
    clientLimit: last('limit'),
    serverLimit: parseServerLimit(last('server-limit')),
    scheme: last('scheme'),
    directories: parseDirectories(whole),
    safeMode: last('safemode'),
    fsck: last('fsck'),
    quotas,
    quotasAbove: quotas === null ? [] : parseAbove(quotas.output),
    cutAt: cutAt(result, sections),
  };
}

/** Without what every client prints and nobody needs. */
function lookOf({ body, exitCode }: Section): Look {
  const lines = body.split('\n').filter((line) => !/util\.NativeCodeLoader/.test(line));
  return { output: lines.join('\n').trimEnd(), exitCode: exitCode ?? 1 };
}

function parseHost({ body }: Section): Host {
  const all = body.split('\n').map((line) => {
    const at = line.indexOf(' ');
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  const get = (key: string): string => all.find(([name]) => name === key)?.[1] ?? '';
  return {
    user: shown(get('user')),
    hdfs: get('hdfs') === '' ? null : shown(get('hdfs')),
    utf8: /utf-?8$/i.test(get('locale')),
    missingTools: all.filter(([name]) => name === 'missing').map(([, tool]) => shown(tool)),
    local: get('local') === '' ? null : shown(get('local')),
  };
}

/** The NameNode's `/conf?name=…`. */
function parseServerLimit(look: Look | null): number | null {
  const key = 'dfs.namenode.fs-limits.max-directory-items';
  const found = new RegExp(`<name>${key}</name><value>([0-9]{1,9})<`).exec(look?.output ?? '');
  return found === null ? null : Number(found[1]);
}

/** Each begins with its own section, and what follows is about it. */
function parseDirectories(sections: readonly Section[]): Directory[] {
  const directories: Directory[] = [];
  for (const section of sections) {
    const current = directories.at(-1);
    if (section.name === 'directory') {
      directories.push(unseen(section.body));
    } else if (current !== undefined) {
      directories[directories.length - 1] = { ...current, ...about(section) };
    }
  }
  return directories;
}

function unseen(path: string): Directory {
  const count = { output: '', exitCode: 125 };
  return { path, count, counts: null, children: null, status: null, sample: null };
}

function about(section: Section): Partial<Directory> {
  const look = lookOf(section);
  if (section.name === 'count') return { count: look, counts: parseCounts(look) };
  if (section.name === 'status') return { status: look, children: parseChildren(look.output) };
  if (section.name === 'sample') return { sample: parseSample(section.body) };
  return {};
}

function parseChildren(output: string): number | null {
  const directory = /^\{"FileStatus":\{.*"type":"DIRECTORY"/.test(output);
  const found = directory ? /"childrenNum":([0-9]{1,9})[,}]/.exec(output) : null;
  return found === null ? null : Number(found[1]);
}

function parseSample(body: string): Sample {
  const lines = body.split('\n');
  const get = (key: string): string =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
  const seen = /^[0-9]{1,9}$/.test(get('seen')) ? Number(get('seen')) : 0;
  const [, day, time, name = ''] = /^(\S{10}) (\S{5}) (.*)$/.exec(get('oldest')) ?? [];
  return {
    whole: get('whole') === '1' && get('status') === '0',
    seen,
    directories: Number(get('directories')) || 0,
    oldest: day === undefined ? null : { at: `${day}T${time}:00Z`, name: displayName(name) },
    newest: get('newest') === '' ? null : `${get('newest').replace(' ', 'T')}:00Z`,
    status: get('status') === 'enough' ? 0 : Number(get('status')),
    said: lines
      .filter((line) => line.startsWith('said ') && !line.includes('util.NativeCodeLoader'))
      .map((line) => line.slice(5))
      .join('\n'),
  };
}

function silence({ stderr, exitCode }: CommandResult): string {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return `it printed nothing of its own (exit status ${exitCode ?? 'none'}): ${said || 'no error text'}`;
}

function cutAt(result: CommandResult, sections: readonly Section[]): string | null {
  const last = sections.at(-1);
  if (result.outputTruncated) return 'its output was larger than the limit';
  if (last?.name === 'finish' && last.exitCode === 0) return null;
  const why = result.timedOut ? 'it ran into its time limit' : 'its output ends early';
  return `${why}, in the part "${last?.name ?? ''}"`;
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `hdfs probe: ${what}`);
}
