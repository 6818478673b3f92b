import { fixRoomDocument } from '../../core/approval/fix-document.ts';
import { type FixState, isOpen } from '../../core/approval/fix-state.ts';
import { resultText } from '../../core/approval/proposal.ts';
import { advance, rolloutOf } from '../../core/approval/rollout.ts';
import { lastingBlocks, rolloutDocument } from '../../core/approval/rollout-document.ts';
import { fixChartRows } from '../../core/charts/chart-rows.ts';
import type { ChatRow } from '../../core/chat-operation.ts';
import type { Document } from '../../core/document/document.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent, StepRun } from '../../core/incident/event.ts';
import type { Job } from '../../core/job.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { Figures, FixOutcome } from '../../core/plan.ts';
import { transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { type FixDeps, fixPlace, PATIENCE, requireFix } from './fix-deps.ts';
import { rolloutDigest, updateRow } from './fix-message.ts';

export interface Ending {
  readonly outcome: FixOutcome;
  readonly reason: string;
  readonly before?: string;
  readonly after?: string;
  readonly figures?: { readonly before: Figures; readonly after: Figures };
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
    const event: Finished = {
      type: 'fix.finished',
      fix: job.fix,
      ...how.ending,
      ...sealOf(deps, job.stream, fix, how.ending.outcome),
    };
    if (lostWhen === undefined) return said(deps, state, event);
    const decision = said(deps, state, { ...event, lostWhen });
    // Nobody reads a message outside an incident days later.
    const watch = state.incident === null ? [] : [watchJob(deps, job)];
    return { ...decision, jobs: [...decision.jobs, ...watch] };
  });
  countEnd(deps, ended, how.ending.outcome);
}

type Finished = Extract<FixEvent, { type: 'fix.finished' }>;

/** Signed where other hosts begin on its word. */
function sealOf(
  deps: FixDeps,
  stream: string,
  { id, digest = '', rollout }: FixState,
  outcome: FixOutcome,
): Pick<Finished, 'seal'> {
  if (rollout === undefined) return {};
  return { seal: deps.hashing.sign(resultText({ stream, fix: id, digest, outcome })) };
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
  return { kind: 'watch-fix', stream: job.stream, fix: job.fix, delaySeconds: watchSeconds };
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

/** The event, what follows from it for the other hosts of its rollout, and what the chat says. */
export function said(
  deps: FixDeps,
  state: CaseState,
  event: FixEvent,
): { events: FixEvent[]; chat: ChatRow[]; jobs: Job[] } {
  const at = deps.clock.now().toISOString();
  const first = foldEvents(state, [event], { at, actor: HOUSECALL });
  const { stopped, jobs } = nextOfRollout(first, requireFix(first, event.fix));
  const folded = foldEvents(first, stopped, { at, actor: HOUSECALL });
  const after = requireFix(folded, event.fix);
  return {
    events: [event, ...stopped],
    chat: [
      ...panelRows(folded),
      updateRow(deps, folded, after),
      ...(event.type === 'fix.finished'
        ? [
            ...lineRows(deps, folded, after),
            ...fixChartRows(folded, after, fixPlace(folded, after)),
          ]
        : []),
    ],
    jobs,
  };
}

/** The next wave when this one is verified; nothing more after the first that is not. */
function nextOfRollout(state: CaseState, fix: FixState): { stopped: FixEvent[]; jobs: Job[] } {
  if (fix.rollout === undefined) return { stopped: [], jobs: [] };
  const next = advance(rolloutOf(state, fix.rollout.id));
  switch (next.kind) {
    case 'start':
      return {
        stopped: [],
        jobs: next.fixes.map(({ id }) => ({ kind: 'execute-fix', stream: state.stream, fix: id })),
      };
    case 'stop':
      return {
        stopped: next.fixes.map(({ id }) => ({
          type: 'fix.stopped',
          fix: id,
          reason: next.reason,
        })),
        jobs: [],
      };
    case 'wait':
    case 'done':
      return { stopped: [], jobs: [] };
  }
}

/** An edit notifies nobody: the end is told in a line of its own, in the room or else in the thread. */
function lineRows(deps: FixDeps, state: CaseState, fix: FixState): ChatRow[] {
  const { lane, thread } = fixPlace(state, fix);
  const line = endLine(deps, state, fix);
  if (line === null) return [];
  const post = { op: 'message.post', ...line } as const;
  return [
    state.incident === null
      ? { lane, operation: { ...post, thread } }
      : { lane: `room:${state.incident.id}`, operation: post },
  ];
}

/** A rollout has one, when its last host has ended. */
function endLine(
  deps: FixDeps,
  state: CaseState,
  fix: FixState,
): { key: string; document: Document } | null {
  if (fix.rollout === undefined) {
    return { key: `fix-end:${fix.id}`, document: fixRoomDocument(fix) };
  }
  const fixes = rolloutOf(state, fix.rollout.id);
  if (fixes.some(({ status }) => status === 'running' || isOpen({ status }))) return null;
  const { summary, status } = rolloutDocument(state.stream, fixes, rolloutDigest(deps, fixes));
  return {
    key: `rollout-end:${fix.rollout.id}`,
    document: {
      summary,
      ...(status === undefined ? {} : { status }),
      blocks: [{ kind: 'paragraph', content: [summary] }, ...lastingBlocks(fixes)],
    },
  };
}
