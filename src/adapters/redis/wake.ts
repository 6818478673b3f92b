import { type Bell, createBell } from './bell.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';

/** Tells sleepers that something was published; without a connection they look again every second. */
export interface Wake {
  /** Listens from now on; `sleep` returns after a message, an abort, or the time. */
  next(signal?: AbortSignal): { sleep(timeoutMs: number): Promise<void> };
  close(): Promise<void>;
}

const BLIND_POLL_MS = 1000;

/** A connection of its own: one that subscribes can do nothing else. Opened at the first use. */
export function createWake(options: ConnectionOptions, channel: string): Wake {
  const bells = new Set<Bell>();
  const ringAll = (): void => {
    for (const bell of bells) bell.ring();
  };
  let connection: Connection | null = null;
  let subscribed = false;

  const listen = (): void => {
    if (connection !== null) return;
    connection = openConnection(options);
    const { redis } = connection;
    const subscribe = async (): Promise<void> => {
      await redis.subscribe(channel);
      subscribed = true;
      // What was published before this moment was not heard.
      ringAll();
    };
    redis.on('ready', () => {
      // Refused or cut off: the blind poll goes on, and the next `ready` tries again.
      subscribe().catch(() => undefined);
    });
    redis.on('close', () => {
      subscribed = false;
    });
    redis.on('message', ringAll);
  };

  return {
    next: (signal) => {
      listen();
      const bell = createBell();
      bells.add(bell);
      if (signal?.aborted === true) bell.ring();
      signal?.addEventListener('abort', bell.ring);
      return {
        sleep: async (timeoutMs) => {
          await bell.sleep(subscribed ? timeoutMs : Math.min(timeoutMs, BLIND_POLL_MS));
          bells.delete(bell);
          signal?.removeEventListener('abort', bell.ring);
        },
      };
    },
    close: async () => {
      ringAll();
      await connection?.close();
    },
  };
}
