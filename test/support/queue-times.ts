import type { QueueTimes } from '../../src/adapters/queue/settings.ts';

/** What takes minutes in production, in seconds. */
export const QUICK: QueueTimes = {
  lockDurationMs: 1500,
  stalledIntervalMs: 300,
  backoffMs: 20,
  cancelPollMs: 50,
  hostBusyMs: 50,
  abortMs: 500,
};
