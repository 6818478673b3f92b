import { HousecallError } from '../../core/errors.ts';
import type { Person } from '../../core/person.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import { type TransactDeps, transact } from '../record/transact.ts';

export interface CancelRunDeps extends TransactDeps {
  readonly queue: Pick<JobQueue, 'cancelRun'>;
}

/** Stops a run: hosts that wait are left out, commands that run are killed on the hosts. */
export async function cancelRun(
  deps: CancelRunDeps,
  input: { readonly stream: string; readonly run: string; readonly person: Person },
): Promise<void> {
  const actor = { kind: 'person', ...input.person } as const;
  await transact(deps, { stream: input.stream, actor }, (state) => {
    const run = state.runs.get(input.run);
    if (run === undefined) {
      throw new HousecallError('NOT_FOUND', `run ${input.run}: no such run in ${input.stream}`);
    }
    if (run.finished !== null) {
      throw new HousecallError('STATE_CONFLICT', `run ${input.run} is already finished`);
    }
    return run.cancelled ? null : { events: [{ type: 'run.cancelled', run: input.run }] };
  });
  await deps.queue.cancelRun(input.run);
}
