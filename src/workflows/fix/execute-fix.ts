import { blockedReason } from '../../core/approval/blocked-reason.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { whyNotRun } from '../../core/approval/genuine-approval.ts';
import { resultText } from '../../core/approval/proposal.ts';
import { requestersOf } from '../../core/approval/requesters.ts';
import { membersOf, rolloutOf, whyNotYet } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import { HOUSECALL } from '../../core/person.ts';
import { type Decision, readCase, transact } from '../record/transact.ts';
import { type Ending, expireFix, finishFix } from './finish-fix.ts';
import { currentTerms, frozenBy, PATIENCE, proposalDigest, requireFix } from './fix-deps.ts';
import { updateRow } from './fix-message.ts';
import { type Look, lookAtFix } from './look-at-fix.ts';
import { type RunStepsDeps, runSteps } from './run-steps.ts';
import { settleFix, verified } from './settle-fix.ts';

export interface ExecuteFixDeps extends RunStepsDeps {
  /** Names this worker in the record. */
  readonly worker: string;
}

interface FixJob {
  readonly stream: string;
  readonly fix: string;
}

/**
 * Runs an approved fix, at most once: the approval is checked again, the claim is on record before
 * anything happens (no record, no run), the host must still be as approved, and the first step claims
 * it there. Found running already, it only asks the host how that ended.
 */
export async function executeFix(
  deps: ExecuteFixDeps,
  job: FixJob,
  context: { readonly signal: AbortSignal },
): Promise<void> {
  const { signal } = context;
  const state = await readCase(deps.journal, job.stream);
  const fix = state.fixes.get(job.fix);
  if (fix?.status === 'running') {
    await settleFix(deps, { stream: job.stream, fix, signal, overdue: false });
    return;
  }
  if (fix?.status !== 'approved') return;
  const claimed = await claimFix(deps, job);
  if (claimed === null) return;
  const ending = await act(deps, { job, fix: claimed, signal });
  if (ending !== null) await finishFix(deps, job, { ending, may: isMine(claimed) });
}

/** Checks the approval and writes the claim in one step. Null: it is not ours to run. */
async function claimFix(deps: ExecuteFixDeps, job: FixJob): Promise<FixState | null> {
  const worker = `${deps.worker}/${deps.clock.id()}`;
  const frozen = await frozenBy(deps);
  let refused: ReturnType<typeof whyNotRun> = null;
  const after = await transact(deps, { stream: job.stream, actor: HOUSECALL }, (state) => {
    refused = null;
    const fix = state.fixes.get(job.fix);
    if (fix?.status !== 'approved') return null;
    refused = judge(deps, state, { fix, frozen });
    return refused === null ? claim(deps, state, { fix, worker }) : null;
  });
  if (refused !== null) await refuse(deps, job, refused);
  const fix = after.fixes.get(job.fix);
  return fix?.claim?.worker === worker ? fix : null;
}

function judge(
  deps: ExecuteFixDeps,
  state: CaseState,
  { fix, frozen }: { fix: FixState; frozen: string | null },
): ReturnType<typeof whyNotRun> {
  try {
    return whyNotRun({
      stream: state.stream,
      fix,
      requesters: requestersOf(state, fix),
      members: membersOf(state, fix),
      terms: currentTerms(deps, fix),
      digest: fix.plan === undefined ? '' : proposalDigest(deps, fix, fix.plan),
      blocked: blockedReason(state, frozen) ?? itsTurn(deps, state, fix),
      now: deps.clock.now(),
      verify: (text, signature) => deps.hashing.verify(text, signature),
    });
  } catch (error) {
    // The fix or the host is unknown here by now.
    if (error instanceof HousecallError) return { expired: false, reason: error.message };
    throw error;
  }
}

/** A fix of a rollout begins when those before it are verified, whoever queued it. */
function itsTurn(deps: ExecuteFixDeps, state: CaseState, fix: FixState): string | null {
  if (fix.rollout === undefined) return null;
  const fixes = rolloutOf(state, fix.rollout.id);
  const liar = fixes.find(({ id, digest = '', result }) => {
    if (result?.outcome !== 'verified') return false;
    const text = resultText({ stream: state.stream, fix: id, digest, outcome: result.outcome });
    return !deps.hashing.verify(text, result.seal ?? '');
  });
  return liar === undefined
    ? whyNotYet(fixes, fix)
    : `the result of ${liar.host} on record was not signed by Housecall`;
}

async function refuse(
  deps: ExecuteFixDeps,
  job: FixJob,
  { expired, reason }: { readonly expired: boolean; readonly reason: string },
): Promise<void> {
  if (expired) return expireFix(deps, job, isApproved);
  const ending: Ending = { outcome: 'failed', reason: `nothing was run: ${reason}`, steps: [] };
  await finishFix(deps, job, { ending, may: isApproved });
}

function isApproved({ status }: FixState): boolean {
  return status === 'approved';
}

function claim(
  deps: ExecuteFixDeps,
  state: CaseState,
  { fix, worker }: { fix: FixState; worker: string },
): Decision {
  const { lookSeconds } = deps.patience ?? PATIENCE;
  const event: FixEvent = { type: 'fix.claimed', fix: fix.id, worker };
  const at = deps.clock.now().toISOString();
  const after = foldEvents(state, [event], { at, actor: HOUSECALL });
  return {
    events: [event],
    chat: [updateRow(deps, after, requireFix(after, fix.id))],
    jobs: [{ kind: 'check-fix', stream: state.stream, fix: fix.id, delaySeconds: lookSeconds }],
  };
}

function isMine(claimed: FixState): (fix: FixState) => boolean {
  return (fix) => fix.status === 'running' && fix.claim?.worker === claimed.claim?.worker;
}

/** Looks again, acts, looks once more. Null: somebody else must say how it ended. */
async function act(
  deps: ExecuteFixDeps,
  doing: { readonly job: FixJob; readonly fix: FixState; readonly signal: AbortSignal },
): Promise<Ending | null> {
  const { job, fix, signal } = doing;
  const fresh = await lookAgain(deps, fix, signal);
  if (typeof fresh !== 'object' || 'outcome' in fresh) return fresh;
  const { look, plan } = fresh;
  const end = await runSteps(deps, {
    ...job,
    host: fix.host,
    plan,
    signal,
    mayGoOn: () => mayGoOn(deps, job, fix),
  });
  const settling = { stream: job.stream, fix, signal, steps: end.steps, overdue: true };
  switch (end.kind) {
    case 'claimed':
      // The host remembers a run that the record does not: what it says counts, nothing is overwritten.
      await settleFix(deps, settling);
      return null;
    case 'stopped':
      return { outcome: end.outcome, reason: end.reason, before: look.words, steps: end.steps };
    case 'done':
    default: {
      const ending = await verified(deps, { ...settling, seen: look.state });
      return { ...ending, before: look.words };
    }
  }
}

/** The host must still give exactly the plan that was approved. */
async function lookAgain(
  deps: ExecuteFixDeps,
  fix: FixState,
  signal: AbortSignal,
): Promise<Ending | { readonly look: Look; readonly plan: Exclude<Look['plan'], string> }> {
  const nothing = (outcome: 'stale' | 'failed', reason: string): Ending => ({
    outcome,
    reason: `nothing was run: ${deps.redact(reason)}`,
    steps: [],
  });
  let look: Look;
  try {
    look = await lookAtFix(deps, fix, signal);
  } catch (error) {
    return nothing('failed', error instanceof Error ? error.message : String(error));
  }
  const { plan } = look;
  if (typeof plan === 'string') return { ...nothing('stale', plan), before: look.words };
  if (proposalDigest(deps, fix, plan) === fix.digest) return { look, plan };
  const facts = changedFacts(fix, plan);
  return { ...nothing('stale', `what would be done now differs (${facts})`), before: look.words };
}

function changedFacts(fix: FixState, plan: Exclude<Look['plan'], string>): string {
  const approved = fix.plan?.identity ?? {};
  const changed = Object.keys({ ...approved, ...plan.identity })
    .filter((key) => approved[key] !== plan.identity[key])
    .map((key) => `${key} ${approved[key] ?? 'none'} → ${plan.identity[key] ?? 'none'}`);
  if (changed.length > 0) return changed.join(', ');
  return plan.saved.kind === fix.plan?.saved.kind ? 'other commands' : 'what can be saved first';
}

async function mayGoOn(deps: ExecuteFixDeps, job: FixJob, mine: FixState): Promise<string | null> {
  const state = await readCase(deps.journal, job.stream);
  const fix = state.fixes.get(job.fix);
  if (fix === undefined || !isMine(mine)(fix)) return 'somebody else has ended it';
  return blockedReason(state, await frozenBy(deps));
}
