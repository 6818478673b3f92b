import type { Person } from '../person.ts';
import type { FixState } from './fix-state.ts';
import { isExpired } from './may-approve.ts';
import { type ApprovalTerms, stricterTerms } from './policy.ts';
import { tokenText } from './proposal.ts';

/** An approval as it stands on record, judged again by whoever is about to act on it. */
export interface Evidence {
  readonly stream: string;
  readonly fix: FixState;
  readonly requesters: readonly Person[];
  /** What this worker's configuration says. */
  readonly terms: Pick<ApprovalTerms, 'required' | 'selfApproval'>;
  /** The digest of the plan on record under this worker's definitions and inventory. */
  readonly digest: string;
  readonly blocked: string | null;
  readonly now: Date;
  /** `Hashing.verify`. */
  readonly verify: (text: string, signature: string) => boolean;
}

interface No {
  readonly expired: boolean;
  readonly reason: string;
}

/** Null: it may run. Else why not; `expired` is told apart, because it is nobody's fault. */
export function whyNotRun(evidence: Evidence): No | null {
  const { fix, stream } = evidence;
  const { request, token, digest } = fix;
  if (fix.status !== 'approved') return no(`it is ${fix.status}`);
  if (request === undefined || token === undefined || digest === undefined) {
    return no('the record of its approval is not complete');
  }
  const approvers = fix.approvals.map(({ person }) => person);
  const text = tokenText({ stream, fix: fix.id, digest, approvers, expiresAt: request.expiresAt });
  if (!evidence.verify(text, token))
    return no('the approval on record was not signed by Housecall');
  if (isExpired(fix, evidence.now)) return { expired: true, reason: 'the approval has expired' };
  if (evidence.blocked !== null) return no(evidence.blocked);
  if (evidence.digest !== digest) {
    return no('the plan, the definition of the fix or the address of the host has changed');
  }
  const terms = stricterTerms(request, evidence.terms);
  if (new Set(approvers.map(({ user }) => user)).size < terms.required) {
    return no(`${terms.required} different people must approve`);
  }
  const self = approvers.some((a) => evidence.requesters.some((b) => a.user === b.user));
  if (self && !terms.selfApproval) return no('somebody who asked for it has approved it');
  return null;
}

function no(reason: string): No {
  return { expired: false, reason };
}
