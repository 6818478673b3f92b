import { majorMinor, parseDirectory, parseFileSystem } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import type { Descriptor, Process, State } from './state.ts';

const WHAT = 'fix truncate-deleted-file';

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get = (name: string): Section => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    // Each section ends with a newline of its own, so that a name ending in one survives.
    return { ...section, body: section.body.replace(/\n$/, '') };
  };
  const [bootId, uid] = words(get('host'), 2);
  return {
    bootId,
    uid: integer(uid, 'uid'),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    process: parseProcess(get),
    descriptor: parseDescriptor(get),
    saveDirectory: parseDirectory(get('save')),
    runDirectory: parseDirectory(get('run')),
    gzip: get('tools').body === 'gzip',
  };
}

type Get = (name: string) => Section;

function parseProcess(get: Get): Process | null {
  const process = get('process');
  if (process.exitCode !== 0) return null;
  const startTime = process.body.trim();
  if (!/^\d+$/.test(startTime)) throw unreadable(`start time "${startTime}"`);
  const container = get('cgroup').body.trim();
  return {
    startTime,
    name: get('comm').body,
    ...(container === '' ? {} : { container }),
  };
}

function parseDescriptor(get: Get): Descriptor | 'missing' | 'denied' {
  const descriptor = get('descriptor');
  if (descriptor.exitCode === 1) return 'missing';
  if (descriptor.exitCode !== 0) return 'denied';
  const [dev, inode, links, mode, size, blocks] = words(descriptor, 6);
  const [read, packed] = words(get('sample'), 2);
  const flags = get('flags').body.trim();
  if (!/^0[0-7]+$/.test(flags)) throw unreadable(`flags "${flags}"`);
  return {
    device: majorMinor(dev),
    inode,
    links: integer(links, 'links'),
    regular: (Number.parseInt(mode, 16) & 0xf000) === 0x8000,
    sizeBytes: integer(size, 'size'),
    // st_blocks counts 512-byte units whatever the file system's block size (stat(2)).
    allocatedBytes: integer(blocks, 'blocks') * 512,
    flags,
    path: get('target').body.replace(/ \(deleted\)$/, ''),
    fileSystem: parseFileSystem('filesystem', get('filesystem').body.trim().split(' ')),
    mappedBy: [...get('mapped').body.matchAll(/\/proc\/(\d+)\/maps/g)].map(([, pid = '']) => pid),
    sample: { read: integer(read, 'sample'), packed: integer(packed, 'sample') },
  };
}

function words<N extends number>(section: Section, count: N): Words<N> {
  const found = section.body.trim().split(' ');
  if (found.length !== count) throw unreadable(`section "${section.name}": "${section.body}"`);
  return found as Words<N>;
}
type Words<N extends number> = N extends 2
  ? [string, string]
  : [string, string, string, string, string, string];

function integer(text: string, what: string): number {
  if (!/^\d{1,20}$/.test(text)) throw unreadable(`${what} "${text}"`);
  return Number(text);
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
