import type { Actor, Person } from '../person.ts';
import type { FixState, FixStatus } from './fix-state.ts';
import { type ApprovalTerms, stricterTerms } from './policy.ts';
import { hasRole, type Roles } from './roles.ts';

export type Answer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'APPROVAL_REFUSED' | 'NOT_ALLOWED';
      readonly reason: string;
    };

const OK: Answer = { ok: true };

function refused(reason: string): Answer {
  return { ok: false, code: 'APPROVAL_REFUSED', reason };
}

function notAllowed(reason: string): Answer {
  return { ok: false, code: 'NOT_ALLOWED', reason };
}

/** A click on Approve or Deny, with all that decides about it. */
export interface Click {
  readonly fix: FixState;
  /** What the button carried. */
  readonly digest: string;
  readonly actor: Actor;
  /** Everybody who counts as having asked for it. */
  readonly requesters: readonly Person[];
  readonly roles: Roles;
  /** What the configuration says now. */
  readonly terms: Pick<ApprovalTerms, 'required' | 'selfApproval'>;
  /** Why nothing may be asked for or approved at all: `blockedReason`. */
  readonly blocked: string | null;
  readonly now: Date;
}

/** Whether this person may ask for a fix, and look at what it would do. */
export function mayRequest(roles: Roles, actor: Actor, blocked: string | null): Answer {
  if (actor.kind !== 'person') return notAllowed('only a person can ask for a fix');
  if (!hasRole(roles, actor, 'operator') && !hasRole(roles, actor, 'approver')) {
    return notAllowed('only operators and approvers may ask for a fix');
  }
  return blocked === null ? OK : refused(blocked);
}

/** Whether this click approves. Deny first: every reason against is looked at before it may. */
export function mayApprove(click: Click): Answer {
  const { fix, actor, roles } = click;
  if (actor.kind !== 'person') return notAllowed('only a person can approve');
  if (!hasRole(roles, actor, 'approver')) return notAllowed('only approvers may approve');
  const closed = open(click);
  if (closed !== null) return closed;
  if (click.blocked !== null) return refused(click.blocked);
  if (fix.approvals.some(({ person }) => person.user === actor.user)) {
    return refused('you have approved it already; another person is needed');
  }
  const terms = clickTerms(click);
  // By the record alone it would count as approved, and no worker would run it.
  if (fix.request !== undefined && terms.required > fix.request.required) {
    return refused(
      `the configuration asks for ${terms.required} people by now: deny it, and request it again`,
    );
  }
  // By user id alone, whatever the team says: one person must not count as two.
  if (!terms.selfApproval && click.requesters.some((person) => person.user === actor.user)) {
    return refused(
      'you requested it, ran the diagnosis or declared the incident: another person must approve',
    );
  }
  return OK;
}

/** Whether an approval by one more person is enough. */
export function completes(click: Click): boolean {
  return click.fix.approvals.length + 1 >= clickTerms(click).required;
}

/** Anybody with a role may stop a fix, the requester too. */
export function mayDeny(click: Click): Answer {
  const { actor, roles } = click;
  if (actor.kind !== 'person') return notAllowed('only a person can deny');
  if (!hasRole(roles, actor, 'operator') && !hasRole(roles, actor, 'approver')) {
    return notAllowed('only operators and approvers may deny');
  }
  return open(click) ?? OK;
}

function clickTerms(click: Click): Pick<ApprovalTerms, 'required' | 'selfApproval'> {
  return stricterTerms(click.fix.request ?? { required: 1, selfApproval: false }, click.terms);
}

const CLOSED: Readonly<Record<FixStatus, string>> = {
  reviewing: 'it is not planned yet',
  unplanned: 'there is nothing to approve: no plan could be made',
  planned: 'nobody has requested it yet',
  pending: '',
  approved: 'it is approved already',
  running: 'it is running already',
  finished: 'it has run already',
  denied: 'it was denied',
  expired: 'it has expired',
  stopped: 'the rollout it belongs to was stopped',
};

function open({ fix, digest, now }: Click): Answer | null {
  if (fix.status !== 'pending') return refused(CLOSED[fix.status]);
  if (fix.digest === undefined || digest !== fix.digest) {
    return refused('the button belongs to another plan than the one on record');
  }
  if (isExpired(fix, now)) return refused('it has expired');
  return null;
}

/** An expiry that cannot be read is over. */
export function isExpired(fix: FixState, now: Date): boolean {
  return !(now.getTime() < Date.parse(fix.request?.expiresAt ?? ''));
}
