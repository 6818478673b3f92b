import { majorMinor, parseDirectory, parseFileSystem } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { type File, type Log, type Place, type State, WAYS, type Writer } from './state.ts';

const WHAT = 'fix truncate-log';

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get = (name: string): Section => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    // Each section ends with a newline of its own, so that a name ending in one survives.
    return { ...section, body: section.body.replace(/\n$/, '') };
  };
  const [bootId = '', uid] = words(get('host').body, 2);
  const file = parseFile(get('file'));
  return {
    bootId,
    uid: integer(uid, 'uid'),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    place: parsePlace(get('place').body),
    file,
    log: file === null ? null : parseLog(get),
    saveDirectory: parseDirectory(get('save')),
    runDirectory: parseDirectory(get('run')),
  };
}

function parsePlace(body: string): Place {
  const [kind = '', ...rest] = body.split(' ');
  const what = rest.join(' ');
  if (kind === 'here') return { kind, readOnly: what === 'ro' };
  if (kind === 'missing' || kind === 'denied') return { kind };
  if (kind === 'link' || kind === 'foreign') return { kind, what };
  throw unreadable(`place "${body}"`);
}

function parseFile({ exitCode, body }: Section): File | null {
  if (exitCode !== 0) return null;
  const [dev = '', inode = '', links, mode = '', uid, size, blocks, owner, bits = ''] = words(
    body.replace('\n', ' '),
    9,
  );
  return {
    rawDevice: dev,
    device: majorMinor(dev),
    inode,
    links: integer(links, 'links'),
    regular: (Number.parseInt(mode, 16) & 0xf000) === 0x8000,
    uid: integer(uid, 'owner'),
    sizeBytes: integer(size, 'size'),
    // st_blocks counts 512-byte units whatever the file system's block size (stat(2)).
    allocatedBytes: integer(blocks, 'blocks') * 512,
    directory: { uid: integer(owner, 'owner'), mode: Number.parseInt(bits, 8) },
  };
}

function parseLog(get: (name: string) => Section): Log | null {
  const start = get('start');
  if (start.exitCode !== 0) return null;
  const [head = '', ...magic] = start.body.split(' ');
  const [read, nuls, controls] = words(get('text').body, 3);
  if (!/^\d+:[0-9a-f]{64}$/.test(head)) throw unreadable(`start "${start.body}"`);
  return {
    fileSystem: parseFileSystem('filesystem', get('filesystem').body.trim().split(' ')),
    firstByte: Number(head.split(':')[0]),
    head,
    magic: magic.join(''),
    text: {
      read: integer(read, 'sample'),
      nuls: integer(nuls, 'sample'),
      controls: integer(controls, 'sample'),
    },
    ...parseWriters(get('writers').body),
    mappedBy: get('mapped').body.split('\n').filter(Boolean),
  };
}

function parseWriters(body: string): Pick<Log, 'writers' | 'way' | 'unseenProcesses'> {
  const lines = body.trimEnd().split('\n');
  const word = lines.pop()?.trim();
  const way = WAYS.find((one) => one === word);
  if (way === undefined) throw unreadable(`writers "${body}"`);
  const [, denied] = words(lines.pop() ?? '', 2);
  const writers = lines.map((line): Writer => {
    const [kind, pid = '', flags = '', container, ...name] = line.split(' ');
    if (kind !== 'writer' || container === undefined) throw unreadable(`writer "${line}"`);
    return {
      pid,
      flags,
      ...(container === '-' ? {} : { container }),
      name: name.join(' '),
    };
  });
  return { writers, way, unseenProcesses: integer(denied, 'processes') };
}

function words(text: string, count: number): readonly string[] {
  const found = text.trim().split(' ');
  if (found.length !== count) throw unreadable(`"${text}"`);
  return found;
}

function integer(text: string | undefined, what: string): number {
  if (text === undefined || !/^\d{1,20}$/.test(text)) throw unreadable(`${what} "${text}"`);
  return Number(text);
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
