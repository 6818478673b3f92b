import { parseDirectory } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import type { Settings, State, Target } from './state.ts';

const WHAT = 'fix reuse-time-wait';

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get = (name: string): Section => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    return { ...section, body: section.body.trim() };
  };
  const runDirectory = parseDirectory(get('run'));
  const [bootId = '', uid = ''] = get('host').body.split(' ');
  if (bootId === '') throw unreadable('no boot id');
  return {
    bootId,
    uid: integer(uid, 'uid'),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    enter: get('enter').body,
    target: parseTarget(get('target'), get('settings')),
    saveDirectory: parseDirectory(get('save')),
    runDirectory,
  };
}

function parseTarget(section: Section, inside: Section): Target | string {
  const lines = new Map(
    section.body.split('\n').map((line) => {
      const [word = '', ...rest] = line.split(' ');
      return [word, rest] as const;
    }),
  );
  const none = lines.get('none');
  if (none !== undefined) return none.join(' ');
  const [pid = '', startTime = '', namespace = '', process = ''] = lines.get('process') ?? [];
  integer(startTime, 'start time');
  integer(namespace, 'namespace');
  const [container = null] = lines.get('container') ?? [];
  if (container !== null && !/^[0-9a-f]{64}$/.test(container)) {
    throw unreadable(`container "${container}"`);
  }
  const some = (word: string): number | null => {
    const [text] = lines.get(word) ?? [];
    return text === undefined ? null : integer(text, word);
  };
  return {
    pid: integer(pid, 'process id'),
    startTime,
    process: process === '' ? '?' : process,
    namespace,
    host: lines.has('host'),
    own: lines.has('own'),
    container,
    shared: some('shared') ?? 0,
    settings: parseSettings(inside, namespace),
    timeWait: some('time-wait'),
    recycled: some('recycled'),
  };
}

/** Null: they could not be read, or are those of another namespace. */
function parseSettings({ body, exitCode }: Section, namespace: string): Settings | null {
  const values = new Map(
    body.split('\n').map((line) => {
      const [word = '', value = ''] = line.split(' ');
      return [word, value] as const;
    }),
  );
  if (exitCode !== 0 || values.get('space') !== namespace) return null;
  return {
    reuse: values.get('tcp_tw_reuse') ?? null,
    timestamps: values.get('tcp_timestamps') ?? null,
    writable: values.has('writable'),
  };
}

function integer(text: string, what: string): number {
  if (!/^\d{1,20}$/.test(text)) throw unreadable(`${what} "${text.slice(0, 80)}"`);
  return Number(text);
}

function unreadable(what: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `${WHAT}: unexpected probe output: ${what}`);
}
