import type { DecisionValue } from '../../core/approval/fix-value.ts';
import { type Answer, type Click, mayApprove, mayDeny } from '../../core/approval/may-approve.ts';
import { advance, planned, rolloutOf } from '../../core/approval/rollout.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import type { Job } from '../../core/job.ts';
import type { Actor, Person } from '../../core/person.ts';
import { type Decision, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { approval } from './approve-fix.ts';
import { clickOn, refusal, refusedError } from './decide-fix.ts';
import { type ClickDeps, frozenBy, requireFix } from './fix-deps.ts';
import { updateRow } from './fix-message.ts';
import { requireRollout } from './request-rollout.ts';

interface Verb {
  readonly outcome: 'approved' | 'denied';
  may(click: Click): Answer;
  event(state: CaseState, click: Click): FixEvent;
}

/**
 * One click on Approve for every host of a rollout: each is judged and signed on its own; the canary is
 * queued when all are approved.
 * @throws HousecallError APPROVAL_REFUSED or NOT_ALLOWED with the reason, which is kept as well.
 */
export function approveRollout(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
): Promise<void> {
  return decide(deps, input, {
    outcome: 'approved',
    may: mayApprove,
    event: (state, { fix }) => approval(deps, state.stream, fix, input.person),
  });
}

/** One click on Deny: no host of it begins. Throws as `approveRollout`. */
export function denyRollout(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
): Promise<void> {
  return decide(deps, input, {
    outcome: 'denied',
    may: mayDeny,
    event: (_, { fix }) => ({ type: 'fix.denied', fix: fix.id }),
  });
}

async function decide(
  deps: ClickDeps,
  { value, person }: { readonly value: DecisionValue; readonly person: Person },
  verb: Verb,
): Promise<void> {
  const actor: Actor = { kind: 'person', ...person };
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  let answer: Answer = { ok: true };
  await transact(deps, { stream: value.stream, actor }, (state) => {
    const fixes = planned(requireRollout(deps, state, value));
    const clicks = fixes.map((fix) =>
      clickOn(deps, state, { fix, digest: fix.digest ?? '', actor, roles, frozen }),
    );
    const refused = clicks
      .map((click) => ({ click, said: verb.may(click) }))
      .find(({ said }) => !said.ok);
    answer = refused?.said ?? { ok: true };
    if (refused !== undefined) {
      return answer.ok ? null : refusal(refused.click.fix, actor, answer.reason);
    }
    const events = clicks.map((click) => verb.event(state, click));
    return decision(deps, state, { events, actor });
  });
  const outcome = answer.ok ? verb.outcome : 'refused';
  deps.metrics.count('housecall_approvals_total', { outcome });
  if (!answer.ok) throw refusedError(answer, value);
}

function decision(
  deps: ClickDeps,
  state: CaseState,
  { events, actor }: { readonly events: readonly FixEvent[]; readonly actor: Actor },
): Decision {
  const at = deps.clock.now().toISOString();
  const folded = foldEvents(state, events, { at, actor });
  const [first] = events;
  if (first === undefined) return { events: [] };
  const fix = requireFix(folded, first.fix);
  const next = advance(rolloutOf(folded, fix.rollout?.id ?? ''));
  const jobs: Job[] =
    next.kind === 'start'
      ? next.fixes.map(({ id }) => ({ kind: 'execute-fix', stream: state.stream, fix: id }))
      : [];
  return { events, chat: [...panelRows(folded), updateRow(deps, folded, fix)], jobs };
}
