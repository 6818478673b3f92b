import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { unreadable } from './lines.ts';
import { parseDeleted, parseMapped } from './parse-deleted.ts';
import { parseHost, parseMounts, parseProcesses, parseSample } from './parse-host.ts';
import { parseContainers, parseWalk } from './parse-walk.ts';
import type { Reading } from './reading.ts';

/**
 * The output of the probe. What a cut-off output lacks is missing in the reading and said by `cutAt`;
 * without the mounts and their first sample there is nothing to say.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  const whole = sections.filter((section) => section.exitCode === 0);
  const named = (name: string): Section[] => whole.filter((section) => section.name === name);
  if (sections.length === 0)
    throw unreadable(silence(result), { stderr: result.stderr.slice(0, 500) });
  const get = (name: string): Section => requireSection(whole, name, 'disk probe');

  const host = parseHost(get('host'));
  const total = parseProcesses(get('processes'));
  const { docker, ...table } = parseMounts(get('mounts'));
  get('sample');
  const samples = named('sample').map((section) => parseSample(section, table.mounts));
  const [deleted] = named('deleted').map(parseDeleted);
  const [mapped] = named('mapped').map(parseMapped);
  return {
    privilege: result.privilege,
    sudoRefused: result.sudoRefused ?? null,
    host,
    processes: { total, denied: deleted?.denied ?? total },
    ...table,
    samples,
    containers: named('containers').map((section) => parseContainers(section, docker)),
    deleted: deleted?.deleted ?? { scanned: false, sums: new Map(), files: [] },
    mapped: mapped?.mapped ?? [],
    loops: mapped?.loops ?? [],
    walks: named('walk').map(parseWalk),
    cutAt: cutAt(result, sections),
  };
}

function silence(result: CommandResult): string {
  const stderr = result.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return `it printed nothing of its own (exit status ${result.exitCode ?? 'none'}): ${stderr || 'no error text'}`;
}

function cutAt(result: CommandResult, sections: readonly Section[]): string | null {
  const last = sections.at(-1);
  if (last?.name === 'finish' && last.exitCode === 0 && !result.outputTruncated) return null;
  if (result.outputTruncated) return 'its output was larger than the limit';
  const why = result.timedOut ? 'it ran into its time limit' : 'its output ends early';
  return `${why}, in the part "${last?.name ?? ''}"`;
}
