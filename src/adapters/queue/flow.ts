import type { FlowJob, JobsOptions } from 'bullmq';
import type { Job } from '../../core/job.ts';
import { type HandlerName, hostJobId, jobId, PLACEMENT } from './jobs.ts';
import { type QueueTimes, SETTINGS } from './settings.ts';

/**
 * A job as BullMQ takes it. A run is a parent with one child per host: the parent runs when every child
 * has completed or failed for good. Every node has an id of its own, else a repetition doubles the
 * children.
 */
export function flowOf(job: Job, key: string | undefined, times: QueueTimes): FlowJob {
  const id = jobId(job, key);
  switch (job.kind) {
    case 'route-alert':
      return node('route-alert', { delivery: job.delivery }, options('route-alert', id, times));
    case 'run': {
      const { stream, run } = job;
      const children = [...new Set(job.hosts)].map((host) =>
        node(
          'diagnose-host',
          { stream, run, host },
          {
            ...options('diagnose-host', hostJobId(run, host), times),
            // Without it a run whose host failed for good would wait for ever.
            ignoreDependencyOnFailure: true,
          },
        ),
      );
      const parent = node('finish-run', { stream, run }, options('finish-run', id, times));
      return children.length === 0 ? parent : { ...parent, children };
    }
    case 'plan-fix':
    case 'execute-fix':
      return node(job.kind, { stream: job.stream, fix: job.fix }, options(job.kind, id, times));
    case 'check-fix':
    case 'watch-fix':
      return node(
        job.kind,
        { stream: job.stream, fix: job.fix },
        { ...asked(options(job.kind, id, times), key), delay: job.delaySeconds * 1000 },
      );
    case 'close-incident':
      return node(
        'close-incident',
        { stream: job.stream },
        asked(options('close-incident', id, times), key),
      );
  }
}

function node(name: HandlerName, data: Record<string, string>, opts: JobsOptions): FlowJob {
  return { name, queueName: PLACEMENT[name].queue, data, opts };
}

function options(name: HandlerName, id: string, times: QueueTimes): JobsOptions {
  const { attempts, keepSeconds } = SETTINGS[PLACEMENT[name].queue];
  return {
    jobId: id,
    attempts,
    backoff: { type: 'exponential', delay: times.backoffMs, jitter: 0.5 },
    removeOnComplete: { age: keepSeconds },
    removeOnFail: { age: keepSeconds },
  };
}

/** Without a name of its own such a job may be wanted again as soon as it has finished. */
function asked(opts: JobsOptions, key: string | undefined): JobsOptions {
  return key === undefined ? { ...opts, removeOnComplete: true, removeOnFail: true } : opts;
}
