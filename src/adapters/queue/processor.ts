import { type Job as BullJob, DelayedError, UnrecoverableError, WaitingError } from 'bullmq';
import { HousecallError } from '../../core/errors.ts';
import type { JobHandlers } from '../../ports/job-queue.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { callHandler } from './call-handler.ts';
import type { Cancellations } from './cancellations.ts';
import type { HostSlots } from './host-slots.ts';
import type { QueueName } from './jobs.ts';
import type { RunningJob, RunningJobs } from './running-jobs.ts';
import type { QueueTimes } from './settings.ts';

export interface ProcessorOptions {
  readonly queue: QueueName;
  readonly handlers: JobHandlers;
  readonly running: RunningJobs;
  readonly cancellations: Cancellations;
  readonly hosts: HostSlots;
  readonly times: QueueTimes;
  readonly metrics: Metrics | undefined;
}

/** How one try ended, for `housecall_jobs_total{outcome}`. */
export type JobOutcome = 'completed' | 'retried' | 'failed' | 'cancelled' | 'returned';

export type Process = (job: BullJob, token?: string) => Promise<void>;

/** Runs one job and says to BullMQ, in its errors, what becomes of it. */
export function createProcessor(options: ProcessorOptions): Process {
  const { queue, handlers, running, cancellations, hosts, times, metrics } = options;

  const perform = async (job: BullJob, entry: RunningJob): Promise<void> => {
    if (entry.run !== undefined && (await cancellations.has(entry.run))) {
      running.stop('cancelled', (one) => one === entry);
      throw new UnrecoverableError('the run was cancelled');
    }
    const attempt = job.attemptsMade + job.stalledCounter + 1;
    const work = callHandler(handlers, job, { signal: entry.signal, attempt });
    await Promise.race([work, entry.leftBehind]);
  };

  const worked = async (job: BullJob, token: string | undefined): Promise<void> => {
    // Only its hosts are cancelled: a cancelled run is still finished.
    const run = queue === 'diagnose' ? field(job, 'run') : undefined;
    const entry = running.enter(job.id ?? '', run);
    const startedMs = performance.now();
    const count = (outcome: JobOutcome): void => {
      metrics?.count('housecall_jobs_total', { queue, outcome });
      const seconds = (performance.now() - startedMs) / 1000;
      metrics?.observe('housecall_job_seconds', { queue }, seconds);
    };
    try {
      await perform(job, entry);
      count('completed');
    } catch (error) {
      const outcome = judge(queue, job, entry, error);
      count(outcome);
      if (outcome === 'returned') {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (outcome === 'retried') throw error;
      throw new UnrecoverableError(messageOf(error));
    } finally {
      running.leave(entry);
    }
  };

  return async (job, token) => {
    const host = queue === 'diagnose' ? field(job, 'host') : undefined;
    if (host === undefined) return await worked(job, token);
    if (!hosts.take(host)) {
      // Put off rather than waited for: the place is free for another host meanwhile.
      await job.moveToDelayed(Date.now() + times.hostBusyMs * (0.5 + Math.random()), token);
      throw new DelayedError();
    }
    try {
      await worked(job, token);
    } finally {
      hosts.give(host);
    }
  };
}

/** What becomes of a job whose handler threw. */
function judge(
  queue: QueueName,
  job: BullJob,
  entry: RunningJob,
  error: unknown,
): Exclude<JobOutcome, 'completed'> {
  const stopped = entry.stopped();
  if (stopped === 'cancelled') return 'cancelled';
  // A change that was interrupted is never begun again: its outcome is looked into instead.
  if (stopped === 'shutdown' && queue !== 'fix') return 'returned';
  const retryable = error instanceof HousecallError && error.retryable;
  return retryable && job.attemptsMade + 1 < (job.opts.attempts ?? 1) ? 'retried' : 'failed';
}

function messageOf(error: unknown): string {
  const text =
    error instanceof HousecallError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? error.message
        : String(error);
  return text.slice(0, 500);
}

function field(job: BullJob, name: string): string | undefined {
  const data: unknown = job.data;
  if (typeof data !== 'object' || data === null) return undefined;
  const value: unknown = Reflect.get(data, name);
  return typeof value === 'string' ? value : undefined;
}
