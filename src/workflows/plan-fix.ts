import type { FixState } from '../core/approval/fix-state.ts';
import { proposalAddress } from '../core/approval/proposal.ts';
import { reviewForm, unplannedForm } from '../core/approval/review-form.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import type { Form } from '../core/document/document.ts';
import { HousecallError } from '../core/errors.ts';
import { HOUSECALL } from '../core/person.ts';
import { currentTerms, type LookDeps, proposalDigest, requireHost } from './fix-deps.ts';
import { type Look, lookAtFix } from './look-at-fix.ts';
import { type Decision, readCase, transact } from './transact.ts';

/** Looks at the host, plans, and shows in the dialog what would be done. Read-only; safe to run twice. */
export async function planFix(
  deps: LookDeps,
  job: { readonly stream: string; readonly fix: string },
  context: { readonly signal: AbortSignal; readonly lastTry: boolean },
): Promise<void> {
  const fix = (await readCase(deps.journal, job.stream)).fixes.get(job.fix);
  if (fix?.status !== 'reviewing') return;
  const look = await lookAtFix(deps, fix, context.signal).catch((error: unknown) => {
    const lost = error instanceof HousecallError && error.code === 'SSH_LOST';
    if (!(error instanceof HousecallError) || error.code === 'CANCELLED') throw error;
    if (lost && !context.lastTry) throw error;
    return deps.redact(error.message);
  });
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (state) => {
    const now = state.fixes.get(job.fix);
    if (now?.status !== 'reviewing') return null;
    return typeof look === 'string'
      ? unplanned(deps, now, look)
      : planned(deps, { stream: job.stream, fix: now, look });
  });
}

function planned(
  deps: LookDeps,
  { stream, fix, look }: { stream: string; fix: FixState; look: Look },
): Decision {
  const { plan } = look;
  if (typeof plan === 'string') return unplanned(deps, fix, plan);
  const digest = proposalDigest(deps, fix, plan);
  const form = reviewForm({
    stream,
    fix: fix.id,
    digest,
    title: deps.fix(fix.offer.fix).title,
    host: fix.host,
    address: proposalAddress(requireHost(deps, fix.host)),
    plan,
    now: look.words,
    terms: currentTerms(deps, fix),
    approvers: deps.approvers,
  });
  return {
    events: [{ type: 'fix.planned', fix: fix.id, plan, digest, before: look.state }],
    chat: formRows(fix, form),
  };
}

function unplanned(deps: LookDeps, fix: FixState, reason: string): Decision {
  const said = deps.redact(reason);
  return {
    events: [{ type: 'fix.unplanned', fix: fix.id, reason: said }],
    chat: formRows(fix, unplannedForm(`${fix.offer.fix} on ${fix.host}`, said)),
  };
}

function formRows(fix: FixState, form: Form): ChatRow[] {
  if (fix.view === undefined) return [];
  return [{ lane: `form:${fix.view}`, operation: { op: 'form.update', form } }];
}
