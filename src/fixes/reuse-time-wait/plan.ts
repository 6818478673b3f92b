import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import type { HostDirectory } from '../../core/approval/host-directory.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import type { Params } from './params.ts';
import type { Settings, State, Target } from './state.ts';

const CHANGE = CLAIM_SCRIPT + readScript(new URL('./change.sh', import.meta.url));
/** For the mark: an empty directory and a line. */
const MARK_BYTES = 65_536;

/** What would be done now, or in words why nothing can or need be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const { target } = state;
  const asked = `${askedFor(params)} on ${context.host}`;
  if (typeof target === 'string') return `${asked}: ${target}`;
  if (state.uid !== 0) {
    const refused = state.sudoRefused === undefined ? '' : ` (sudo refused: ${state.sudoRefused})`;
    return `${asked}: a sysctl of a network namespace can be set by root only, this is uid ${state.uid}${refused}`;
  }
  if (target.host && params.container !== undefined) {
    return `${asked}: it uses the network of the host (--network host), so this would change the host itself; decide that for the host, by a process of it`;
  }
  if (!target.own && state.enter === 'none') {
    return `${asked}: its network namespace cannot be entered, the host has neither nsenter nor a busybox with it`;
  }
  const { settings } = target;
  if (settings === null) return `${asked}: its network namespace could not be entered`;
  const obstacle = obstacleIn(settings);
  if (obstacle !== null) return `${asked}: ${obstacle}`;
  const claim = claimPlace(state);
  if (claim === null) return `${asked}: ${noClaimPlace(state, context)}`;
  return build({ state, target, old: settings.reuse ?? '', context, claim });
}

function askedFor({ pid, container }: Params): string {
  return container === undefined ? `process ${pid}` : `container ${container.slice(0, 64)}`;
}

function obstacleIn({ reuse, timestamps, writable }: Settings): string | null {
  if (reuse === null) {
    return 'this kernel has no net.ipv4.tcp_tw_reuse for a network namespace of its own (before Linux 4.15): the value of the host counts everywhere';
  }
  if (reuse === '1') return 'tcp_tw_reuse is 1 already: there is nothing to change';
  if (timestamps === '0') {
    return 'tcp_timestamps is 0 there, and without timestamps tcp_tw_reuse has no effect: turn them on first';
  }
  return writable ? null : 'net.ipv4.tcp_tw_reuse is read-only on this host';
}

function claimPlace({ saveDirectory, runDirectory }: State): string | null {
  if (saveDirectory.kind === 'unsafe') return null;
  return [saveDirectory, runDirectory].find(hasRoom)?.path ?? null;
}

function hasRoom(place: HostDirectory): place is Exclude<HostDirectory, { kind: 'unsafe' }> {
  return place.kind !== 'unsafe' && place.availableBytes >= MARK_BYTES;
}

function noClaimPlace({ saveDirectory }: State, context: PlanContext): string {
  return saveDirectory.kind === 'unsafe'
    ? `fixes.saveDirectory ${context.saveDirectory} cannot be used: ${saveDirectory.reason}`
    : `the mark that makes a fix run at most once cannot be kept: ${saveDirectory.path} is full, and /run cannot be used either`;
}

interface Found {
  readonly state: State;
  readonly target: Target;
  /** The value to go back to. */
  readonly old: string;
  readonly context: PlanContext;
  readonly claim: string;
}

function build(found: Found): Plan {
  const { state, target, old, context, claim } = found;
  return {
    summary: `Set tcp_tw_reuse to 1 (now ${old}) in ${placeOf(target)} on ${context.host}`,
    steps: [claimStep(claim, context.fix), step(found)],
    saved: { kind: 'nothing-needed' },
    identity: {
      claim,
      uid: String(state.uid),
      bootId: state.bootId,
      pid: String(target.pid),
      startTime: target.startTime,
      namespace: target.namespace,
      container: target.container ?? 'none',
      host: String(target.host),
      enter: target.own ? '-' : state.enter,
      oldValue: old,
    },
    preconditions: [
      `Process ${target.pid} is ${target.process}, started ${target.startTime} ticks after boot, in network namespace ${target.namespace}`,
      `tcp_tw_reuse is ${old} there: ${meaning(old)}; tcp_timestamps are on`,
      ...scope(target),
      'Outgoing connections may then use ports in TIME_WAIT again a second after their end; incoming connections are not touched',
      target.host
        ? 'It is lost when the host restarts, unless it is also set in /etc/sysctl.d'
        : 'It is lost when the container restarts; lasting: docker run --sysctl net.ipv4.tcp_tw_reuse=1',
    ],
    verification: 'tcp_tw_reuse must read 1 in the same network namespace',
  };
}

export function placeOf({ host, container, process, pid }: Target): string {
  if (host) return 'the network namespace of the host itself';
  return container === null
    ? `the network namespace of ${process} (pid ${pid})`
    : `container ${container.slice(0, 12)} (${process}, pid ${pid})`;
}

function meaning(old: string): string {
  return old === '2' ? 'ports in TIME_WAIT are used again for loopback only' : 'never used again';
}

function scope({ host, shared }: Target): readonly string[] {
  if (host) {
    return [
      'THIS CHANGES THE HOST: every program on it, and every container that uses the network of the host',
    ];
  }
  return [
    shared === 0
      ? 'Nothing else is in this network namespace but this container or process and what it started; the host and other containers are not touched'
      : `${shared} other ${shared === 1 ? 'container shares' : 'containers share'} this network namespace and get it too; the host is not touched`,
  ];
}

function step({ state, target, old, context, claim }: Found): Step {
  const enter = target.own ? '-' : state.enter;
  const typed = (value: string): string =>
    `${target.own ? '' : `nsenter -t ${target.pid} -n `}sysctl -w net.ipv4.tcp_tw_reuse=${value}`;
  return {
    id: 'set',
    argv: [
      ...(['sh', '-s', '--', claim, context.fix, enter, String(target.pid)] as const),
      target.startTime,
      state.bootId,
      target.namespace,
      old,
    ],
    stdin: CHANGE,
    equivalent: typed('1'),
    why: 'Lets new outgoing connections take local ports that are only waiting (TIME_WAIT). Nothing is restarted and no connection is cut.',
    undo: typed(old),
    timeoutSeconds: 30,
  };
}
