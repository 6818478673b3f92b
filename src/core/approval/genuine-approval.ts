import type { Person } from '../person.ts';
import type { FixState } from './fix-state.ts';
import { isExpired } from './may-approve.ts';
import { type ApprovalTerms, stricterTerms } from './policy.ts';
import { requestText, tokenText } from './proposal.ts';

/** An approval as it stands on record, judged again by whoever is about to act on it. */
export interface Evidence {
  readonly stream: string;
  readonly fix: FixState;
  readonly requesters: readonly Person[];
  /** `membersOf` the record. */
  readonly members: readonly string[] | undefined;
  /** What this worker's configuration says. */
  readonly terms: Pick<ApprovalTerms, 'required' | 'selfApproval'>;
  /** The digest of the plan on record under this worker's definitions and inventory. */
  readonly digest: string;
  readonly blocked: string | null;
  readonly now: Date;
  /** `Hashing.verify`. */
  readonly verify: (text: string, signature: string) => boolean;
}

/** An approval or a request as it stands on record, and who can tell whether it is ours. */
export type OnRecord = Pick<Evidence, 'stream' | 'fix' | 'requesters' | 'members' | 'verify'>;

/** Why what is on record was not written by Housecall; null: it was, as far as it goes. */
export function forged({ stream, fix, requesters, members, verify }: OnRecord): string | null {
  const { id, request, digest = '', approvals } = fix;
  if (request !== undefined) {
    const text = requestText({ stream, fix: id, digest, requesters, members, terms: request });
    if (!verify(text, request.seal ?? '')) {
      return 'the request on record was not signed by Housecall';
    }
  }
  const people = approvals.map(({ person }) => person);
  const { expiresAt = '' } = request ?? {};
  const genuine = approvals.every(({ token = '' }, n) => {
    const approvers = people.slice(0, n + 1);
    return verify(tokenText({ stream, fix: id, digest, approvers, expiresAt }), token);
  });
  return genuine ? null : 'the approval on record was not signed by Housecall';
}

interface No {
  readonly expired: boolean;
  readonly reason: string;
}

/** Null: it may run. Else why not; `expired` is told apart, because it is nobody's fault. */
export function whyNotRun(evidence: Evidence): No | null {
  const { fix } = evidence;
  const { request, token, digest } = fix;
  if (fix.status !== 'approved') return no(`it is ${fix.status}`);
  if (request === undefined || token === undefined || digest === undefined) {
    return no('the record of its approval is not complete');
  }
  const approvers = fix.approvals.map(({ person }) => person);
  const lie = forged(evidence);
  if (lie !== null) return no(lie);
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
