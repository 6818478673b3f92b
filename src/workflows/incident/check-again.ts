import type { ChatRow } from '../../core/chat-operation.ts';
import { codeInlines } from '../../core/document/code-inlines.ts';
import { foldNames } from '../../core/fleet/fold-names.ts';
import type { CaseState, Run } from '../../core/incident/case.ts';
import { HOUSECALL } from '../../core/person.ts';
import { checksAgain } from '../../core/run/checks-again.ts';
import { verdictLine } from '../../core/run/run-document.ts';
import type { TransactDeps } from '../record/transact.ts';
import { type RunParts, runParts } from '../run/start-run.ts';

/** What had found something looks again, in the thread of the panel: resolved is not the same as gone. */
export function checkAgainParts(deps: TransactDeps, state: CaseState): RunParts {
  const at = deps.clock.now().toISOString();
  const parts = checksAgain(state).map((check) =>
    runParts(
      state.stream,
      {
        ...check,
        run: deps.clock.id(),
        lane: `room:${state.stream}`,
        thread: 'panel',
        reason: 'verify',
      },
      at,
      HOUSECALL,
    ),
  );
  return {
    events: parts.flatMap(({ events }) => events),
    chat: parts.flatMap(({ chat }) => chat),
    jobs: parts.flatMap(({ jobs }) => jobs),
  };
}

/** What came of a look that a resolve took: what is still wrong is said aloud, in the room itself. */
export function checkedAgainRows({ stream, incident }: CaseState, run: Run): ChatRow[] {
  const { finished } = run;
  const after = incident?.state === 'resolved' && run.reason === 'verify';
  if (!after || finished === null || run.cancelled) return [];
  const what = `${run.diagnostic} on ${foldNames(run.hosts)}`;
  const bad = finished.status !== 'ok';
  const summary = bad
    ? `Resolved, but ${what} is still ${finished.status}: ${verdictLine(run, finished.reports, finished.status)}`
    : `Looked again after the resolve: ${what} is ok`;
  return [
    {
      lane: `room:${stream}`,
      operation: {
        op: 'message.post',
        key: `checked:${run.id}`,
        document: {
          summary,
          ...(bad ? { status: finished.status } : {}),
          blocks: bad
            ? [{ kind: 'context', content: codeInlines('Not over? `/incident reopen`') }]
            : [],
        },
      },
    },
  ];
}
