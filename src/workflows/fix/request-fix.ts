import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import type { DecisionValue } from '../../core/approval/fix-value.ts';
import { mayRequest } from '../../core/approval/may-approve.ts';
import { strictestTerms } from '../../core/approval/policy.ts';
import { requestText } from '../../core/approval/proposal.ts';
import { requestersOf } from '../../core/approval/requesters.ts';
import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import type { Job } from '../../core/job.ts';
import type { Actor, Person } from '../../core/person.ts';
import { canonicalJson, type Plan } from '../../core/plan.ts';
import { transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { type ClickDeps, currentTerms, frozenBy, proposalDigest, requireFix } from './fix-deps.ts';
import { postRow } from './fix-message.ts';
import { requireAllowed } from './review-fix.ts';

/**
 * The dialog was submitted: this person is the requester, and the approval message appears under the
 * finding. `words` accepts the loss when nothing can be saved.
 * @throws HousecallError NOT_ALLOWED, APPROVAL_REFUSED, NOT_FOUND, STATE_CONFLICT; PARAMS_INVALID with
 *   `context.input` when the words are not the ones asked for.
 */
export async function requestFix(
  deps: ClickDeps,
  input: { readonly value: DecisionValue; readonly person: Person; readonly words?: string },
): Promise<void> {
  const { value } = input;
  const actor = { kind: 'person', ...input.person } as const;
  const roles = await deps.roles();
  const frozen = await frozenBy(deps);
  await transact(deps, { stream: value.stream, actor }, (state) => {
    requireAllowed(mayRequest(roles, actor, blockedReason(state, frozen)));
    const fix = requireFix(state, value.fix);
    if (fix.rollout !== undefined) {
      throw new HousecallError(
        'STATE_CONFLICT',
        `${fix.offer.fix} on ${fix.host} is part of a rollout: it is asked for with the others`,
        { context: { fix: fix.id } },
      );
    }
    const said = { at: deps.clock.now().toISOString(), actor };
    const requested = requestOf(deps, state, { ...value, ...said, words: input.words });
    const after = foldEvents(state, [requested], said);
    return {
      events: [requested],
      chat: [...panelRows(after), postRow(deps, after, requireFix(after, fix.id))],
      jobs: [expiryJob(deps, value.stream, fix)],
    };
  });
  deps.metrics.count('housecall_approvals_total', { outcome: 'requested' });
}

type Requested = Extract<FixEvent, { type: 'fix.requested' }>;

/** The request of one fix, with its terms and signed. Throws as `requestFix` does. */
export function requestOf(
  deps: ClickDeps,
  state: CaseState,
  asked: {
    readonly fix: string;
    readonly digest: string;
    readonly at: string;
    readonly actor: Actor;
    readonly words?: string | undefined;
    /** What is asked for with one click, itself included and in its order; the strictest terms count. */
    readonly members?: readonly FixState[];
  },
): Requested {
  const { digest, at, actor, words, members } = asked;
  const fix = requireFix(state, asked.fix);
  const plan = requirePlan(deps, fix, digest);
  requireAlone(state, fix);
  if (deps.approvers.length === 0) {
    throw new HousecallError('APPROVAL_REFUSED', 'nobody may approve: access.approvers is empty');
  }
  const terms = strictestTerms((members ?? [fix]).map((one) => currentTerms(deps, one)));
  const unsealed: Requested = {
    type: 'fix.requested',
    fix: fix.id,
    digest,
    approvers: deps.approvers,
    required: terms.required,
    selfApproval: terms.selfApproval,
    expiresAt: new Date(Date.parse(at) + terms.expiresMinutes * 60_000).toISOString(),
    ...acceptedLoss(plan, words),
  };
  const folded = foldEvents(state, [unsealed], { at, actor });
  return sealed(deps, folded, { terms: unsealed, members: members?.map(({ id }) => id) });
}

/** Looks, a moment after the approval is void, whether anybody decided. */
export function expiryJob(deps: ClickDeps, stream: string, fix: FixState): Job {
  const { expiresMinutes } = currentTerms(deps, fix);
  return { kind: 'check-fix', stream, fix: fix.id, delaySeconds: expiresMinutes * 60 + 1 };
}

/** Signed, so that nobody who only writes the record can change who asked or what was asked for. */
function sealed(
  deps: ClickDeps,
  state: CaseState,
  { terms, members }: { terms: Requested; members: readonly string[] | undefined },
): Requested {
  const { fix: id, digest } = terms;
  const requesters = requestersOf(state, requireFix(state, id));
  const text = requestText({ stream: state.stream, fix: id, digest, requesters, members, terms });
  return { ...terms, seal: deps.hashing.sign(text) };
}

function requirePlan(deps: ClickDeps, fix: FixState, digest: string): Plan {
  if (fix.status !== 'planned' || fix.plan === undefined) {
    throw new HousecallError('STATE_CONFLICT', `fix ${fix.id} on ${fix.host} is ${fix.status}`);
  }
  // The plan on record is hashed again: an edited record must not be what people approve.
  if (digest !== fix.digest || digest !== proposalDigest(deps, fix, fix.plan)) {
    throw new HousecallError(
      'APPROVAL_REFUSED',
      `fix ${fix.id} on ${fix.host}: the plan on record is not the one that was shown`,
    );
  }
  return fix.plan;
}

/** The same fix of the same thing is asked for once at a time. */
function requireAlone(state: CaseState, fix: FixState): void {
  const same = [...state.fixes.values()].find(
    (other) =>
      ['pending', 'approved', 'running'].includes(other.status) &&
      other.host === fix.host &&
      canonicalJson(other.offer) === canonicalJson(fix.offer),
  );
  if (same === undefined) return;
  throw new HousecallError(
    'STATE_CONFLICT',
    `${fix.offer.fix} on ${fix.host} is requested already (${same.status}); see its message`,
    { context: { fix: same.id } },
  );
}

function acceptedLoss(plan: Plan, words: string | undefined): { lossAccepted?: string } {
  if (plan.saved.kind !== 'loss') return {};
  const given = words?.trim() ?? '';
  if (given === plan.saved.words) return { lossAccepted: given };
  throw new HousecallError('PARAMS_INVALID', `Type exactly: ${plan.saved.words}`, {
    context: { input: 'loss', given },
  });
}
