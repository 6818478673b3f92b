import type { Job } from '../core/job.ts';

export interface JobContext {
  /**
   * Fires when the job must end; its reason is a HousecallError CANCELLED with `context.reason`
   * `cancelled`, `shutdown` or `lock-lost`. Throw, and report nothing: after `shutdown` the job goes back
   * to the queue and another worker runs it.
   */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Who does what. Handlers must be safe to run twice; `execute-fix` is claimed before it acts. */
export interface JobHandlers {
  'route-alert'(job: { delivery: string }, context: JobContext): Promise<void>;
  'diagnose-host'(
    job: { stream: string; run: string; host: string },
    context: JobContext,
  ): Promise<void>;
  /** After every host has reported or failed for good. */
  'finish-run'(job: { stream: string; run: string }, context: JobContext): Promise<void>;
  'plan-fix'(job: { stream: string; fix: string }, context: JobContext): Promise<void>;
  'execute-fix'(job: { stream: string; fix: string }, context: JobContext): Promise<void>;
  'check-fix'(job: { stream: string; fix: string }, context: JobContext): Promise<void>;
  'watch-fix'(job: { stream: string; fix: string }, context: JobContext): Promise<void>;
  'close-incident'(job: { stream: string }, context: JobContext): Promise<void>;
}

export type Role = 'web' | 'worker';

export interface JobQueue {
  /**
   * Idempotent: the same job again while it is kept changes nothing. `check-fix`, `watch-fix` and
   * `close-incident` may be wanted more than once for one object: there `key` (the name of the commit's row) tells a
   * second request from a repetition of the first.
   */
  add(job: Job, key?: string): Promise<void>;
  /** Stops a run's hosts that wait, and aborts those that run, on any worker. */
  cancelRun(run: string): Promise<void>;
  /** Starts working on the jobs of these roles. */
  start(handlers: JobHandlers, roles: readonly Role[]): Promise<void>;
  /** No new jobs; running ones get `graceSeconds`, then go back to the queue. */
  close(graceSeconds: number): Promise<void>;
}
