import { HousecallError } from '../../core/errors.ts';

export type StopReason = 'cancelled' | 'shutdown' | 'lock-lost';

/** A job that a handler of this process works on. */
export interface RunningJob {
  readonly id: string;
  readonly run: string | undefined;
  readonly signal: AbortSignal;
  /** Why its signal fired; null: it did not. */
  stopped(): StopReason | null;
  /** Rejects when the job is left behind: its handler did not end after the abort. */
  readonly leftBehind: Promise<never>;
}

export interface RunningJobs {
  enter(id: string, run: string | undefined): RunningJob;
  leave(job: RunningJob): void;
  /** Aborts the jobs that match; a job keeps its first reason. */
  stop(reason: StopReason, matches: (job: RunningJob) => boolean): void;
  /** Gives up waiting for every handler. */
  leaveBehind(): void;
  runs(): ReadonlySet<string>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

interface Entry {
  readonly controller: AbortController;
  reason: StopReason | null;
  leave: (error: Error) => void;
}

const WORDS: Readonly<Record<StopReason, string>> = {
  cancelled: 'the run was cancelled',
  shutdown: 'the worker is shutting down; another one will run the job',
  'lock-lost': 'the lock of the job was lost; another worker may run it',
};

export function createRunningJobs(): RunningJobs {
  const entries = new Map<RunningJob, Entry>();
  const waiters = new Set<() => void>();
  let closing = false;

  return {
    enter: (id, run) => {
      const controller = new AbortController();
      const entry: Entry = { controller, reason: null, leave: () => undefined };
      const leftBehind = new Promise<never>((_, reject) => {
        entry.leave = reject;
      });
      // Nobody listens when the handler ends in time.
      leftBehind.catch(() => undefined);
      const job: RunningJob = {
        id,
        run,
        signal: controller.signal,
        stopped: () => entry.reason,
        leftBehind,
      };
      entries.set(job, entry);
      if (closing) abort(job, entry, 'shutdown');
      return job;
    },
    leave: (job) => {
      entries.delete(job);
      if (entries.size > 0) return;
      for (const resolve of waiters) resolve();
      waiters.clear();
    },
    stop: (reason, matches) => {
      // One that was fetched a moment ago has not entered yet.
      if (reason === 'shutdown') closing = true;
      for (const [job, entry] of entries) if (matches(job)) abort(job, entry, reason);
    },
    leaveBehind: () => {
      for (const [job, entry] of entries) {
        entry.leave(new Error(`job ${job.id}: its handler did not end after the abort`));
      }
    },
    runs: () => new Set([...entries.keys()].flatMap(({ run }) => (run === undefined ? [] : [run]))),
    idle: async () => {
      if (entries.size === 0) return;
      await new Promise<void>((resolve) => {
        waiters.add(resolve);
      });
    },
  };
}

function abort(job: RunningJob, entry: Entry, reason: StopReason): void {
  if (entry.reason !== null) return;
  entry.reason = reason;
  const message = `job ${job.id}: ${WORDS[reason]}`;
  entry.controller.abort(new HousecallError('CANCELLED', message, { context: { reason } }));
}
