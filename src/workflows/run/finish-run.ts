import { chartRows } from '../../core/charts/chart-rows.ts';
import { keptMeasures } from '../../core/charts/kept-measures.ts';
import type { ChatRow, Lane } from '../../core/chat-operation.ts';
import { compareStatus, type HostReport, worstStatus } from '../../core/finding.ts';
import type { CaseState, Run } from '../../core/incident/case.ts';
import { panelDocument } from '../../core/incident/panel-document.ts';
import { HOUSECALL } from '../../core/person.ts';
import { evidenceDocuments } from '../../core/run/evidence-document.ts';
import { moreFindingsDocument } from '../../core/run/more-findings-document.ts';
import { type Known, runVerdictDocument } from '../../core/run/run-document.ts';
import type { Hashing } from '../../ports/hashing.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import { checkedAgainRows } from '../incident/check-again.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { compareHosts } from './compare-hosts.ts';
import { unknownReport } from './diagnose-host.ts';
import { type FollowDeps, followUpRuns } from './follow-up-runs.ts';
import { runMessageKey, runningClaim } from './start-run.ts';

export interface FinishRunDeps extends TransactDeps, FollowDeps {
  readonly reports: ReportStore;
  readonly hashing: Hashing;
  readonly redact: (text: string) => string;
  /** What this installation can offer as a click. */
  readonly known: Known;
}

/** Ends a run once: the verdict into its message, the evidence into its thread. */
export async function finishRun(
  deps: FinishRunDeps,
  job: { readonly stream: string; readonly run: string },
): Promise<void> {
  const reported = await deps.reports.all(job.run);
  await transact(deps, { stream: job.stream, actor: HOUSECALL }, (state) => {
    const run = state.runs.get(job.run);
    if (run === undefined || run.finished !== null) return null;
    // Cancelled when the incident was closed: its room is archived, and so is its record.
    if (state.incident?.state === 'closed') return null;
    const bound = deps.diagnostic(run.diagnostic).bind(run.params, 'compare');
    const compared = compareHosts(bound, complete(run, reported), deps.redact);
    const reports = worstFirst(keptMeasures(state.runs.values(), compared));
    const now = deps.clock.now();
    const finished = {
      status: worstStatus(reports.map((report) => report.status)),
      durationMs: Math.max(0, now.getTime() - Date.parse(run.startedAt)),
      reports,
    };
    const done: Run = { ...run, finished };
    const after: CaseState = { ...state, runs: new Map(state.runs).set(run.id, done) };
    const more = followUpRuns(deps, after, { run: done, reports });
    return {
      events: [{ type: 'run.finished', run: run.id, ...finished }, ...more.events],
      chat: [
        ...verdictRows(deps, after, done),
        ...panelRows(after),
        ...checkedAgainRows(after, done),
        ...more.chat,
      ],
      jobs: more.jobs,
      releases: [runningClaim(deps.hashing, run)],
    };
  });
}

/** Every host of the run in its order; those without a report say why. */
function complete(run: Run, reported: readonly HostReport[]): readonly HostReport[] {
  const byHost = new Map(reported.map((report) => [report.host, report]));
  return run.hosts.map(
    (host) =>
      byHost.get(host) ??
      unknownReport(host, {
        code: `${run.diagnostic}.coverage`,
        title: run.cancelled
          ? 'not looked at: the run was cancelled'
          : 'the diagnosis did not finish',
        detail: run.cancelled
          ? ''
          : 'The worker that looked at it failed several times. See its log.',
      }),
  );
}

function worstFirst(reports: readonly HostReport[]): readonly HostReport[] {
  return reports.toSorted((a, b) => compareStatus(a.status, b.status));
}

function verdictRows(deps: FinishRunDeps, state: CaseState, run: Run): ChatRow[] {
  const lane = run.lane as Lane;
  const key = runMessageKey(run.id);
  const more = moreFindingsDocument(run);
  const evidence = evidenceDocuments(run.finished?.reports ?? []);
  return [
    {
      lane,
      operation: {
        op: 'message.update',
        key,
        document: runVerdictDocument(state.stream, run, deps.known),
      },
    },
    ...[...(more === null ? [] : [more]), ...evidence].map(
      (document, n): ChatRow => ({
        lane,
        operation: {
          op: 'message.post',
          key: `evidence:${run.id}:${n}`,
          // Slack has one level of threads: a run inside the panel's thread puts its evidence there too.
          thread: run.thread ?? key,
          document,
        },
      }),
    ),
    ...chartRows(state, run, run.thread ?? key),
  ];
}

/** The panel of the room, edited in place. */
export function panelRows(state: CaseState): ChatRow[] {
  const { incident } = state;
  if (incident === null) return [];
  return [
    {
      lane: `room:${incident.id}`,
      operation: { op: 'message.update', key: 'panel', document: panelDocument(state) },
    },
  ];
}
