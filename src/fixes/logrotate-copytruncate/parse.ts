import { parseDirectory } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import type { ConfigFile, State } from './state.ts';

const WHAT = 'fix logrotate-copytruncate';
/** Longer configurations are edited by hand. */
const LARGEST = 65_536;

type Get = (name: string) => Section;

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get: Get = (name) => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    // Each section ends with a newline of its own.
    return { ...section, body: section.body.replace(/\n$/, '') };
  };
  const host = /^(\S+) (\d+)$/.exec(get('host').body);
  if (host === null) throw unreadable(`host "${get('host').body}"`);
  const unsafe = get('above').body.trim();
  return {
    bootId: host[1] ?? '',
    uid: Number(host[2]),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    place: parsePlace(get('place').body),
    unsafe: unsafe === '' ? null : unsafe,
    file: parseFile(get),
    writable: get('access').body.trim().endsWith(' rw'),
    includes: get('includes').body.split('\n').map(unquoted).filter(Boolean),
    package: parsePackage(get('package').body.trim()),
    logrotate: parseLogrotate(get('checker').body),
    saveDirectory: parseDirectory(get('save')),
    runDirectory: parseDirectory(get('run')),
  };
}

function unquoted(line: string): string {
  return line.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function parsePlace(body: string): State['place'] {
  if (body === 'here' || body === 'missing' || body === 'denied') return { kind: body };
  if (body.startsWith('link ')) return { kind: 'link', what: body.slice('link '.length) };
  throw unreadable(`place "${body}"`);
}

function parseFile(get: Get): ConfigFile | null {
  const { exitCode, body } = get('file');
  if (exitCode !== 0) return null;
  const facts = body.trim();
  const [, inode = '', links, mode = '', uid, gid] = facts.split(' ');
  if (!/^\d+ \d+ \d+ [0-9a-f]+ \d+ \d+$/.test(facts) || gid === undefined) {
    throw unreadable(`file "${body}"`);
  }
  const bits = Number.parseInt(mode, 16);
  const sum = get('checksum');
  const sha256 = sum.body.trim();
  if (sum.exitCode === 0 && !/^[0-9a-f]{64}$/.test(sha256)) throw unreadable(`sum "${sha256}"`);
  return {
    facts,
    inode,
    links: Number(links),
    regular: (bits & 0xf000) === 0x8000,
    mode: bits & 0o7777,
    uid: Number(uid),
    sha256: sum.exitCode === 0 ? sha256 : null,
    text: sum.exitCode === 0 ? decode(get('content').body.trim()) : null,
  };
}

function decode(hex: string): string | null {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw unreadable('content');
  if (hex.length / 2 > LARGEST) return null;
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parsePackage(body: string): State['package'] {
  const [manager, name] = body.split(/[ \n]/);
  return manager === undefined || name === undefined || name === '' ? null : { manager, name };
}

function parseLogrotate(body: string): State['logrotate'] {
  if (body === 'none') return null;
  const found = /^here (\d+|-) (\d+|-)$/.exec(body);
  if (found === null) throw unreadable(`logrotate "${body}"`);
  const [errors, ownErrors] = [found[1], found[2]].map((one) => (one === '-' ? null : Number(one)));
  return { errors: errors ?? null, ownErrors: ownErrors ?? null };
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
