import { claimStep } from '../../core/approval/claim.ts';
import type { HostDirectory } from '../../core/approval/host-directory.ts';
import { formatBytes } from '../../core/format.ts';
import type { Plan } from '../../core/plan.ts';
import type { PlanContext } from '../contract.ts';
import { type Damage, findDamage } from './damage.ts';
import { type Found, quarantine } from './found.ts';
import type { Params } from './params.ts';
import { reloading, reloadWords } from './reload.ts';
import type { State, Store } from './state.ts';
import { quarantineStep, reloadStep, restartStep } from './steps.ts';
import { stoppedWords, things } from './words.ts';

/** What docker needs to start at all, and for a mark and a list. */
const NEEDED_BYTES = 16 * 2 ** 20;
const NEEDED_INODES = 64;
const MARK_BYTES = 1_048_576;
/** Entries that fit into one command: each comes with its state. */
const MOST_ENTRIES = 150;

/** What would be done now, or in words why nothing can or should be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const subject = params.layer === undefined ? `image ${params.image}` : `layer ${params.layer}`;
  const refuse = (why: string): string => `${subject} on ${context.host}: ${why}`;
  const { store } = state;
  if (state.uid !== 0) return refuse(`this needs root, this is uid ${state.uid}${sudo(state)}`);
  if (store === null) return refuse("docker's data root cannot be entered");
  const obstacle = hostObstacle(state, store);
  if (obstacle !== null) return refuse(obstacle);
  const damage = findDamage(store, params);
  if (typeof damage === 'string') return refuse(damage);
  const inUse = useObstacle(store, damage);
  if (inUse !== null) return refuse(inUse);
  const claim = claimPlace(state, context);
  if (typeof claim !== 'string') return refuse(claim.refused);
  return build({
    state,
    store,
    damage,
    context,
    subject,
    claim,
    reload: reloading(store, damage),
  });
}

function sudo({ sudoRefused }: State): string {
  return sudoRefused === undefined ? '' : ` (sudo refused: ${sudoRefused})`;
}

function hostObstacle(state: State, store: Store): string | null {
  const { daemon, manager, busy, missing } = state;
  if (missing.length > 0) return `there is no ${missing.join(', ')} on the host`;
  if (store.driver !== 'overlay2' && store.driver !== 'vfs') {
    return `the storage driver is ${store.driver === '' ? 'unknown' : store.driver}; only overlay2 and vfs are known well enough`;
  }
  if (!store.oneFileSystem) {
    return `parts of ${store.root} are on other file systems: nothing could be set aside by renaming`;
  }
  if (manager.kind === 'none') {
    return 'nobody is known to stop and start docker: no systemd unit, no /etc/init.d/docker, no runit service. It was started by hand, or by something unknown';
  }
  if (!manager.exact) {
    return daemon === null
      ? `${manager.unit} says that docker runs, but there is no daemon`
      : `the daemon that runs (pid ${daemon.pid}) is not the one that ${manager.kind} keeps (${manager.unit}): stopping that one would not stop it`;
  }
  if (daemon !== null && !daemon.answers) {
    return 'the daemon runs and does not answer: restart it first, then look again';
  }
  if (busy.length > 0) return `docker is at work: ${busy[0]}. Wait for it to end`;
  if (store.readOnly) return `${store.root} is read-only`;
  if (store.freeBytes < NEEDED_BYTES) {
    return `${store.root} is full (${formatBytes(store.freeBytes)} free, even for root): docker would not start again`;
  }
  if (store.freeInodes !== null && store.freeInodes < NEEDED_INODES) {
    return `${store.root} has no inodes left (${store.freeInodes} free): docker would not start again`;
  }
  return null;
}

function useObstacle(store: Store, damage: Damage): string | null {
  const link = damage.layers.find(({ id }) => store.links.includes(id));
  if (link !== undefined || store.links.length > 0) {
    return `the entry ${store.links[0]} is a symbolic link: docker makes none, somebody else did`;
  }
  const running = damage.containers.find(
    (one) => one.running || (store.driver === 'overlay2' && store.mounted.includes(one.mount)),
  );
  if (running !== undefined) {
    return `container ${running.name} runs on it${running.running ? '' : ' (its file system is mounted)'}: stop it first`;
  }
  const entries = damage.layers.length + damage.images.length;
  return entries > MOST_ENTRIES
    ? `${entries} entries depend on it, more than the ${MOST_ENTRIES} that one approval may move`
    : null;
}

function claimPlace(state: State, context: PlanContext): string | { readonly refused: string } {
  const { saveDirectory: save, runDirectory: run } = state;
  if (save.kind === 'unsafe') {
    return {
      refused: `fixes.saveDirectory ${context.saveDirectory} cannot be used: ${save.reason}`,
    };
  }
  return (
    [save, run].find(hasRoom)?.path ?? {
      refused: `the mark that makes a fix run at most once cannot be kept: ${save.path} is full, and /run cannot be used either`,
    }
  );
}

function hasRoom(place: HostDirectory): place is Exclude<HostDirectory, { kind: 'unsafe' }> {
  return place.kind !== 'unsafe' && place.availableBytes >= MARK_BYTES;
}

function build(found: Found): Plan {
  const { state, store, damage, context, subject, claim, reload } = found;
  const { daemon, manager } = state;
  return {
    summary: `Set ${shortId(subject)} aside on ${context.host}: stop docker, move ${things(damage)} away, start docker${reload.archives.length === 0 ? '' : ', load the image again, start docker once more'}`,
    steps: [
      claimStep(claim, context.fix),
      quarantineStep(found),
      ...(reload.archives.length === 0 ? [] : [reloadStep(found), restartStep(found)]),
    ],
    saved: { kind: 'nothing-needed' },
    identity: {
      claim,
      uid: String(state.uid),
      bootId: state.bootId,
      root: `${store.root} (${store.place})`,
      driver: store.driver,
      daemon: daemon === null ? 'down' : `${daemon.pid} started ${daemon.startTime}`,
      manager: `${manager.kind} ${manager.unit}`,
      damage: damage.reasons.join('; '),
    },
    preconditions: [
      `Damaged: ${damage.reasons.join('; ')}`,
      `Moved to ${quarantine(found)}, never deleted: ${things(damage)}`,
      ...damage.images.map(
        ({ id, tags }) =>
          `Image ${id.slice(0, 12)}: ${tags.length === 0 ? 'without a name' : tags.join(', ')}`,
      ),
      ...stoppedWords(state, store),
      ...reloadWords(found),
      `${formatBytes(store.freeBytes)} free in ${store.root}`,
      'Until this is done: no docker prune of any kind. Volumes of containers that docker does not see would be deleted',
    ],
    verification:
      'Docker must answer; the damaged entries must be gone; all healthy images, containers and volumes of before must be there',
  };
}

/** As the finding names it. */
function shortId(subject: string): string {
  return subject.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/, '$1');
}
