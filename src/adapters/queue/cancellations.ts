import type { QueueClient } from './producer.ts';
import type { RunningJobs } from './running-jobs.ts';

/** Longer than any run: also jobs that a dead worker held find out. */
const KEEP_SECONDS = 24 * 3600;

/** Runs that somebody stopped, known to every worker through a key in Redis. */
export interface Cancellations {
  mark(run: string): Promise<void>;
  has(run: string): Promise<boolean>;
  /** Looks, while jobs of runs are worked on here, whether one was stopped; returns how to end that. */
  watch(running: RunningJobs, pollMs: number): () => void;
}

export function createCancellations(client: QueueClient, prefix: string): Cancellations {
  const key = (run: string): string => `${prefix}:cancelled:${run}`;
  const has = async (run: string): Promise<boolean> =>
    (await (await client()).get(key(run))) !== null;

  return {
    mark: async (run) => {
      await (await client()).set(key(run), '1', { EX: KEEP_SECONDS });
    },
    has,
    watch: (running, pollMs) => {
      let looking = false;
      const look = async (): Promise<void> => {
        for (const run of running.runs()) {
          if (await has(run)) running.stop('cancelled', (job) => job.run === run);
        }
      };
      const timer = setInterval(() => {
        if (looking) return;
        looking = true;
        // Redis away: the next look finds it.
        void look()
          .catch(() => undefined)
          .finally(() => {
            looking = false;
          });
      }, pollMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
