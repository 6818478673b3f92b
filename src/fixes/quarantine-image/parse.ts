import { parseDirectory } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection, type Section } from '../../core/sections.ts';
import { parseStore } from './parse-store.ts';
import { type Get, integer, lines, unreadable, WHAT } from './sections.ts';
import type { Daemon, Manager, State } from './state.ts';

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get: Get = (name) => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    return { ...section, body: section.body.trim() };
  };
  if (result.outputTruncated) throw unreadable('it is longer than was kept');
  const runDirectory = parseDirectory(get('run'));
  const [bootId = '', uid = ''] = get('host').body.split(' ');
  if (bootId === '') throw unreadable('no boot id');
  return {
    bootId,
    uid: integer(uid, 'uid'),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    store: parseStore(get),
    daemon: parseDaemon(get('daemon')),
    manager: parseManager(get('manager')),
    busy: lines(get('busy')),
    missing: lines(get('tools')).map((line) => line.replace(/^missing /, '')),
    saveDirectory: parseDirectory(get('save')),
    runDirectory,
  };
}

function parseDaemon({ body }: Section): Daemon | null {
  if (body === 'down') return null;
  const [pid = '', startTime = '', answers = '', live = ''] = body.split(/\s+/);
  if (!/^[1-9]\d*$/.test(pid) || !/^\d+$/.test(startTime)) throw unreadable(`daemon "${body}"`);
  return { pid, startTime, answers: answers === 'yes', liveRestore: live === 'true' };
}

function parseManager({ body }: Section): Manager {
  const [kind = '', unit = '', exact = '', socket = ''] = body.split(' ');
  if (kind !== 'systemd' && kind !== 'sysv' && kind !== 'runit' && kind !== 'none') {
    throw unreadable(`manager "${body}"`);
  }
  return { kind, unit, exact: exact === 'exact', socket: socket === 'active' };
}
