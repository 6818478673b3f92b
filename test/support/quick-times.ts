import { TIMES, type Times } from '../../src/app/times.ts';

/** What takes minutes after a crash, in seconds. */
export const QUICK_TIMES: Times = {
  queue: {
    ...TIMES.queue,
    // Longer than the outages of Redis in these tests, as in production.
    lockDurationMs: 3_000,
    stalledIntervalMs: 500,
    backoffMs: 200,
  },
  graceSeconds: 20,
  settleSeconds: 1,
  leaseSeconds: 3,
  patience: { lookSeconds: 2, claimSeconds: 2, pauseSeconds: 2, watchSeconds: 2 },
  nudgeMs: 200,
  canvasMs: 200,
  minuteMs: 60_000,
};
