import { type Route, routeAlert } from '../../core/alert-route.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { alertClaims } from '../../core/incident/group-claims.ts';
import type { Actor, Person } from '../../core/person.ts';
import { readCase, type TransactDeps, transact } from '../record/transact.ts';
import type { InviteBySeverity } from './invite-rows.ts';
import {
  absorb,
  hasLeft,
  isGone,
  leave,
  requireMergeable,
  requireTarget,
} from './merge-decisions.ts';
import { freeName, giveBack, gone, moving, refusal, reserve } from './merge-names.ts';

export interface MergeDeps extends TransactDeps {
  readonly announceChannel: string;
  readonly routes: readonly Route[];
  readonly inviteBySeverity: InviteBySeverity;
}

interface Merge {
  readonly into: string;
  readonly from: string;
  readonly actor: Actor;
}

/** More than alerts and other merges can come between, unless something is very wrong. */
const TRIES = 50;
/** Incidents that went on in each other one after the other. */
const HOPS = 100;

/**
 * Alerts of one incident go on in another, whose hosts grow by theirs. The other's room stays, says
 * where to go, and takes nothing more in. First its alerts are there, then it stops taking them in, then
 * their names lead there: each step may be repeated, so asked again after a crash it is finished, and
 * any number of merges may go on at the same time.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT.
 */
export async function mergeIncidents(
  deps: MergeDeps,
  input: { readonly into: string; readonly from: string; readonly person: Person },
): Promise<void> {
  const { into, from } = input;
  if (into === from) {
    throw new HousecallError('STATE_CONFLICT', `incident ${into} cannot go on in itself`);
  }
  let merge: Merge = { into, from, actor: { kind: 'person', ...input.person } };
  // Once it has left, only its names may have to follow.
  const { mergedInto } = requireMergeable(await readCase(deps.journal, from));
  if (mergedInto === null) requireTarget(await readCase(deps.journal, into));
  for (let tries = 1; tries <= TRIES; tries++) {
    merge = { ...merge, into: await standing(deps, merge) };
    if (!(await reserve(deps, merge))) continue;
    const left = await move(deps, merge).catch((error: unknown) => giveUp(deps, merge, error));
    if (left !== null) return lead(deps, merge, left);
  }
  throw new HousecallError(
    'STATE_CONFLICT',
    `incident ${from} is changing all the time: ask again`,
  );
}

/** Where the target goes on by now: it may be merged itself at this moment. */
async function standing({ journal }: MergeDeps, { into, from }: Merge): Promise<string> {
  let stream = into;
  for (let hops = 0; hops < HOPS; hops++) {
    const { incident } = await readCase(journal, stream);
    const next = incident?.mergedInto ?? null;
    if (next === null) return stream;
    if (next === from) break;
    stream = next;
  }
  throw new HousecallError('STATE_CONFLICT', `incident ${into} goes on in ${from}`);
}

/** It is refused, not merely cut short: it may go elsewhere. */
async function giveUp(deps: MergeDeps, { into, from }: Merge, error: unknown): Promise<never> {
  const refused = error instanceof HousecallError && !error.retryable;
  if (refused) await giveBack(deps, into, moving(from));
  throw error;
}

/** What it was when it left, or had left before; null: something changed, so look again. */
async function move(deps: MergeDeps, merge: Merge): Promise<CaseState | null> {
  const { into, from, actor } = merge;
  const target = await readCase(deps.journal, into);
  // After the target: whatever the target heard of these alerts later than this refuses the commit.
  const source = await readCase(deps.journal, from);
  if (hasLeft(source)) return await goneTo(deps, merge, source);
  requireMergeable(source);
  let unchanged = false;
  await transact(deps, { stream: into, actor }, (state) => {
    unchanged = state.seq === target.seq && !hasLeft(state);
    return unchanged ? absorb(deps, state, { source, actor }) : null;
  });
  if (!unchanged) return null;
  const room = target.incident?.room ?? null;
  const left = await transact(deps, { stream: from, actor }, (state) => {
    const decision = leave(deps, state, { into, room, actor, source });
    // It leaves only to one that has not left.
    return decision === null ? null : { ...decision, claims: [gone(from), gone(into)] };
  }).catch((error: unknown) => freeName(deps, error));
  return left !== null && hasLeft(left) ? await goneTo(deps, merge, left) : null;
}

/** @throws HousecallError STATE_CONFLICT: somewhere else. */
async function goneTo(deps: MergeDeps, merge: Merge, left: CaseState): Promise<CaseState> {
  const went = left.incident?.mergedInto ?? merge.into;
  await giveBack(deps, left.stream, gone(went));
  const now = await standing(deps, { ...merge, into: went });
  if (now === (await standing(deps, merge))) return left;
  throw new HousecallError('STATE_CONFLICT', `incident ${left.stream} is merged into ${went}`);
}

/** The names of its alerts lead to where they went on; what follows them meanwhile finds it, too. */
async function lead(deps: MergeDeps, merge: Merge, source: CaseState): Promise<void> {
  const names = [...source.alerts.values()].flatMap(({ alert, hosts }) =>
    alertClaims(alert, routeAlert(alert, deps.routes), hosts),
  );
  const claims = new Set(names);
  const { into, actor } = merge;
  for (;;) {
    try {
      const { incident } = await transact(deps, { stream: into, actor }, (state) =>
        state.incident === null || isGone(state)
          ? null
          : {
              events: [],
              claims: [...claims],
              takesFrom: source.stream,
              releases: [moving(source.stream)],
            },
      );
      if (incident?.mergedInto == null) return;
      return await lead(deps, { ...merge, into: incident.mergedInto }, source);
    } catch (error) {
      // It fired in between, and has an incident of its own: nothing is lost, it is only not here.
      const taken = refusal(error)?.claim;
      if (taken === undefined || !claims.delete(taken)) throw error;
    }
  }
}
