import { fixLostDocument } from '../../core/approval/fix-document.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { encodeFixValue } from '../../core/approval/fix-value.ts';
import type { Lane } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { FixEvent } from '../../core/incident/event.ts';
import { HOUSECALL } from '../../core/person.ts';
import { canonicalJson } from '../../core/plan.ts';
import { type Decision, readCase, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { runParts } from '../run/start-run.ts';
import { watchJob } from './finish-fix.ts';
import { requireFix } from './fix-deps.ts';
import { updateRow } from './fix-message.ts';
import { lookAtFix } from './look-at-fix.ts';
import type { RunStepsDeps } from './run-steps.ts';

interface FixJob {
  readonly stream: string;
  readonly fix: string;
}

/**
 * Looks whether a change that does not last is still there, again and again until the incident is
 * closed. Gone: the room is told once, and the diagnosis that had led to it runs again. What cannot be
 * seen, as while a container restarts, is told once too, and watched on. Read-only.
 */
export async function watchFix(
  deps: RunStepsDeps,
  job: FixJob,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const state = await readCase(deps.journal, job.stream);
  const fix = state.fixes.get(job.fix);
  if (fix === undefined || !isWatched(state, fix)) return;
  // Its archive may fail, and the incident stay open.
  const seen = isClosing(state) ? 'watch-on' : await look(deps, fix, signal);
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (now) => {
    const current = requireFix(now, job.fix);
    if (!isWatched(now, current)) return null;
    const again = [watchJob(deps, job)];
    if (seen === 'watch-on' || isClosing(now)) return { events: [], jobs: again };
    if (!seen.certain && current.lost !== undefined) return { events: [], jobs: again };
    return tellLost(deps, now, { type: 'fix.lost', fix: job.fix, ...seen });
  });
}

function isWatched({ incident }: CaseState, fix: FixState): boolean {
  const open = incident !== null && incident.state !== 'closed';
  return open && fix.result?.lostWhen !== undefined && fix.lost?.certain !== true;
}

function isClosing({ incident }: CaseState): boolean {
  return incident?.closing === true;
}

type Seen = 'watch-on' | { readonly certain: boolean; readonly reason: string };

/** A host that cannot be reached for the moment says nothing about the change. */
async function look(deps: RunStepsDeps, fix: FixState, signal: AbortSignal): Promise<Seen> {
  try {
    const { holds, words } = await lookAtFix(deps, fix, signal);
    return holds === true ? 'watch-on' : { certain: holds === false, reason: words };
  } catch (error) {
    if (!(error instanceof HousecallError) || error.code === 'CANCELLED') throw error;
    if (error.code === 'SSH_UNREACHABLE' || error.code === 'SSH_LOST') return 'watch-on';
    return { certain: false, reason: error.message };
  }
}

function tellLost(
  deps: RunStepsDeps,
  state: CaseState,
  event: Extract<FixEvent, { type: 'fix.lost' }>,
): Decision {
  const at = deps.clock.now().toISOString();
  const folded = foldEvents(state, [event], { at, actor: HOUSECALL });
  const after = requireFix(folded, event.fix);
  const lane: Lane = `room:${state.stream}`;
  const again = lookAgain(deps, state, after, at);
  return {
    events: [event, ...again.events],
    chat: [
      ...panelRows(folded),
      updateRow(deps, folded, after),
      {
        lane,
        operation: {
          op: 'message.post',
          key: `fix-${event.certain ? 'lost' : 'unseen'}:${after.id}`,
          document: fixLostDocument(after, event.certain ? reviewValue(state, after) : null),
        },
      },
      ...again.chat,
    ],
    jobs: [
      ...again.jobs,
      ...(event.certain ? [] : [watchJob(deps, { stream: state.stream, fix: after.id })]),
    ],
  };
}

/** The offer that the fix came from: reviewed again, it is planned for the host of now. */
function reviewValue(state: CaseState, { run, host, finding, offer }: FixState): string | null {
  const reports = state.runs.get(run)?.finished?.reports ?? [];
  const findings = reports.find((report) => report.host === host)?.findings ?? [];
  for (const [n, { code, fixes }] of findings.entries()) {
    const same = fixes.findIndex((one) => canonicalJson(one) === canonicalJson(offer));
    if (code !== finding || same < 0) continue;
    return encodeFixValue({ stream: state.stream, run, host, finding: n, offer: same });
  }
  return null;
}

/** The diagnosis whose finding led to the fix: what it offers fits the host of now. */
function lookAgain(
  deps: RunStepsDeps,
  state: CaseState,
  fix: FixState,
  at: string,
): Pick<ReturnType<typeof runParts>, 'events' | 'chat' | 'jobs'> {
  const run = state.runs.get(fix.run);
  if (run === undefined) return { events: [], chat: [], jobs: [] };
  const { diagnostic, params } = run;
  return runParts(
    state.stream,
    {
      run: deps.clock.id(),
      diagnostic,
      params,
      hosts: [fix.host],
      lane: `room:${state.stream}`,
      thread: 'panel',
      reason: 'verify',
    },
    at,
    HOUSECALL,
  );
}
