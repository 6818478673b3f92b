import { HousecallError } from '../../core/errors.ts';
import type { HostReport, NextStep } from '../../core/finding.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import { peersOf } from '../../core/fleet/peers.ts';
import type { CaseState, Run } from '../../core/incident/case.ts';
import { HOUSECALL } from '../../core/person.ts';
import { followUps } from '../../core/run/follow-ups.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Clock } from '../../ports/clock.ts';
import { type RunParts, runParts } from './start-run.ts';

/** A comparison looks at this many hosts at most. */
export const MAX_PEERS = 40;

export interface FollowDeps {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly diagnostic: (id: string) => Diagnostic;
  /** `alerts.followDepth` of the configuration. */
  readonly followDepth: number;
}

/** The runs that follow from a routed one, in the thread of the panel. Null: the incident is over. */
export function followUpRuns(
  deps: FollowDeps,
  state: CaseState,
  { run, reports }: { readonly run: Run; readonly reports: readonly HostReport[] },
): RunParts {
  const { incident } = state;
  const over = incident === null || incident.closing || incident.state === 'closed';
  const found = over
    ? []
    : followUps([...state.runs.values()], run, reports, {
        depth: incident.state === 'resolved' ? 0 : deps.followDepth,
        complete: (step) => completeParams(deps, step),
        peers: (host) => peersOf(host, deps.inventory, MAX_PEERS),
      });
  const at = deps.clock.now().toISOString();
  const parts = found.map(({ why, ...request }) =>
    runParts(
      state.stream,
      {
        ...request,
        run: deps.clock.id(),
        lane: `room:${state.stream}`,
        thread: 'panel',
        reason: 'chain',
        after: { run: run.id, depth: (run.after?.depth ?? 0) + 1, why },
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

/** Null for what this installation does not have, and for parameters that the diagnostic refuses. */
function completeParams(deps: FollowDeps, step: NextStep): NextStep['params'] | null {
  try {
    return deps.diagnostic(step.diagnostic).bind(step.params, 'check').params;
  } catch (error) {
    if (error instanceof HousecallError) return null;
    throw error;
  }
}
