import { fixDocument, fixRoomDocument } from '../core/approval/fix-document.ts';
import type { FixState } from '../core/approval/fix-state.ts';
import type { ChatRow } from '../core/chat-operation.ts';
import { type CaseState, foldEvents } from '../core/incident/case.ts';
import type { FixEvent, StepRun } from '../core/incident/event.ts';
import type { Job } from '../core/job.ts';
import { HOUSECALL } from '../core/person.ts';
import type { FixOutcome } from '../core/plan.ts';
import { panelRows } from './finish-run.ts';
import { type FixDeps, fixPlace, PATIENCE, requireFix, updateRow } from './fix-deps.ts';
import { transact } from './transact.ts';

export interface Ending {
  readonly outcome: FixOutcome;
  readonly reason: string;
  readonly before?: string;
  readonly after?: string;
  readonly steps: readonly StepRun[];
}

/** Ends a fix once, while `may` holds: its message gets before and after, the room one line. */
export async function finishFix(
  deps: FixDeps,
  job: { readonly stream: string; readonly fix: string },
  how: { readonly ending: Ending; may(fix: FixState): boolean },
): Promise<void> {
  let ended: FixState | null = null;
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (state) => {
    ended = null;
    const fix = state.fixes.get(job.fix);
    if (fix === undefined || !how.may(fix)) return null;
    ended = fix;
    const lostWhen = how.ending.outcome === 'verified' ? lossOf(deps, fix) : undefined;
    const event = { type: 'fix.finished', fix: job.fix, ...how.ending } as const;
    if (lostWhen === undefined) return said(deps, state, event);
    return {
      ...said(deps, state, { ...event, lostWhen }),
      // Nobody reads a message outside an incident days later.
      jobs: state.incident === null ? [] : [watchJob(deps, job)],
    };
  });
  countEnd(deps, ended, how.ending.outcome);
}

function lossOf(deps: FixDeps, fix: FixState): string | undefined {
  return deps.fix(fix.offer.fix).lostWhen;
}

/** The next look at a change that does not last. */
export function watchJob(
  deps: FixDeps,
  job: { readonly stream: string; readonly fix: string },
): Job {
  const { watchSeconds } = deps.patience ?? PATIENCE;
  return { kind: 'check-fix', stream: job.stream, fix: job.fix, delaySeconds: watchSeconds };
}

/** An approval that nobody used in time. */
export async function expireFix(
  deps: FixDeps,
  job: { readonly stream: string; readonly fix: string },
  may: (fix: FixState) => boolean,
): Promise<void> {
  let expired = false;
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (state) => {
    const fix = state.fixes.get(job.fix);
    expired = fix !== undefined && may(fix);
    return expired ? said(deps, state, { type: 'fix.expired', fix: job.fix }) : null;
  });
  if (expired) deps.metrics.count('housecall_approvals_total', { outcome: 'expired' });
}

function countEnd(deps: FixDeps, fix: FixState | null, outcome: FixOutcome): void {
  if (fix !== null) deps.metrics.count('housecall_fixes_total', { fix: fix.offer.fix, outcome });
}

/** The event, and what the chat says of it. */
export function said(
  deps: FixDeps,
  state: CaseState,
  event: FixEvent,
): { events: FixEvent[]; chat: ChatRow[] } {
  const at = deps.clock.now().toISOString();
  const folded = foldEvents(state, [event], { at, actor: HOUSECALL });
  const after = requireFix(folded, event.fix);
  return {
    events: [event],
    chat: [
      ...panelRows(folded),
      updateRow(state, after, fixDocument(state.stream, after)),
      ...(event.type === 'fix.finished' ? [lineRow(state, after)] : []),
    ],
  };
}

/** An edit notifies nobody: the end is told in a line of its own, in the room or else in the thread. */
function lineRow(state: CaseState, fix: FixState): ChatRow {
  const { lane, thread } = fixPlace(state, fix);
  const post = {
    op: 'message.post',
    key: `fix-end:${fix.id}`,
    document: fixRoomDocument(fix),
  } as const;
  return state.incident === null
    ? { lane, operation: { ...post, thread } }
    : { lane: `room:${state.incident.id}`, operation: post };
}
