import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import type { HostDirectory } from '../../core/approval/host-directory.ts';
import { shellQuote } from '../../core/command.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import { dockerWords, noRoom } from './docker-words.ts';
import type { Params } from './params.ts';
import type { State, Target } from './state.ts';

const CHANGE = CLAIM_SCRIPT + readScript(new URL('./change.sh', import.meta.url));
/** For the mark: an empty directory and a line. */
const MARK_BYTES = 65_536;

/** What would be done now, or in words why nothing can or should be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const { target, uid } = state;
  const asked = params.unit ?? `container ${params.container}`;
  if (state.manager === 'none') return nobody(params, context);
  if (typeof target === 'string') return `${asked} on ${context.host}: ${target}`;
  if (uid !== 0)
    return `restarting ${asked} on ${context.host} needs root, this is uid ${uid}${sudo(state)}`;
  if (target.obstacle !== undefined) return `${asked} on ${context.host}: ${target.obstacle}`;
  const full = noRoom(state);
  if (full !== null) return `${asked} on ${context.host}: ${full}`;
  const claim = claimPlace(state, context);
  if (typeof claim !== 'string') return claim.refused;
  return build({ state, target, params, context, claim });
}

function sudo({ sudoRefused }: State): string {
  return sudoRefused === undefined ? '' : ` (sudo refused: ${sudoRefused})`;
}

function nobody({ unit, container }: Params, { host }: PlanContext): string {
  return container === undefined
    ? `${unit} on ${host}: there is no systemd running, and no script /etc/init.d/${unit?.replace(/\.service$/, '')}`
    : `container ${container} on ${host}: there is no docker`;
}

function claimPlace(
  { saveDirectory: save, runDirectory: run }: State,
  context: PlanContext,
): string | { readonly refused: string } {
  if (save.kind === 'unsafe') {
    return {
      refused: `fixes.saveDirectory ${context.saveDirectory} cannot be used on ${context.host}: ${save.reason}`,
    };
  }
  const place = [save, run].find(hasRoom);
  return (
    place?.path ?? {
      refused: `the mark that makes a fix run at most once cannot be kept on ${context.host}: ${save.path} is full, and /run cannot be used either`,
    }
  );
}

function hasRoom(place: HostDirectory): place is Exclude<HostDirectory, { kind: 'unsafe' }> {
  return place.kind !== 'unsafe' && place.availableBytes >= MARK_BYTES;
}

interface Found {
  readonly state: State;
  readonly target: Target;
  readonly params: Params;
  readonly context: PlanContext;
  readonly claim: string;
}

function build(found: Found): Plan {
  const { state, target, context, claim } = found;
  const what = state.manager === 'docker' ? `the container ${target.name}` : target.name;
  const { main } = target;
  return {
    summary: `Restart ${what} on ${context.host}`,
    steps: [claimStep(claim, context.fix), step(found)],
    saved: { kind: 'nothing-needed' },
    identity: {
      claim,
      uid: String(state.uid),
      bootId: state.bootId,
      manager: state.manager,
      id: target.id,
      state: target.state,
      pid: main?.pid ?? 'none',
      startTime: main?.startTime ?? 'none',
      start: target.start,
    },
    preconditions: [
      main === null
        ? `${what} is ${target.state}, without a process to be seen`
        : `${what} is ${target.state}: process ${main.pid}, started ${main.startTime} ticks after boot`,
      ...target.notes,
      ...dependents(state),
      ...dockerWords(state, target),
    ],
    verification: 'It must be active, with another main process or another start of it than before',
  };
}

function dependents({ manager, dependents: units }: State): readonly string[] {
  if (manager !== 'systemd') return [];
  if (units.length === 0) return ['No other unit stops with it'];
  return [
    units.length === 1
      ? `${units[0]} stops with it and is started again`
      : `${units.join(', ')} stop with it and are started again`,
  ];
}

function step({ state, target, context, claim }: Found): Step {
  const { manager, bootId, docker } = state;
  const typed = {
    systemd: `systemctl restart -- ${shellQuote(target.id)}`,
    sysv: `service ${target.id} restart`,
    docker: `docker restart ${target.id.slice(0, 12)}`,
    none: '',
  }[manager];
  return {
    id: 'restart',
    argv: [
      ...(['sh', '-s', '--', manager, claim, context.fix, target.id, target.id, bootId] as const),
      target.main?.pid ?? '-',
      target.main?.startTime ?? '-',
      target.start === '' ? '-' : target.start,
      docker === null || docker.room === null ? '-' : docker.root,
    ],
    stdin: CHANGE,
    equivalent: typed,
    why: 'Ends it and starts it again. What it was doing is cut off; what it held open is let go.',
    undo: null,
    timeoutSeconds: 300,
  };
}
