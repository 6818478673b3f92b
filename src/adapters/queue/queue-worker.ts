import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { workerConnection } from './connections.ts';
import { createErrorGuard } from './error-guard.ts';
import type { QueueName } from './jobs.ts';
import type { Process } from './processor.ts';
import type { RunningJobs } from './running-jobs.ts';
import { type QueueTimes, SETTINGS } from './settings.ts';

export interface QueueWorkerOptions {
  readonly queue: QueueName;
  readonly url: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly process: Process;
  readonly running: RunningJobs;
  readonly times: QueueTimes;
  readonly log: Log;
  readonly metrics: Metrics | undefined;
}

/** One queue's worker: takes jobs until it is closed. */
export interface QueueWorker {
  /** No further jobs; resolves when those that run have ended. */
  drain(): Promise<void>;
  /** Cuts the connection of a worker that cannot end in time. */
  cut(): Promise<void>;
}

export function startQueueWorker(options: QueueWorkerOptions): QueueWorker {
  const { queue, url, prefix, concurrency, process, running, times, log, metrics } = options;
  const { maxStalledCount, maxStartedAttempts } = SETTINGS[queue];
  const worker = new Worker(queue, process, {
    prefix,
    connection: workerConnection(url),
    concurrency,
    lockDuration: times.lockDurationMs,
    stalledInterval: times.stalledIntervalMs,
    maxStalledCount,
    ...(maxStartedAttempts === undefined ? {} : { maxStartedAttempts }),
  });
  const guard = createErrorGuard(log, queue, worker);
  worker.on('error', guard.error);
  worker.on('stalled', (id) => {
    metrics?.count('housecall_jobs_total', { queue, outcome: 'stalled' });
    // A change is never begun again: its deadline asks the host how it ended.
    const then = maxStalledCount === 0 ? 'it is not begun again' : 'it is taken up again';
    log.warn({ queue, job: id }, `a worker died or froze with this job: ${then}`);
  });
  worker.on('failed', (job, error) => {
    const tries = job?.attemptsMade ?? 0;
    const fields = { queue, job: job?.id, tries, error: error.message };
    const again = error.name !== 'UnrecoverableError' && tries < (job?.opts.attempts ?? 1);
    // Somebody wanted it so.
    if (/^CANCELLED:|^the run was cancelled$/.test(error.message))
      log.info(fields, 'job cancelled');
    else if (again) log.warn(fields, 'job failed: it is tried again');
    else log.error(fields, 'job failed for good');
  });
  worker.on('lockRenewalFailed', (ids) => {
    // Half a change is worse than a change that two people know of: a fix is left to end.
    if (queue === 'fix') return;
    running.stop('lock-lost', (job) => ids.includes(job.id));
  });
  return {
    drain: async () => {
      guard.close();
      await worker.close();
    },
    cut: async () => {
      await Promise.race([worker.disconnect(), sleep(1000, undefined, { ref: false })]);
    },
  };
}
