import { type FixState, isOpen } from '../../core/approval/fix-state.ts';
import { isExpired } from '../../core/approval/may-approve.ts';
import { HOUSECALL } from '../../core/person.ts';
import { readCase, transact } from '../record/transact.ts';
import { expireFix } from './finish-fix.ts';
import { deadlineSeconds, PATIENCE } from './fix-deps.ts';
import type { RunStepsDeps } from './run-steps.ts';
import { settleFix } from './settle-fix.ts';

interface FixJob {
  readonly stream: string;
  readonly fix: string;
}

/**
 * The deadline of a fix: a request that nobody decided is void; an approval that no worker took up
 * too. A run is asked about on the host every two minutes, so that a dead worker is noticed soon.
 * What has ended is watched by a job of its own, `watchFix`: this one would be a second watch.
 */
export async function checkFix(
  deps: RunStepsDeps,
  job: FixJob,
  context: { readonly signal: AbortSignal },
): Promise<void> {
  const fix = (await readCase(deps.journal, job.stream)).fixes.get(job.fix);
  if (fix === undefined) return;
  const left = secondsLeft(deps, fix);
  if (left === null) return;
  if (fix.status === 'running') {
    const { signal } = context;
    const settling = { stream: job.stream, fix, signal, overdue: left <= 0 };
    const { lookSeconds } = deps.patience ?? PATIENCE;
    if (!(await settleFix(deps, settling))) await later(deps, job, lookSeconds);
    return;
  }
  if (left > 0) return later(deps, job, Math.ceil(left) + 1);
  await expireFix(deps, job, (now) => isOpen(now) && isExpired(now, deps.clock.now()));
}

/** Until its deadline; null: it has none any more. */
function secondsLeft(deps: RunStepsDeps, fix: FixState): number | null {
  const now = deps.clock.now().getTime();
  if (isOpen(fix)) {
    return (Date.parse(fix.request?.expiresAt ?? '') - now) / 1000 || 0;
  }
  if (fix.status !== 'running' || fix.plan === undefined || fix.claim === undefined) return null;
  return (Date.parse(fix.claim.at) - now) / 1000 + deadlineSeconds(fix.plan) || 0;
}

async function later(deps: RunStepsDeps, job: FixJob, delaySeconds: number): Promise<void> {
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, () => ({
    events: [],
    jobs: [{ kind: 'check-fix', ...job, delaySeconds }],
  }));
}
