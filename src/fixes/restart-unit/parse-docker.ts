import type { Section } from '../../core/sections.ts';
import { type Get, integer, unreadable } from './sections.ts';
import type { Container, Docker, Room } from './state.ts';

/** Null: docker has no part in it. */
export function parseDocker(get: Get): Docker | null {
  const room = get('room');
  if (room.body === '' && room.exitCode === 0) return null;
  const [root = ''] = room.body.split('\n');
  if (!root.startsWith('/')) throw unreadable(`data root "${root}"`);
  const [live = ''] = get('daemon').body.split(' ');
  const running = get('running');
  const target = get('target').body.split('\n')[0] ?? '';
  return {
    liveRestore: live === 'true' ? true : live === 'false' ? false : null,
    root,
    room: parseRoom(room),
    running:
      running.exitCode === 0
        ? running.body
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => parseContainer(line, target))
        : null,
    missingLayers: get('layers')
      .body.split('\n')
      .filter((line) => line !== ''),
  };
}

function parseRoom({ body, exitCode }: Section): Room | null {
  const [, facts = '', options = ''] = body.split('\n');
  if (exitCode !== 0) return null;
  const [size = '', free = '', inodes = '', freeInodes = ''] = facts.split(' ');
  return {
    freeBytes: integer(size, 'block size') * integer(free, 'free blocks'),
    freeInodes: integer(inodes, 'inodes') === 0 ? null : integer(freeInodes, 'free inodes'),
    readOnly: options.split(',').includes('ro'),
  };
}

/** Policies that start a container again when the daemon comes back; `on-failure` does not. */
const COMES_BACK = new Set(['always', 'unless-stopped']);

function parseContainer(line: string, target: string): Container {
  const [id = '', policy = '', network = '', pid = '', ipc = '', ...name] = line.split('|');
  if (!/^[0-9a-f]{64}$/.test(id) || name.length === 0) throw unreadable(`container "${line}"`);
  return {
    id,
    name: name.join('|').replace(/^\//, ''),
    comesBack: COMES_BACK.has(policy),
    shares: [network, pid, ipc].includes(`container:${target}`),
  };
}
