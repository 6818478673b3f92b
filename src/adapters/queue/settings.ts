import type { QueueName } from './jobs.ts';

/** How a queue treats its jobs. Every worker of a queue must use the same `maxStalledCount`. */
export interface QueueSettings {
  /** Tries when the handler throws a retryable error. */
  readonly attempts: number;
  /** How many times a job is taken up again after its worker died. */
  readonly maxStalledCount: number;
  /** Counts every start, whatever ended the one before. Absent: no limit. */
  readonly maxStartedAttempts?: number;
  /** How long a finished job's id is remembered, so that a repetition changes nothing. */
  readonly keepSeconds: number;
}

const DAY = 24 * 3600;

/**
 * Looking is repeated until it worked; changing a host starts once. The record-keeping jobs get more
 * tries: a run that is never finished, or a delivery never routed, is an incident nobody sees.
 */
export const SETTINGS: Readonly<Record<QueueName, QueueSettings>> = {
  route: { attempts: 8, maxStalledCount: 3, keepSeconds: DAY },
  case: { attempts: 8, maxStalledCount: 3, keepSeconds: DAY },
  diagnose: { attempts: 3, maxStalledCount: 2, keepSeconds: DAY },
  run: { attempts: 8, maxStalledCount: 3, keepSeconds: DAY },
  deadline: { attempts: 8, maxStalledCount: 3, keepSeconds: DAY },
  plan: { attempts: 3, maxStalledCount: 2, keepSeconds: DAY },
  fix: { attempts: 1, maxStalledCount: 0, maxStartedAttempts: 1, keepSeconds: 30 * DAY },
};

/** Times that tests shorten; milliseconds. */
export interface QueueTimes {
  /** Must exceed the longest outage of Redis: a worker whose lock ran out is taken for dead. */
  readonly lockDurationMs: number;
  /** How often dead workers are looked for. */
  readonly stalledIntervalMs: number;
  /** First wait before another try; doubled each time, with jitter. */
  readonly backoffMs: number;
  /** How often a working worker looks whether its runs were cancelled. */
  readonly cancelPollMs: number;
  /** How long a job waits before it looks again whether its host is free. */
  readonly hostBusyMs: number;
  /** After the grace and the abort: how long a handler may take to end before it is left behind. */
  readonly abortMs: number;
}

export const TIMES: QueueTimes = {
  lockDurationMs: 60_000,
  stalledIntervalMs: 15_000,
  backoffMs: 2_000,
  cancelPollMs: 500,
  hostBusyMs: 500,
  abortMs: 5_000,
};
