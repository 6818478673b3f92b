import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { integer, type Line, linesOf, unknownLine, unreadable } from './lines.ts';
import { parseSettings } from './parse-settings.ts';
import { parseTable } from './parse-table.ts';
import type { Container, HostFacts, Namespace, Reading } from './reading.ts';

/**
 * The output of the probe. What a cut-off output lacks is missing in the reading and said by `cutAt`;
 * without the host and its namespaces there is nothing to say.
 * @throws HousecallError OUTPUT_UNREADABLE rather than guess.
 */
export function parse(result: CommandResult, nonce: string): Reading {
  const sections = parseSections(result.stdout, nonce);
  const whole = sections.filter((section) => section.exitCode === 0);
  const named = (name: string): Section[] => whole.filter((section) => section.name === name);
  if (sections.length === 0) {
    throw unreadable(silence(result), { stderr: result.stderr.slice(0, 500) });
  }
  const get = (name: string): Section => requireSection(whole, name, 'ports probe');
  const host = parseHost(get('host'));
  const listed = parseNamespaces(get('namespaces'), host.own);
  const containers = named('containers').map(parseContainers)[0] ?? new Map();
  const settings = new Map(named('settings').map(parseSettings));
  const tables = new Map(named('sockets').map((section) => parseTable(section, host.bigEndian)));
  const [finish] = named('finish');
  return {
    privilege: result.privilege,
    sudoRefused: result.sudoRefused ?? null,
    host: host.facts,
    processes: listed.processes,
    found: listed.found,
    namespaces: listed.namespaces.map((one) => ({
      ...one,
      containers: containers.get(one.inode) ?? [],
      settings: settings.get(one.inode) ?? null,
      table: tables.get(one.inode) ?? null,
    })),
    unread: finish === undefined ? 0 : integer(valueOf(finish, 'unread'), 'unread namespaces'),
    cutAt: cutAt(result, sections),
  };
}

function valueOf(section: Section, name: string): string | undefined {
  return linesOf(section).find(([word]) => word === name)?.[1];
}

function parseHost(section: Section): {
  readonly facts: HostFacts;
  readonly own: string;
  readonly bigEndian: boolean;
} {
  const missingTools: string[] = [];
  const facts = new Map<string, string>();
  for (const line of linesOf(section)) {
    const [word, ...fields] = line;
    if (word === 'missing') missingTools.push(fields[0] ?? '');
    else if (['uid', 'kernel', 'order', 'own', 'enter', 'power', 'pid1'].includes(word)) {
      facts.set(word, fields.join(' '));
    } else throw unknownLine('host', line);
  }
  return {
    facts: {
      uid: integer(facts.get('uid'), 'uid'),
      kernel: (facts.get('kernel') ?? '').replaceAll(/[^A-Za-z0-9._+~-]/g, '?'),
      dockerGroup: facts.get('power') === 'docker',
      pid1Visible: facts.get('pid1') === 'visible',
      enter: facts.get('enter') ?? 'none',
      missingTools,
    },
    own: facts.get('own') ?? '0',
    bigEndian: facts.get('order') === 'big',
  };
}

type Listed = Omit<Namespace, 'containers' | 'settings' | 'table'>;

function parseNamespaces(
  section: Section,
  own: string,
): { processes: Reading['processes']; found: number; namespaces: readonly Listed[] } {
  const numbers = new Map<string, number>();
  const namespaces: Listed[] = [];
  for (const line of linesOf(section)) {
    const [word, ...fields] = line;
    if (word === 'ns') namespaces.push(parseNamespace(fields, own));
    else if (['total', 'denied', 'found'].includes(word))
      numbers.set(word, integer(fields[0], word));
    else throw unknownLine('namespaces', line);
  }
  const number = (name: string): number => integer(`${numbers.get(name)}`, name);
  return {
    processes: { total: number('total'), denied: number('denied') },
    found: number('found'),
    namespaces,
  };
}

function parseNamespace(fields: readonly string[], own: string): Listed {
  const [inode = '', pid, processes, timeWait, open, process = ''] = fields;
  integer(inode, 'inode of a namespace');
  return {
    inode,
    pid: integer(pid, 'process id'),
    processes: integer(processes, 'processes of a namespace'),
    process: process === '' ? '?' : process,
    own: inode === own,
    timeWait: timeWait === '-' ? null : integer(timeWait, 'sockets in TIME_WAIT'),
    open: open === '-' ? null : integer(open, 'open sockets'),
  };
}

function parseContainers(section: Section): ReadonlyMap<string, readonly Container[]> {
  const lines = linesOf(section);
  const names = new Map<string, Line>();
  for (const line of lines) if (line[0] === 'name') names.set(line[1] ?? '', line);
  const found = new Map<string, Container[]>();
  for (const line of lines) {
    const [word, inode = '', id = ''] = line;
    if (word === 'name') continue;
    if (word !== 'container' || !/^[0-9a-f]{64}$/.test(id)) throw unknownLine('containers', line);
    const [, , name = '-', image = '-'] = names.get(id) ?? [];
    const container = { id, name: name === '-' ? null : name, image: image === '-' ? null : image };
    found.set(inode, [...(found.get(inode) ?? []), container]);
  }
  return found;
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
