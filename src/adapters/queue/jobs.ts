import { createHash } from 'node:crypto';
import type { Job } from '../../core/job.ts';
import type { JobHandlers, Role } from '../../ports/job-queue.ts';

export type HandlerName = keyof JobHandlers;

/** A queue of its own where jobs must not wait for each other, or need other limits. */
export type QueueName = 'route' | 'case' | 'diagnose' | 'run' | 'plan' | 'fix' | 'deadline';

interface Placement {
  readonly queue: QueueName;
  readonly role: Role;
}

/** Where each job waits and who works on it. Only a worker has SSH keys. */
export const PLACEMENT: Readonly<Record<HandlerName, Placement>> = {
  'route-alert': { queue: 'route', role: 'web' },
  'check-fix': { queue: 'deadline', role: 'worker' },
  'watch-fix': { queue: 'deadline', role: 'worker' },
  'close-incident': { queue: 'case', role: 'web' },
  'diagnose-host': { queue: 'diagnose', role: 'worker' },
  'finish-run': { queue: 'run', role: 'worker' },
  'plan-fix': { queue: 'plan', role: 'worker' },
  'execute-fix': { queue: 'fix', role: 'worker' },
};

/**
 * The job's identity in the queue: adding an id that is kept changes nothing. Hashed, because BullMQ
 * refuses ids that are numbers or hold colons, and names come from outside.
 */
export function jobId(job: Job, key = ''): string {
  switch (job.kind) {
    case 'route-alert':
      return id('route-alert', job.delivery);
    case 'run':
      return runJobId(job.run);
    case 'plan-fix':
    case 'execute-fix':
      return id(job.kind, job.stream, job.fix);
    case 'check-fix':
    case 'watch-fix':
      return id(job.kind, job.stream, job.fix, String(job.delaySeconds), key);
    case 'close-incident':
      return id(job.kind, job.stream, key);
  }
}

/** The id of the job that ends a run. */
export function runJobId(run: string): string {
  return id('finish-run', run);
}

/** The id of one host's part of a run. */
export function hostJobId(run: string, host: string): string {
  return id('diagnose-host', run, host);
}

function id(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${parts[0]}-${hash.slice(0, 32)}`;
}
