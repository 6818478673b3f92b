import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { integer, linesOf, plain, restsOf, unreadable } from './lines.ts';
import { parseAnswer, parseDaemon, parseHost, parseSocket } from './parse-daemon.ts';
import { parseStore } from './parse-store.ts';
import type { Reading, Root } from './reading.ts';

/**
 * The output of the probe. What a cut-off output lacks is missing in the reading and said by `cutAt`;
 * without the processes and the socket there is nothing to say.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  if (sections.length === 0) {
    throw unreadable(silence(result), { stderr: result.stderr.slice(0, 500) });
  }
  const ended = sections.filter((section) => section.exitCode !== null);
  const get = (name: string): Section => requireSection(ended, name, 'docker probe');
  const host = parseHost(get('host'));
  const kernel = get('kernel');
  const config = get('config');
  const [words] = ended.filter((section) => section.name === 'words');
  return {
    privilege: result.privilege,
    sudoRefused: result.sudoRefused ?? null,
    host,
    daemon: parseDaemon(get('processes'), host),
    config: {
      path: plain(restsOf(config, 'path')[0] ?? ''),
      state: restsOf(config, 'state')[0] ?? 'missing',
      text: restsOf(config, 'text').map(plain).join('\n'),
    },
    unit: new Map(
      restsOf(get('unit'), 'systemd').map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), plain(line.slice(at + 1))];
      }),
    ),
    socket: parseSocket(get('socket')),
    answers: ended.filter((section) => section.name === 'ask').map(parseAnswer),
    words:
      words === undefined
        ? null
        : {
            source: plain(restsOf(words, 'source')[0] ?? ''),
            lines: restsOf(words, 'line').map(plain),
          },
    kernel: {
      seen: linesOf(kernel).some(([word]) => word === 'seen'),
      oom: restsOf(kernel, 'oom').map(plain),
      denied: restsOf(kernel, 'denied').map(plain),
    },
    root: parseRoot(get('root')),
    store: parseStore(ended),
    cutAt: cutAt(result, sections),
  };
}

function parseRoot(section: Section): Root {
  const [kind, type = '', mode, ...point] = (restsOf(section, 'mount')[0] ?? '').split(' ');
  const [facts] = restsOf(section, 'statfs');
  const [block = 0, , , available = 0, inodes = 0, inodesFree = 0] =
    facts?.split(' ').map((field) => integer(field, 'a number of statfs')) ?? [];
  const known = facts !== undefined;
  return {
    path: plain(restsOf(section, 'real')[0] ?? restsOf(section, 'path')[0] ?? ''),
    local: kind === 'local',
    type: plain(type),
    readOnly: mode === 'ro',
    mountpoint: plain(point.join(' ')),
    availableBytes: known ? block * available : null,
    inodesFree: known && inodes > 0 ? inodesFree : null,
    problem: problemOf(restsOf(section, 'problem')[0]),
  };
}

function problemOf(word: string | undefined): Root['problem'] {
  switch (word) {
    case undefined:
      return null;
    case 'hazard':
    case 'missing':
    case 'denied':
    case 'graph':
    case 'empty':
      return word;
    default:
      throw unreadable(`problem of the data root is "${word.slice(0, 40)}"`);
  }
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
