import { parseDirectory } from '../../core/approval/host-directory.ts';
import type { CommandResult } from '../../core/command.ts';
import { parseSections, requireSection } from '../../core/sections.ts';
import { parseDocker } from './parse-docker.ts';
import { parseTarget } from './parse-target.ts';
import { type Get, integer, keyValues, unreadable, WHAT } from './sections.ts';
import type { Manager, State } from './state.ts';

const MANAGERS: readonly string[] = ['systemd', 'sysv', 'docker', 'none'] satisfies Manager[];

/** @throws HousecallError OUTPUT_UNREADABLE rather than guess. */
export function parse(result: CommandResult, nonce: string): State {
  const sections = parseSections(result.stdout, nonce);
  const get: Get = (name) => {
    const section = requireSection(sections, name, WHAT);
    if (section.exitCode === null) throw unreadable(`the section "${name}" was cut off`);
    return { ...section, body: section.body.trim() };
  };
  const runDirectory = parseDirectory(get('run'));
  const [bootId = '', uid = ''] = get('host').body.split(' ');
  const manager = get('manager').body;
  if (!isManager(manager)) throw unreadable(`manager "${manager}"`);
  if (bootId === '') throw unreadable('no boot id');
  return {
    bootId,
    uid: integer(uid, 'uid'),
    ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
    manager,
    target: parseTarget(get, manager),
    dependents: parseDependents(get('dependents').body),
    docker: parseDocker(get),
    saveDirectory: parseDirectory(get('save')),
    runDirectory,
  };
}

function isManager(text: string): text is Manager {
  return MANAGERS.includes(text);
}

/** Blocks of `key=value` lines, one per unit, as systemctl show prints several units. */
function parseDependents(body: string): readonly string[] {
  return body
    .split('\n\n')
    .map(keyValues)
    .filter(({ ActiveState }) => ActiveState === 'active' || ActiveState === 'activating')
    .map(({ Id = '' }) => Id)
    .filter((id) => id !== '')
    .toSorted();
}
