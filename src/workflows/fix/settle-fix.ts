import {
  type ClaimStatus,
  claimDirectory,
  claimProbe,
  parseClaim,
  tombstoneStep,
} from '../../core/approval/claim.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { forged } from '../../core/approval/genuine-approval.ts';
import { requestersOf } from '../../core/approval/requesters.ts';
import { membersOf } from '../../core/approval/rollout.ts';
import { HousecallError } from '../../core/errors.ts';
import type { StepRun } from '../../core/incident/event.ts';
import { readCase } from '../record/transact.ts';
import { type Ending, finishFix } from './finish-fix.ts';
import { PATIENCE, proposalDigest } from './fix-deps.ts';
import { type Look, lookAtFix } from './look-at-fix.ts';
import type { RunStepsDeps } from './run-steps.ts';

export interface Settling {
  readonly stream: string;
  readonly fix: FixState;
  readonly signal: AbortSignal;
  readonly steps?: readonly StepRun[];
  /** The fix's own state of the host just before its first step; absent: only that of its planning is known. */
  readonly seen?: unknown;
  /** Its time is over: nothing is waited for any more. */
  readonly overdue: boolean;
}

/**
 * Ends a fix whose run nobody may be watching: asks the host what became of it. Never runs a step
 * again; the only thing it may write is the mark that keeps a run which never began from beginning.
 * False: somebody may still be at it, look again later.
 */
export async function settleFix(deps: RunStepsDeps, settling: Settling): Promise<boolean> {
  const { stream, fix } = settling;
  const claim = await askHost(deps, settling);
  if (!settling.overdue && mayGoOn(deps, settling, claim)) return false;
  const ending = await endingOf(deps, settling, claim);
  await finishFix(
    deps,
    { stream, fix: fix.id },
    { ending, may: ({ status }) => status === 'running' },
  );
  return true;
}

function mayGoOn(deps: RunStepsDeps, { fix }: Settling, claim: ClaimStatus): boolean {
  const { claimSeconds, pauseSeconds } = deps.patience ?? PATIENCE;
  const age = (deps.clock.now().getTime() - Date.parse(fix.claim?.at ?? '')) / 1000;
  switch (claim.kind) {
    case 'none':
      return age < claimSeconds;
    case 'running':
      return claim.alive;
    case 'claimed':
      return claim.idleSeconds < pauseSeconds;
    case 'done':
      return claim.step !== fix.plan?.steps.at(-1)?.id && claim.idleSeconds < pauseSeconds;
    case 'unreadable':
      return true;
    case 'failed':
    case 'cancelled':
    default:
      return false;
  }
}

async function askHost(deps: RunStepsDeps, { fix, signal }: Settling): Promise<ClaimStatus> {
  const directory = fix.plan === undefined ? undefined : claimDirectory(fix.plan);
  if (directory === undefined) return { kind: 'unreadable' };
  const nonce = deps.clock.id();
  try {
    const probe = claimProbe(directory, fix.id, nonce);
    return parseClaim(await deps.remote.read(fix.host, probe, { signal }), nonce);
  } catch (error) {
    if (error instanceof HousecallError && error.code !== 'CANCELLED')
      return { kind: 'unreadable' };
    throw error;
  }
}

async function endingOf(
  deps: RunStepsDeps,
  settling: Settling,
  claim: ClaimStatus,
): Promise<Ending> {
  const { fix } = settling;
  const steps = settling.steps ?? [];
  const unknown = (reason: string): Ending => ({ outcome: 'unknown', reason, steps });
  const failed = (reason: string): Ending => ({ outcome: 'failed', reason, steps });
  switch (claim.kind) {
    case 'done':
      // The next hosts would begin on its word: an edited record must not choose where the host is asked.
      if (fix.rollout !== undefined && !(await isGenuine(deps, settling.stream, fix))) {
        return unknown('its plan or its approval on record is not the one that was signed');
      }
      return claim.step === fix.plan?.steps.at(-1)?.id
        ? verified(deps, settling)
        : unknown(`step ${claim.step} was done; whether the next one began is not known`);
    case 'failed':
      return failed(`step ${claim.step} failed with exit ${claim.exitCode}; nobody was watching`);
    case 'cancelled':
      return failed('it never began on the host, and never will');
    case 'none':
      return (await bury(deps, settling))
        ? failed('it never began on the host, and never will')
        : unknown('no mark was found on the host, and none could be left there');
    case 'running':
      return unknown(`step ${claim.step} began and did not end`);
    case 'claimed':
      return unknown('it began on the host and did not end');
    case 'unreadable':
    default:
      return unknown('the host cannot say');
  }
}

/** True: nobody else can begin it any more. A mark is a write: it needs the genuine approval too. */
async function bury(deps: RunStepsDeps, { stream, fix, signal }: Settling): Promise<boolean> {
  const directory = fix.plan === undefined ? undefined : claimDirectory(fix.plan);
  if (directory === undefined || !(await isGenuine(deps, stream, fix))) return false;
  try {
    const step = tombstoneStep(directory, fix.id);
    return (await deps.writer.change(fix.host, step, { signal })).exitCode === 0;
  } catch {
    return false;
  }
}

async function isGenuine(deps: RunStepsDeps, stream: string, fix: FixState): Promise<boolean> {
  const state = await readCase(deps.journal, stream);
  if (fix.approvals.length === 0 || fix.plan === undefined) return false;
  const lie = forged({
    stream,
    fix,
    requesters: requestersOf(state, fix),
    members: membersOf(state, fix),
    verify: (text, seal) => deps.hashing.verify(text, seal),
  });
  if (lie !== null) return false;
  try {
    return proposalDigest(deps, fix, fix.plan) === fix.digest;
  } catch {
    // The fix or the host is unknown here by now.
    return false;
  }
}

/** It ran to its end: the same probe says whether it helped. */
export async function verified(deps: RunStepsDeps, settling: Settling): Promise<Ending> {
  const { fix, signal } = settling;
  const steps = settling.steps ?? [];
  try {
    const look = await lookAtFix(deps, fix, signal);
    const verdict = look.verify(settling.seen ?? fix.before);
    return { ...verdict, after: look.words, ...figuresOf(look, settling.seen), steps };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = `all steps were done, but the host could not be looked at again: ${why}`;
    return { outcome: 'unknown', reason: deps.redact(reason), steps };
  }
}

/** None without a look from just before: those of the planning may be hours old. */
function figuresOf(look: Look, seen: unknown): Pick<Ending, 'figures'> {
  if (seen === undefined) return {};
  const [before, after] = [look.figures(seen), look.figures(look.state)];
  return before === null || after === null ? {} : { figures: { before, after } };
}
