import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { unreadable } from './lines.ts';
import { parseClock } from './parse-clock.ts';
import { parseHost, parseMemory, parsePressure } from './parse-host.ts';
import { parseKernel } from './parse-kernel.ts';
import { parseConntrack, parseDescriptors, parseGroups, parseLimits } from './parse-limits.ts';
import { parseSample } from './parse-sample.ts';
import { parseOwners, parseQueueOwners, parseTop, parseWaits } from './parse-tasks.ts';
import type { Reading } from './reading.ts';

/**
 * The output of the probe. What a cut-off output lacks is missing in the reading and said by `cutAt`.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  if (sections.length === 0) {
    throw unreadable(silence(result), { stderr: result.stderr.slice(0, 500) });
  }
  const whole = sections.filter((section) => section.exitCode !== null);
  const get = (name: string): Section | undefined => whole.find((section) => section.name === name);
  const host = parseHost(requireSection(whole, 'host', 'vitals probe'));
  const waits = [get('top'), get('waits'), get('descriptors'), get('queues')];
  return {
    privilege: result.privilege,
    sudoRefused: result.sudoRefused ?? null,
    host,
    clock: parseClock({ host: get('host'), clock: get('clock'), finish: get('finish') }, result),
    memory: parseMemory(get('memory')),
    ...parsePressure(get('pressure')),
    samples: whole.filter(({ name }) => name === 'sample').map(parseSample),
    top: parseTop(get('top'), host.pageBytes),
    waits: parseWaits(get('waits')),
    kernel: parseKernel(get('kernel'), get('directories'), host),
    groups: parseGroups(get('cgroups')),
    descriptors: parseDescriptors(get('descriptors')),
    limits: parseLimits(get('limits')),
    queues: parseQueueOwners(get('queues')),
    conntrack: parseConntrack(get('conntrack')),
    owners: parseOwners(waits),
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
