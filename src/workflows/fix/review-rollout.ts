import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { RolloutValue } from '../../core/approval/fix-value.ts';
import { mayRequest } from '../../core/approval/may-approve.ts';
import { HousecallError } from '../../core/errors.ts';
import type { FixOffer } from '../../core/finding.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import type { Person } from '../../core/person.ts';
import { transact } from '../record/transact.ts';
import { type ClickDeps, frozenBy, requireHost } from './fix-deps.ts';
import { requireAllowed } from './review-fix.ts';

/**
 * Somebody pressed Review fix for all hosts of a run: each is looked at and planned on its own, and the
 * dialog `view` shows them together. Returns the id of the rollout. Nothing is changed.
 * @throws HousecallError NOT_ALLOWED, APPROVAL_REFUSED, NOT_FOUND, TARGET_UNKNOWN.
 */
export async function reviewRollout(
  deps: ClickDeps,
  input: { readonly value: RolloutValue; readonly person: Person; readonly view?: string },
): Promise<string> {
  const { value, view } = input;
  const actor = { kind: 'person', ...input.person } as const;
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  const id = deps.clock.id();
  await transact(deps, { stream: value.stream, actor }, (state) => {
    requireAllowed(mayRequest(roles, actor, blockedReason(state, frozen)));
    deps.fix(value.module);
    const reviewed = offersOf(state, value).map(({ host, offer, finding }, place): Reviewed => {
      requireHost(deps, host);
      return {
        type: 'fix.reviewed',
        fix: deps.clock.id(),
        offer,
        host,
        run: value.run,
        finding,
        rollout: { id, place },
        ...(view === undefined ? {} : { view }),
      };
    });
    return {
      events: reviewed,
      jobs: reviewed.map(({ fix }) => ({ kind: 'plan-fix', stream: value.stream, fix })),
    };
  });
  return id;
}

type Reviewed = Extract<FixEvent, { type: 'fix.reviewed' }>;

/** From the record alone: the first offer of this fix on each host of the run, worst host first. */
function offersOf(
  state: CaseState,
  { stream, run, module }: RolloutValue,
): readonly { host: string; offer: FixOffer; finding: string }[] {
  const reports = state.runs.get(run)?.finished?.reports ?? [];
  const offers = reports.flatMap(({ host, findings }) => {
    const all = findings.flatMap(({ code, fixes }) =>
      fixes.filter(({ fix }) => fix === module).map((offer) => ({ host, offer, finding: code })),
    );
    return all.slice(0, 1);
  });
  if (offers.length > 1) return offers;
  throw new HousecallError(
    'NOT_FOUND',
    `fix.review: run ${run} of ${stream} offers ${module} on ${offers.length} hosts, not on several`,
    { context: { stream, run, module } },
  );
}
