import { createThrottle } from '../../core/throttle.ts';
import type { Log } from '../../ports/log.ts';

/** What a worker must be able to do while errors rain. */
export interface Pausable {
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
}

const LOG_INTERVAL_MS = 10_000;
const WINDOW_MS = 1000;
const TOO_MANY = 20;
const MAX_PAUSE_MS = 30_000;

/**
 * BullMQ reports an error and tries again at once: a Redis that is full or demoted made 17,000 errors
 * in three seconds. This logs one line in ten seconds, and rests the worker: 1 s, 2 s … 30 s.
 */
export function createErrorGuard(log: Log, queue: string, worker: Pausable) {
  const throttle = createThrottle(LOG_INTERVAL_MS);
  let windowStart = 0;
  let errors = 0;
  let pauseMs = 1000;
  let resting: NodeJS.Timeout | null = null;

  const rest = (nowMs: number): void => {
    errors = 0;
    log.warn({ queue, pauseMs }, 'too many queue errors: the worker rests');
    void worker.pause(true);
    resting = setTimeout(() => {
      resting = null;
      windowStart = nowMs + pauseMs;
      void worker.resume();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
  };

  return {
    error: (error: Error): void => {
      const nowMs = Date.now();
      const passed = throttle.pass(nowMs);
      if (passed !== null) {
        log.error({ queue, error: error.message, ...passed }, 'queue error');
      }
      if (resting !== null) return;
      if (nowMs - windowStart > WINDOW_MS) {
        if (nowMs - windowStart > 2 * MAX_PAUSE_MS) pauseMs = 1000;
        windowStart = nowMs;
        errors = 0;
      }
      errors += 1;
      if (errors > TOO_MANY) rest(nowMs);
    },
    close: (): void => {
      if (resting !== null) clearTimeout(resting);
    },
  };
}
