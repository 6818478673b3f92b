import type { ChatRow, Lane } from '../../core/chat-operation.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CaseState, Run } from '../../core/incident/case.ts';
import type { RunEvent } from '../../core/incident/event.ts';
import type { Job } from '../../core/job.ts';
import type { Actor } from '../../core/person.ts';
import { canonicalJson } from '../../core/plan.ts';
import { runProgressDocument } from '../../core/run/run-document.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Hashing } from '../../ports/hashing.ts';
import { type TransactDeps, transact } from '../record/transact.ts';

export interface RunRequest {
  readonly run: string;
  readonly diagnostic: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts: readonly string[];
  readonly lane: Lane;
  /** Message key of the thread's root within the lane. */
  readonly thread?: string;
  readonly reason: Run['reason'];
  readonly after?: Run['after'];
}

export interface RunParts {
  readonly events: readonly RunEvent[];
  readonly chat: readonly ChatRow[];
  readonly jobs: readonly Job[];
}

/** Key of a run's one message within its lane. */
export function runMessageKey(run: string): string {
  return `run:${run}`;
}

/** What starting a run adds to a commit: pure, so that opening an incident can include it. */
export function runParts(stream: string, request: RunRequest, at: string, by: Actor): RunParts {
  const { run, diagnostic, params, hosts, lane, thread, reason } = request;
  const following = request.after === undefined ? {} : { after: request.after };
  const shown: Run = {
    id: run,
    diagnostic,
    params,
    hosts,
    lane,
    thread: thread ?? null,
    reason,
    startedAt: at,
    startedBy: by,
    cancelled: false,
    finished: null,
    ...following,
  };
  const place = thread === undefined ? {} : { thread };
  return {
    events: [
      { type: 'run.started', run, diagnostic, params, hosts, lane, reason, ...place, ...following },
    ],
    chat: [
      {
        lane,
        operation: {
          op: 'message.post',
          key: runMessageKey(run),
          ...place,
          document: runProgressDocument(stream, shown, 0),
        },
      },
    ],
    jobs: [{ kind: 'run', stream, run, hosts }],
  };
}

export interface StartRunDeps extends TransactDeps {
  readonly hashing: Hashing;
}

/**
 * Starts a diagnosis; the answer comes in its own message. The same diagnosis of the same hosts in
 * the same place, while one is under way, is refused.
 * @throws HousecallError PARAMS_INVALID; STATE_CONFLICT when it runs already.
 */
export async function startRun(
  deps: StartRunDeps,
  input: {
    readonly stream: string;
    readonly actor: Actor;
    readonly diagnostic: Diagnostic;
    readonly request: Omit<RunRequest, 'diagnostic'>;
  },
): Promise<CaseState> {
  const { diagnostic, request, stream, actor } = input;
  const { params } = diagnostic.bind(request.params, 'check');
  const wanted: RunRequest = { ...request, diagnostic: diagnostic.id, params };
  const claim = runningClaim(deps.hashing, wanted);
  try {
    return await transact(deps, { stream, actor }, (state) => {
      const { incident } = state;
      if (incident !== null && (incident.closing || incident.state === 'closed')) {
        const now = incident.closing ? 'being closed' : 'closed';
        throw new HousecallError('STATE_CONFLICT', `incident ${incident.id} is ${now}`);
      }
      const same = [...state.runs.values()].some(
        (run) => run.finished === null && runningClaim(deps.hashing, run) === claim,
      );
      if (same) throw alreadyRunning(wanted);
      const at = deps.clock.now().toISOString();
      return { ...runParts(stream, wanted, at, actor), claims: [claim] };
    });
  } catch (error) {
    const clash = error instanceof HousecallError && error.context['claim'] === claim;
    throw clash ? alreadyRunning(wanted) : error;
  }
}

type Running = Pick<RunRequest, 'diagnostic' | 'params' | 'hosts'> & { readonly lane: string };

/** Name that belongs to one unfinished run of this kind. */
export function runningClaim(hashing: Hashing, run: Running): string {
  const { diagnostic, params, hosts, lane } = run;
  return `running:${hashing.sha256(canonicalJson({ diagnostic, params, hosts, lane }))}`;
}

function alreadyRunning(run: RunRequest): HousecallError {
  return new HousecallError(
    'STATE_CONFLICT',
    `${run.diagnostic} on ${run.hosts.join(', ')} is already running here; its answer comes in that message`,
    { context: { diagnostic: run.diagnostic, hosts: run.hosts } },
  );
}
