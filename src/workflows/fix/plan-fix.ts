import type { FixState } from '../../core/approval/fix-state.ts';
import { strictestTerms } from '../../core/approval/policy.ts';
import { proposalAddress } from '../../core/approval/proposal.ts';
import { reviewForm, unplannedForm } from '../../core/approval/review-form.ts';
import { planned as plannedOf, rolloutOf } from '../../core/approval/rollout.ts';
import { rolloutForm } from '../../core/approval/rollout-form.ts';
import type { ChatRow } from '../../core/chat-operation.ts';
import type { Form } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import { HOUSECALL } from '../../core/person.ts';
import { type Decision, readCase, transact } from '../record/transact.ts';
import { currentTerms, type LookDeps, proposalDigest, requireHost } from './fix-deps.ts';
import { rolloutDigest } from './fix-message.ts';
import { type Look, lookAtFix } from './look-at-fix.ts';

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
      ? unplanned(deps, state, { fix: now, reason: look })
      : planned(deps, state, { fix: now, look });
  });
}

/** Only an incident has an archive: elsewhere nobody could read it, and a sweep would take it away. */
const NOWHERE =
  'what it saves first is kept in an incident, and this diagnosis belongs to none: declare an incident and run it there';

function planned(
  deps: LookDeps,
  state: CaseState,
  { fix, look }: { fix: FixState; look: Look },
): Decision {
  const { plan } = look;
  if (typeof plan === 'string') return unplanned(deps, state, { fix, reason: plan });
  if (plan.saved.kind === 'incident' && state.incident === null) {
    return unplanned(deps, state, { fix, reason: NOWHERE });
  }
  const digest = proposalDigest(deps, fix, plan);
  const form = reviewForm({
    stream: state.stream,
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
  const event = { type: 'fix.planned', fix: fix.id, plan, digest, before: look.state } as const;
  return { events: [event], chat: formRows(deps, state, { event, fix, form }) };
}

function unplanned(
  deps: LookDeps,
  state: CaseState,
  { fix, reason }: { fix: FixState; reason: string },
): Decision {
  const said = deps.redact(reason);
  const event = { type: 'fix.unplanned', fix: fix.id, reason: said } as const;
  const form = unplannedForm(`${fix.offer.fix} on ${fix.host}`, said);
  return { events: [event], chat: formRows(deps, state, { event, fix, form }) };
}

/** The dialog of a rollout is filled when every host has answered. */
function formRows(
  deps: LookDeps,
  state: CaseState,
  { event, fix, form }: { event: FixEvent; fix: FixState; form: Form },
): ChatRow[] {
  if (fix.view === undefined) return [];
  const shown = fix.rollout === undefined ? form : rolloutView(deps, state, { event, fix });
  if (shown === null) return [];
  return [{ lane: `form:${fix.view}`, operation: { op: 'form.update', form: shown } }];
}

function rolloutView(
  deps: LookDeps,
  state: CaseState,
  { event, fix }: { event: FixEvent; fix: FixState },
): Form | null {
  const at = deps.clock.now().toISOString();
  const id = fix.rollout?.id ?? '';
  const fixes = rolloutOf(foldEvents(state, [event], { at, actor: HOUSECALL }), id);
  const wanted = plannedOf(fixes);
  if (fixes.some(({ status }) => status === 'reviewing')) return null;
  return rolloutForm({
    stream: state.stream,
    id,
    digest: rolloutDigest(deps, fixes),
    fixes,
    terms: strictestTerms(wanted.map((one) => currentTerms(deps, one))),
    approvers: deps.approvers,
  });
}
