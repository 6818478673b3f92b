import { formatBytes } from '../../core/format.ts';
import type { Container, Docker, State, Target } from './state.ts';

/** Less than this free, and docker could stop a container but not write what it needs to start it. */
const NEEDED_BYTES = 16 * 2 ** 20;
const NEEDED_INODES = 64;

/** Why docker could stop it and not start it again, or null. */
export function noRoom({ docker, manager }: State): string | null {
  if (docker === null) return null;
  const { room, root, missingLayers } = docker;
  const after =
    manager === 'docker'
      ? 'docker would stop it and could not start it again'
      : 'docker would not start again';
  if (room === null) {
    return manager === 'docker'
      ? `${root} cannot be looked at, so it cannot be told whether there is room to start it again`
      : null;
  }
  if (room.readOnly) return `${root} is read-only: ${after}`;
  if (room.freeBytes < NEEDED_BYTES) {
    return `${root} is full (${formatBytes(room.freeBytes)} free, even for root): ${after}. Free space first`;
  }
  if (room.freeInodes !== null && room.freeInodes < NEEDED_INODES) {
    return `${root} has no inodes left (${room.freeInodes} free): ${after}. Remove files first`;
  }
  const [missing] = missingLayers;
  return missing === undefined ? null : `the data of its image is damaged (${missing}): ${after}`;
}

/** What stops with it, in words. */
export function dockerWords(state: State, target: Target): readonly string[] {
  const { docker, manager } = state;
  if (docker === null) return [];
  return [
    docker.room === null
      ? `${docker.root} cannot be looked at: it cannot be told whether there is room to start again`
      : `${formatBytes(docker.room.freeBytes)} free in ${docker.root}: there is room to start again`,
    ...(manager === 'docker' ? sharing(docker, target) : containers(docker)),
  ];
}

function sharing({ running }: Docker, target: Target): readonly string[] {
  if (running === null) return ['Whether other containers share its network cannot be told'];
  const guests = running.filter(({ shares, id }) => shares && id !== target.id);
  if (guests.length === 0)
    return ['No running container lives in its network, its processes or its memory'];
  return [
    `${names(guests)} ${guests.length === 1 ? 'lives' : 'live'} in its namespaces and must be restarted afterwards, too: ${guests.length === 1 ? 'its' : 'their'} network stays with the old one`,
  ];
}

function containers({ running, liveRestore }: Docker): readonly string[] {
  if (running === null)
    return [
      'Which containers run cannot be told: docker does not answer. Those without a restart policy stay stopped',
    ];
  if (running.length === 0) return ['No container runs'];
  if (liveRestore === true) {
    return [`${count(running)} stay running: live-restore is on`];
  }
  const back = running.filter(({ comesBack }) => comesBack);
  const gone = running.filter(({ comesBack }) => !comesBack);
  return [
    ...(back.length === 0 ? [] : [`Stopped, and started again by restart policy: ${names(back)}`]),
    ...(gone.length === 0
      ? []
      : [`Stopped, and NOT started again (no restart policy for it): ${names(gone)}`]),
  ];
}

function count({ length }: readonly Container[]): string {
  return length === 1 ? 'The running container' : `The ${length} running containers`;
}

const SHOWN = 20;

function names(list: readonly Container[]): string {
  const shown = list
    .map(({ name }) => name)
    .toSorted()
    .slice(0, SHOWN)
    .join(', ');
  return list.length > SHOWN ? `${shown} and ${list.length - SHOWN} more` : shown;
}
