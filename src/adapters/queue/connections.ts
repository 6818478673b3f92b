import type { RedisOptions } from 'bullmq';

/** A demoted primary answers READONLY for ever: connect anew and send the command again. */
function reconnectOnError(error: Error): 2 | false {
  return error.message.startsWith('READONLY') ? 2 : false;
}

/** For workers: they wait for Redis as long as it takes. */
export function workerConnection(url: string): RedisOptions {
  return { url, maxRetriesPerRequest: null, reconnectOnError };
}

/** For whoever adds a job and waits for the answer: fails while Redis is away. */
export function producerConnection(url: string, timeoutMs: number): RedisOptions {
  return {
    url,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    reconnectOnError,
  };
}
