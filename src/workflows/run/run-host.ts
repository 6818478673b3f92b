import { HousecallError } from '../../core/errors.ts';
import { runProgressDocument } from '../../core/run/run-document.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import { readCase, type TransactDeps } from '../record/transact.ts';
import { type DiagnoseHostDeps, diagnoseHost, unreachable } from './diagnose-host.ts';
import { runMessageKey } from './start-run.ts';

export interface RunHostDeps extends TransactDeps, DiagnoseHostDeps {
  readonly reports: ReportStore;
  readonly diagnostic: (id: string) => Diagnostic;
}

/**
 * One host's part of a run. Safe to run twice: looking changes nothing, and the first report wins.
 * The last try turns a lost connection into a report, so that the run can end.
 */
export async function runHost(
  deps: RunHostDeps,
  job: { readonly stream: string; readonly run: string; readonly host: string },
  context: { readonly signal: AbortSignal; readonly lastTry: boolean },
): Promise<void> {
  const state = await readCase(deps.journal, job.stream);
  const run = state.runs.get(job.run);
  if (run === undefined || run.finished !== null || run.cancelled) return;
  if (!run.hosts.includes(job.host)) return;
  const report = await diagnoseHost(deps, {
    host: job.host,
    diagnostic: deps.diagnostic(run.diagnostic),
    params: run.params,
    nonce: deps.clock.id(),
    signal: context.signal,
  }).catch((error: unknown) => {
    const lost = error instanceof HousecallError && error.code === 'SSH_LOST';
    if (lost && context.lastTry) return unreachable(job.host, error);
    throw error;
  });
  const first = await deps.reports.put(job.run, report);
  if (first && run.hosts.length > 1) await showProgress(deps, job);
}

/** Best effort, at most about ten edits a run: whoever loses the race was only a progress line. */
async function showProgress(
  deps: RunHostDeps,
  job: { readonly stream: string; readonly run: string },
): Promise<void> {
  const state = await readCase(deps.journal, job.stream);
  const run = state.runs.get(job.run);
  const done = await deps.reports.count(job.run);
  if (run === undefined || run.finished !== null || done >= run.hosts.length) return;
  if (done % Math.ceil(run.hosts.length / 10) !== 0) return;
  await deps.journal.commit({
    stream: job.stream,
    expectedSeq: state.seq,
    at: deps.clock.now().toISOString(),
    actor: { kind: 'housecall' },
    events: [],
    chat: [
      {
        lane: run.lane as `room:${string}`,
        operation: {
          op: 'message.update',
          key: runMessageKey(run.id),
          document: runProgressDocument(job.stream, run, done),
        },
      },
    ],
  });
}
