import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { lineText } from './display.ts';
import { integer, linesOf, unreadable } from './lines.ts';
import { majorMinor, pathOf } from './parse-open.ts';
import type { FileFacts, LogSample, Stamp, Sum } from './reading.ts';
import type { RawPattern } from './template/patterns.ts';

/** Sizes by `device inode`, and when they were taken, hundredths of a second after boot. */
export interface Sizes {
  readonly at: number;
  readonly bytes: ReadonlyMap<string, number>;
}

export function parseSizes(section: Section): Sizes {
  const bytes = new Map<string, number>();
  let at = 0;
  for (const [word, first = '', inode, size] of linesOf(section, {})) {
    if (word === 'at') at = integer(first, 'time of the sizes');
    else bytes.set(`${first} ${inode}`, integer(size, 'size of a log'));
  }
  return { at, bytes };
}

/** Lines that end in a name, which may hold blanks. */
const NAMES = { path: 2, container: 2, unit: 2, older: 4 } as const;

/** Fields of the lines whose first word is followed by a tab. */
type Tabbed = readonly string[];

export function parseLog(section: Section, sizes: Sizes | undefined): LogSample {
  const all = section.body.split('\n');
  const tabbed: Tabbed[] = all
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t'));
  const body = all.filter((line) => !line.includes('\t')).join('\n');
  const words = new Map(
    linesOf({ ...section, body }, NAMES).map(([word, ...fields]) => [word, fields]),
  );
  const word = (name: string): string => words.get(name)?.[0] ?? '';
  const unit = words.has('unit');
  const escaped = unit ? word('unit') : word('path');
  const older = words.get('older');
  return {
    problem: words.has('unreadable') ? 'unreadable' : words.has('changed') ? 'changed' : null,
    path: unit ? `unit ${displayName(escaped)}` : pathOf(escaped),
    unit,
    deleted: words.get('stat')?.[2] === '0',
    container: /^"Name":"\/([^"\\]*)"/.exec(word('container'))?.[1] ?? null,
    file: fileOf(words),
    writable: words.has('writable') ? word('writable') === 'yes' : null,
    packed: words.has('packed'),
    holeBytes: words.has('hole') ? integer(word('hole'), 'hole') : null,
    plan: planOf(tabbed),
    stamps: stampsOf(tabbed),
    sum: sumOf(tabbed),
    patterns: tabbed.filter(([kind]) => kind === 't').map(patternOf),
    older:
      older === undefined
        ? null
        : {
            count: integer(older[0], 'rotations'),
            bytes: integer(older[1], 'bytes of rotations'),
            first: displayName(older[2] ?? ''),
          },
    growth: growthOf(words, sizes),
  };
}

type Words = ReadonlyMap<string, readonly string[]>;

function fileOf(words: Words): FileFacts | null {
  const stat = words.get('stat');
  if (stat === undefined) return null;
  const [device, inode, , size, disk, modified] = stat;
  const fs = words.get('fs') ?? [];
  const place = words.get('place');
  return {
    device: majorMinor(integer(device, 'device')),
    inode: integer(inode, 'inode'),
    sizeBytes: integer(size, 'size of a log'),
    diskBytes: integer(disk, 'blocks of a log'),
    modified: integer(modified, 'time of a log'),
    fs: fs.length < 4 ? null : fileSystem(fs),
    mountpoint: place === undefined ? null : displayName(place[1] ?? ''),
  };
}

function fileSystem(fields: readonly string[]): FileFacts['fs'] {
  const [unit = 0, blocks = 0, free = 0, available = 0] = fields.map((field) =>
    // A quota below its use makes "available" wrap around: nothing is available then.
    /^(-|1844674407[0-9]{10}$)/.test(field) ? 0 : integer(field, 'statfs'),
  );
  const used = blocks - free;
  return {
    sizeBytes: blocks * unit,
    availableBytes: available * unit,
    usedPercent: used + available > 0 ? (used * 100) / (used + available) : 0,
  };
}

function planOf(tabbed: readonly Tabbed[]): LogSample['plan'] {
  const plan = tabbed.find(([kind]) => kind === 'plan');
  if (plan === undefined) return { unitBytes: 0, blocks: 0, mode: 'none' };
  return {
    unitBytes: integer(plan[1], 'size of a block'),
    blocks: integer(plan[2], 'number of blocks'),
    mode: plan[3] ?? '',
  };
}

function stampsOf(tabbed: readonly Tabbed[]): Stamp[] {
  return tabbed
    .filter(([kind]) => kind === 'at')
    .map(([, offset, text = '']) => ({ offset: integer(offset, 'offset'), text: lineText(text) }))
    .toSorted((a, b) => a.offset - b.offset);
}

function sumOf(tabbed: readonly Tabbed[]): Sum | null {
  const sum = tabbed.find(([kind]) => kind === 'sum');
  if (sum === undefined) return null;
  const [readBytes = 0, countedBytes = 0, lines = 0, , nulBytes = 0, withinLineBytes = 0] = sum
    .slice(1)
    .map((field) => integer(field, 'sum'));
  return { readBytes, countedBytes, lines, nulBytes, withinLineBytes };
}

function patternOf([, bytes, lines = '', text = '']: Tabbed): RawPattern {
  if (!/^[0-9]+\.[0-9]+$/.test(lines)) throw unreadable(`lines of a pattern: "${lines}"`);
  return {
    bytes: integer(bytes, 'bytes of a pattern'),
    lines: Number(lines),
    text: lineText(text),
  };
}

function growthOf(words: Words, sizes: Sizes | undefined): LogSample['growth'] {
  const [at, size] = words.get('first') ?? [];
  const [device, inode] = words.get('stat') ?? [];
  const later = sizes?.bytes.get(`${device} ${inode}`);
  if (sizes === undefined || at === undefined || later === undefined) return null;
  const seconds = (sizes.at - integer(at, 'time of a size')) / 100;
  return { bytes: later - integer(size, 'size of a log'), seconds };
}
