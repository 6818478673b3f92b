import type { Section } from '../../core/sections.ts';
import { displayName } from './display.ts';
import { integer, linesOf, unknownLine, unreadable } from './lines.ts';
import type { Facts, HostFacts, Mount, Place, Reading, Sample } from './reading.ts';

export function parseHost(section: Section): HostFacts {
  const missingTools: string[] = [];
  const facts = new Map<string, string>();
  for (const line of linesOf(section, {})) {
    const [word, value = ''] = line;
    if (word === 'missing') missingTools.push(value);
    else if (['uid', 'boot', 'btime', 'tick', 'pid1', 'power'].includes(word))
      facts.set(word, value);
    else throw unknownLine('host', line);
  }
  return {
    uid: integer(facts.get('uid'), 'uid'),
    bootId: facts.get('boot') ?? '',
    bootTime: integer(facts.get('btime'), 'boot time'),
    tick: integer(facts.get('tick'), 'clock tick') || 100,
    dockerGroup: facts.get('power') === 'docker',
    pid1Visible: facts.get('pid1') === 'visible',
    missingTools,
  };
}

export function parseProcesses(section: Section): number {
  let total: number | null = null;
  for (const line of linesOf(section, {})) {
    if (line[0] === 'total') total = integer(line[1], 'number of processes');
    else if (line[0] !== 'kernel') throw unknownLine('processes', line);
  }
  if (total === null) throw unreadable('the number of processes is missing');
  return total;
}

type MountTable = Pick<Reading, 'problem' | 'asked' | 'skipped' | 'mounts'> & {
  readonly docker: Place | null;
};

export function parseMounts(section: Section): MountTable {
  const mounts: Mount[] = [];
  const lists = { also: new Map<number, string[]>(), under: new Map<number, string[]>() };
  const skipped: { type: string; mountpoint: string }[] = [];
  const places = new Map<string, Place>();
  let problem: Reading['problem'] = null;
  for (const line of linesOf(section, {})) {
    const [word, ...fields] = line;
    if (word === 'mount') mounts.push(parseMount(fields));
    else if (word === 'also' || word === 'under') {
      const index = integer(fields[0], 'mount index');
      const list = lists[word].get(index) ?? [];
      list.push(displayName(fields[1] ?? ''));
      lists[word].set(index, list);
    } else if (word === 'skipped') {
      skipped.push({
        type: displayName(fields[0] ?? ''),
        mountpoint: displayName(fields[1] ?? ''),
      });
    } else if (word === 'query') {
      const [name = '', kind = '', type = '', , mountpoint = ''] = fields;
      places.set(name, { kind, type: displayName(type), mountpoint: displayName(mountpoint) });
    } else if (word === 'problem') problem = fields[0] === 'denied' ? 'denied' : 'missing';
    else if (word !== 'prune' && word !== 'avoid') throw unknownLine('mounts', line);
  }
  return {
    problem,
    asked: places.get('mount') ?? null,
    docker: places.get('docker') ?? null,
    skipped,
    // With a problem the table is that of the path as asked, not of what would have been looked at.
    mounts: (problem === null ? mounts : []).map((mount) => ({
      ...mount,
      also: lists.also.get(mount.index) ?? [],
      under: lists.under.get(mount.index) ?? [],
    })),
  };
}

function parseMount(fields: readonly string[]): Mount {
  const [index, device = '', kind, type = '', vfs, sup, errors, fstab, source, root, mountpoint] =
    fields;
  if (mountpoint === undefined || !/^[0-9]+:[0-9]+$/.test(device)) {
    throw unreadable(`mount line "${fields.join(' ').slice(0, 120)}"`);
  }
  return {
    index: integer(index, 'mount index'),
    device,
    kind: kind === 'image' || kind === 'overlay' ? kind : 'local',
    type: displayName(type),
    readOnlyMount: vfs === 'ro',
    readOnlySuper: sup === 'ro',
    errorsRemount: errors === '1',
    fstab: fstab === 'ro' || fstab === 'rw' ? fstab : 'none',
    source: displayName(source ?? ''),
    root: displayName(root ?? ''),
    mountpoint: displayName(mountpoint),
    also: [],
    under: [],
  };
}

export function parseSample(section: Section, mounts: readonly Mount[]): Sample {
  const [at, ...lines] = linesOf(section, {});
  if (at?.[0] !== 'at') throw unreadable('a sample has no time');
  if (lines.length !== mounts.length) {
    throw unreadable(`a sample has ${lines.length} lines for ${mounts.length} mounts`);
  }
  return {
    atSeconds: integer(at[1], 'time of a sample') / 100,
    facts: lines.map((line) => (line[0] === '-' ? null : parseFacts(line))),
  };
}

function parseFacts(line: readonly string[]): Facts {
  const [size = 0, blocks = 0, free = 0, available = 0, inodes = 0, inodesFree = 0] = Array.from(
    { length: 6 },
    // A quota below its use makes "available" wrap around: nothing is available then.
    (_, i) => (/^(-|1844674407[0-9]{10}$)/.test(line[i] ?? '') ? 0 : integer(line[i], 'statfs')),
  );
  return {
    sizeBytes: blocks * size,
    freeBytes: free * size,
    availableBytes: available * size,
    inodes,
    inodesFree,
  };
}
