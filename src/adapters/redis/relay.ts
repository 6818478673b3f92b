import { HousecallError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import { createThrottle } from '../../core/throttle.ts';
import type { Log } from '../../ports/log.ts';
import { createBell } from './bell.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** Puts a job into the queue; `key` is the name of the row that asked for it (`JobQueue.add`). */
export type AddJob = (job: Job, key: string) => Promise<void>;

export interface Relay {
  /** There is something new: do not wait for the next look. */
  readonly kick: () => void;
  /** Hands jobs on, now and whenever there are some, until stopped. */
  readonly run: (add: AddJob, options?: { pollMs?: number }) => { stop(): Promise<void> };
}

const BATCH = 32;
const POLL_MS = 1000;
const KEEP_REFUSED = 1000;

export interface RelayOptions {
  readonly connection: Connection;
  readonly keys: Keys;
  readonly log: Log;
}

/**
 * From the relay list, written by commits, to the job queue. A job leaves the list after the queue has
 * it, so a crash repeats it; the queue knows its id, so a repetition changes nothing. Any number of
 * processes may do this at once.
 */
export function createRelay({ connection, keys, log }: RelayOptions): Relay {
  const list = keys.key('relay');
  const throttle = createThrottle(10_000);
  const bell = createBell();

  const handOver = async (text: string, add: AddJob): Promise<void> => {
    try {
      const { key, job } = JSON.parse(text) as { key: string; job: string };
      await add(JSON.parse(job) as Job, key);
    } catch (error) {
      if (mayPass(error)) throw error;
      // It would be refused for ever, and everything behind it with it.
      log.error({ job: text, error: String(error) }, 'job refused by the queue: moved aside');
      await connection.call('move a refused job aside', async (redis) => {
        const refused = keys.key('relay', 'refused');
        await redis.lpush(refused, text);
        await redis.ltrim(refused, 0, KEEP_REFUSED - 1);
      });
    }
    await connection.call('take a job off the relay', (redis) => redis.lrem(list, 1, text));
  };

  /** One that fails stays and does not hold up those behind it; three mean that Redis is away. */
  const batch = async (texts: readonly string[], add: AddJob): Promise<void> => {
    let failures = 0;
    for (const text of texts) {
      try {
        await handOver(text, add);
      } catch (error) {
        failures += 1;
        if (failures === Math.min(3, texts.length)) throw error;
      }
    }
  };

  const pass = async (add: AddJob, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const texts = await connection.call('read the relay', (redis) =>
        redis.lrange(list, 0, BATCH - 1),
      );
      if (texts.length === 0) return;
      await batch(texts, add);
    }
  };

  const loop = async (add: AddJob, pollMs: number, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await pass(add, signal).catch((error: unknown) => {
        const passed = throttle.pass(Date.now());
        if (passed === null) return;
        log.warn({ error: String(error), ...passed }, 'jobs wait: they are handed on later');
      });
      if (!signal.aborted) await bell.sleep(pollMs);
    }
  };

  return {
    kick: bell.ring,
    run: (add, { pollMs = POLL_MS } = {}) => {
      const stopping = new AbortController();
      const running = loop(add, pollMs, stopping.signal);
      return {
        stop: async () => {
          stopping.abort();
          bell.ring();
          await running;
        },
      };
    },
  };
}

/** Redis or the queue being away passes; a job that is malformed stays so. */
function mayPass(error: unknown): boolean {
  if (error instanceof HousecallError) return error.retryable;
  return !(
    error instanceof SyntaxError ||
    error instanceof TypeError ||
    error instanceof RangeError
  );
}
