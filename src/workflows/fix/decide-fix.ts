import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import type { DecisionValue } from '../../core/approval/fix-value.ts';
import { forged } from '../../core/approval/genuine-approval.ts';
import type { Answer, Click } from '../../core/approval/may-approve.ts';
import { requestersOf } from '../../core/approval/requesters.ts';
import { membersOf } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Actor, Person } from '../../core/person.ts';
import { type Decision, transact } from '../record/transact.ts';
import { type ClickDeps, currentTerms, frozenBy, proposalDigest, requireFix } from './fix-deps.ts';

/**
 * One click that decides about a fix, judged on the record in the same step that changes it: of
 * two clicks at once one is judged on the other's result. A refusal is committed too, and thrown.
 */
export async function decideFix(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person },
  verb: {
    readonly outcome: 'approved' | 'denied';
    may(click: Click): Answer;
    decide(state: CaseState, click: Click): Decision;
  },
): Promise<void> {
  const { value } = input;
  const actor: Actor = { kind: 'person', ...input.person };
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  let answer: Answer = { ok: true };
  await transact(deps, { stream: value.stream, actor }, (state) => {
    const fix = requireFix(state, value.fix);
    const click = clickOn(deps, state, { fix, digest: value.digest, actor, roles, frozen });
    answer = verb.may(click);
    return answer.ok ? verb.decide(state, click) : refusal(fix, actor, answer.reason);
  });
  const outcome = answer.ok ? verb.outcome : 'refused';
  deps.metrics.count('housecall_approvals_total', { outcome });
  if (!answer.ok) throw refusedError(answer, value);
}

/** A click as it is judged: on the record, the configuration and the definitions of now. */
export function clickOn(
  deps: ClickDeps,
  state: CaseState,
  given: Pick<Click, 'fix' | 'digest' | 'actor' | 'roles'> & { readonly frozen: string | null },
): Click {
  const { frozen, ...click } = given;
  const { fix } = click;
  const requesters = requestersOf(state, fix);
  const lie = forged({
    stream: state.stream,
    fix,
    requesters,
    members: membersOf(state, fix),
    verify: (text, seal) => deps.hashing.verify(text, seal),
  });
  return {
    ...click,
    requesters,
    terms: currentTerms(deps, fix),
    blocked: blockedReason(state, frozen) ?? lie ?? tampered(deps, fix),
    now: deps.clock.now(),
  };
}

/** The plan on record, hashed again under the definitions and the inventory of now. */
function tampered(deps: ClickDeps, fix: FixState): string | null {
  if (fix.plan === undefined) return null;
  return proposalDigest(deps, fix, fix.plan) === fix.digest
    ? null
    : 'the plan, the definition of the fix or the address of the host has changed since the request';
}

/** Kept, because refusals are evidence too; the same click again is not written again. */
export function refusal(fix: FixState, actor: Actor, reason: string): Decision | null {
  const last = fix.refusals.at(-1);
  const same = last?.reason === reason && JSON.stringify(last.actor) === JSON.stringify(actor);
  return same ? null : { events: [{ type: 'fix.refused', fix: fix.id, reason }] };
}

export function refusedError(
  answer: Extract<Answer, { ok: false }>,
  { stream, fix }: DecisionValue,
): HousecallError {
  return new HousecallError(answer.code, answer.reason, { context: { stream, fix } });
}
