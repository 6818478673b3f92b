import { createSsh } from '../adapters/ssh/create-ssh.ts';
import type { JobHandlers } from '../ports/job-queue.ts';
import { checkFix } from '../workflows/fix/check-fix.ts';
import { executeFix } from '../workflows/fix/execute-fix.ts';
import { planFix } from '../workflows/fix/plan-fix.ts';
import { watchFix } from '../workflows/fix/watch-fix.ts';
import { nameSimilar } from '../workflows/incident/name-similar.ts';
import { finishRun } from '../workflows/run/finish-run.ts';
import { runHost } from '../workflows/run/run-host.ts';
import type { CoreParts } from './core-parts.ts';

export type WorkerHandlers = Pick<
  JobHandlers,
  'diagnose-host' | 'finish-run' | 'plan-fix' | 'execute-fix' | 'check-fix' | 'watch-fix'
>;

/** Tries of a read-only job, as the queue is set. */
const LAST_TRY = 3;

/** The role that holds the SSH keys: looks at hosts, and acts on them when people approved. */
export function createWorker(parts: CoreParts): {
  readonly handlers: WorkerHandlers;
  stop(): Promise<void>;
} {
  const { inventory, log, metrics } = parts;
  const remote = createSsh({ inventory, log, metrics });
  const deps = {
    ...parts,
    remote,
    writer: remote,
    worker: `${process.pid}-${parts.clock.id().slice(0, 6)}`,
  };
  return {
    handlers: {
      'diagnose-host': (job, { signal, attempt }) =>
        runHost(deps, job, { signal, lastTry: attempt >= LAST_TRY }),
      'finish-run': async (job) => {
        await finishRun(deps, job);
        await nameSimilar(deps, job.stream);
      },
      'plan-fix': (job, { signal, attempt }) =>
        planFix(deps, job, { signal, lastTry: attempt >= LAST_TRY }),
      'execute-fix': (job, { signal }) => executeFix(deps, job, { signal }),
      'check-fix': (job, { signal }) => checkFix(deps, job, { signal }),
      'watch-fix': (job, { signal }) => watchFix(deps, job, { signal }),
    },
    stop: () => remote.close(),
  };
}
