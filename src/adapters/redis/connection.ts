import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { createThrottle } from '../../core/throttle.ts';
import type { Log } from '../../ports/log.ts';
import { storeError } from './store-error.ts';

export interface ConnectionOptions {
  readonly url: string;
  readonly log: Log;
  /** How long one command may take, milliseconds. */
  readonly timeoutMs: number;
  /** What this connection is for, in log lines. */
  readonly purpose: string;
}

/** One connection whose failures are STORE_UNAVAILABLE, in time and in few log lines. */
export interface Connection {
  readonly redis: Redis;
  /** Host and port, without the password: for messages. */
  readonly place: string;
  /** `what` completes "Redis 127.0.0.1:6379: cannot …". */
  readonly call: <T>(what: string, work: (redis: Redis) => Promise<T>) => Promise<T>;
  /** Runs a Lua script by its hash; sends its text when Redis does not know it yet. */
  readonly script: (
    what: string,
    lua: Script,
    args: readonly (string | number)[],
  ) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function defineScript(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

const LOG_INTERVAL_MS = 10_000;

export function openConnection(options: ConnectionOptions): Connection {
  const { url, log, timeoutMs, purpose } = options;
  const redis = new Redis(url, {
    // Fail at once while Redis is away: who waits for an answer has seconds, not minutes.
    enableOfflineQueue: false,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 3,
    // A demoted primary answers READONLY for ever: connect anew, and send the command again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    // Old reply shapes on every server and proxy.
    protocol: 2,
    connectionName: `housecall-${purpose}`,
  });
  const { host = 'localhost', port = 6379, path } = redis.options;
  const place = path ?? `${host}:${port}`;
  const throttle = createThrottle(LOG_INTERVAL_MS);
  // Without a listener ioredis prints every error; with a dead Redis that is a line per attempt.
  redis.on('error', (error: Error) => {
    const passed = throttle.pass(Date.now());
    if (passed === null) return;
    log.error(
      { redis: place, purpose, error: error.message, heldBack: passed.heldBack },
      'Redis connection failed',
    );
  });
  const firstReady = untilReady(redis, timeoutMs);

  const call: Connection['call'] = async (what, work) => {
    // Only the very first commands wait: nobody should need to know when the connection is up.
    if (redis.status !== 'ready') await firstReady;
    try {
      return await work(redis);
    } catch (error) {
      throw storeError(error, `Redis ${place}: cannot ${what}`, timeoutMs);
    }
  };
  return {
    redis,
    place,
    call,
    script: (what, { lua, sha }, [prefix = '', ...args]) =>
      call(what, async () => {
        try {
          return await redis.evalsha(sha, 1, prefix, ...args);
        } catch (error) {
          if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
          return await redis.eval(lua, 1, prefix, ...args);
        }
      }),
    close: async () => {
      await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}

async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    timer.unref();
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    redis.once('ready', finish);
    redis.once('end', finish);
  });
}
