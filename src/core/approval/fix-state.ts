import type { FixOffer } from '../finding.ts';
import type { EventRecord, FixEvent, RolloutPlace, StepRun } from '../incident/event.ts';
import { type Actor, type Person, samePerson } from '../person.ts';
import type { Figures, FixOutcome, Plan } from '../plan.ts';

/** `reviewing → planned → pending → approved → running → finished`, or an end on the way. */
export type FixStatus =
  | 'reviewing'
  | 'unplanned'
  | 'planned'
  | 'pending'
  | 'approved'
  | 'running'
  | 'finished'
  | 'denied'
  | 'expired'
  | 'stopped';

export interface Approval {
  readonly person: Person;
  readonly at: string;
  /** HMAC over the proposal, this person and those who approved before. */
  readonly token?: string;
}

/** What was asked for, as it was written down when somebody asked. */
export interface FixRequest {
  readonly by: Actor;
  readonly at: string;
  readonly approvers: readonly string[];
  readonly required: number;
  readonly selfApproval: boolean;
  readonly expiresAt: string;
  readonly lossAccepted?: string;
  /** HMAC over who asked and on which terms. */
  readonly seal?: string;
}

export interface FixResult {
  readonly at: string;
  readonly outcome: FixOutcome;
  readonly reason: string;
  readonly before?: string;
  readonly after?: string;
  readonly figures?: { readonly before: Figures; readonly after: Figures };
  readonly steps: readonly StepRun[];
  readonly lostWhen?: string;
  /** HMAC over the outcome, of a fix in a rollout. */
  readonly seal?: string;
}

/** One fix on one host, folded from its events. */
export interface FixState {
  readonly id: string;
  readonly status: FixStatus;
  readonly offer: FixOffer;
  readonly host: string;
  readonly run: string;
  /** Code of the finding that justifies it. */
  readonly finding: string;
  readonly view?: string;
  readonly rollout?: RolloutPlace;
  readonly reviewedBy: Actor;
  readonly reviewedAt: string;
  readonly plan?: Plan;
  readonly digest?: string;
  /** The fix's own state of the host at planning. */
  readonly before?: unknown;
  /** Why there is no plan. */
  readonly reason?: string;
  readonly request?: FixRequest;
  readonly approvals: readonly Approval[];
  /** HMAC of the approval that completed the number. */
  readonly token?: string;
  readonly refusals: readonly {
    readonly actor: Actor;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly deniedBy?: Actor;
  readonly claim?: { readonly worker: string; readonly at: string };
  readonly result?: FixResult;
  /** A change that did not last; not certain: it cannot be seen any more. */
  readonly lost?: { readonly at: string; readonly certain: boolean; readonly reason: string };
}

type FixRecord = EventRecord & { readonly event: FixEvent };

/**
 * Folds one record. Total: a record that cannot follow the state it meets changes nothing, so an
 * event written past the workflows never moves a fix forward.
 */
export function reduceFix(state: FixState | undefined, record: FixRecord): FixState {
  const { event, actor, at } = record;
  if (event.type === 'fix.reviewed') return state ?? reviewed(event, actor, at);
  const fix = state ?? orphan(event.fix, actor, at);
  switch (event.type) {
    case 'fix.planned':
      if (fix.status !== 'reviewing') return fix;
      return {
        ...fix,
        status: 'planned',
        plan: event.plan,
        digest: event.digest,
        before: event.before,
      };
    case 'fix.unplanned':
      if (fix.status !== 'reviewing') return fix;
      return { ...fix, status: 'unplanned', reason: event.reason };
    case 'fix.requested':
      return requested(fix, event, record);
    case 'fix.approved':
      return approved(fix, event, record);
    case 'fix.refused':
      return { ...fix, refusals: [...fix.refusals, { actor, at, reason: event.reason }] };
    case 'fix.denied':
      return fix.status === 'pending' ? { ...fix, status: 'denied', deniedBy: actor } : fix;
    case 'fix.expired':
      return isOpen(fix) ? { ...fix, status: 'expired' } : fix;
    case 'fix.stopped':
      return isOpen(fix) ? { ...fix, status: 'stopped', reason: event.reason } : fix;
    case 'fix.claimed':
      if (fix.status !== 'approved') return fix;
      return { ...fix, status: 'running', claim: { worker: event.worker, at } };
    case 'fix.lost': {
      // What could not be seen for a while, as during a restart, may turn out to be lost.
      if (fix.status !== 'finished' || fix.lost?.certain === true) return fix;
      const { certain, reason } = event;
      return { ...fix, lost: { at, certain, reason } };
    }
    case 'fix.finished':
    default: {
      if (fix.status !== 'running' && fix.status !== 'approved') return fix;
      const { type: _, fix: __, ...result } = event;
      return { ...fix, status: 'finished', result: { at, ...result } };
    }
  }
}

/** Asked for, and not begun. */
export function isOpen({ status }: Pick<FixState, 'status'>): boolean {
  return status === 'pending' || status === 'approved';
}

function reviewed(
  event: Extract<FixEvent, { type: 'fix.reviewed' }>,
  actor: Actor,
  at: string,
): FixState {
  return {
    id: event.fix,
    status: 'reviewing',
    offer: event.offer,
    host: event.host,
    run: event.run,
    finding: event.finding,
    ...(event.view === undefined ? {} : { view: event.view }),
    ...(event.rollout === undefined ? {} : { rollout: event.rollout }),
    reviewedBy: actor,
    reviewedAt: at,
    approvals: [],
    refusals: [],
  };
}

/** An event of a fix that nobody reviewed: kept visible, and an end, so that it can never run. */
function orphan(id: string, actor: Actor, at: string): FixState {
  return {
    id,
    status: 'unplanned',
    offer: { fix: '', params: {} },
    host: '',
    run: '',
    finding: '',
    reviewedBy: actor,
    reviewedAt: at,
    reason: 'the record of its review is missing',
    approvals: [],
    refusals: [],
  };
}

function requested(
  fix: FixState,
  event: Extract<FixEvent, { type: 'fix.requested' }>,
  { actor, at }: FixRecord,
): FixState {
  if (fix.status !== 'planned' || event.digest !== fix.digest) return fix;
  const { type: _, fix: __, digest: ___, ...terms } = event;
  return { ...fix, status: 'pending', request: { by: actor, at, ...terms } };
}

function approved(
  fix: FixState,
  event: Extract<FixEvent, { type: 'fix.approved' }>,
  { actor, at }: FixRecord,
): FixState {
  if (fix.status !== 'pending' || event.digest !== fix.digest) return fix;
  if (actor.kind !== 'person') return fix;
  const person: Person = { team: actor.team, user: actor.user };
  if (fix.approvals.some((earlier) => samePerson(earlier.person, person))) return fix;
  const { token } = event;
  const approvals = [...fix.approvals, { person, at, ...(token === undefined ? {} : { token }) }];
  const complete = approvals.length >= (fix.request?.required ?? Number.POSITIVE_INFINITY);
  if (!complete || token === undefined) return { ...fix, approvals };
  return { ...fix, approvals, status: 'approved', token };
}
