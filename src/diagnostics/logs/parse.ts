import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { unreadable } from './lines.ts';
import { parseHost, parseProcesses } from './parse-host.ts';
import { parseLog, parseSizes } from './parse-log.ts';
import { parseOpen } from './parse-open.ts';
import { parseAsked, parseRotation, parseSearch } from './parse-search.ts';
import type { Reading } from './reading.ts';

/**
 * The output of the probe. What a cut-off output lacks is missing in the reading and said by `cutAt`.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  const whole = sections.filter((section) => section.exitCode === 0);
  const named = (name: string): Section[] => whole.filter((section) => section.name === name);
  if (sections.length === 0)
    throw unreadable(silence(result), { stderr: result.stderr.slice(0, 500) });
  const get = (name: string): Section => requireSection(whole, name, 'logs probe');

  const host = parseHost(get('host'));
  const total = parseProcesses(get('processes'));
  const [descriptors] = named('descriptors').map(parseOpen);
  const [sizes] = named('sizes').map(parseSizes);
  const [asked] = named('asked').map(parseAsked);
  const [directories] = named('directories');
  const [chosen] = named('chosen');
  const [rotation] = named('rotation').map(parseRotation);
  return {
    privilege: result.privilege,
    sudoRefused: result.sudoRefused ?? null,
    host,
    processes: { total, denied: descriptors?.denied ?? total },
    asked: asked ?? null,
    search: directories === undefined ? null : parseSearch(directories, chosen),
    open: descriptors?.open ?? [],
    logs: named('log').map((section) => parseLog(section, sizes)),
    rotation: rotation ?? { files: [], denied: [] },
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
