import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** Slack's signatures are good for five minutes, to either side. */
const TTL_SECONDS = 600;

/** Whether a request of this name came before, on any process; remembers it. */
export function createSeen({ call }: Connection, keys: Keys): (once: string) => Promise<boolean> {
  return (once) =>
    call('remember a request', async (redis) => {
      const first = await redis.set(keys.key('once', 'slack', once), '1', 'EX', TTL_SECONDS, 'NX');
      return first === null;
    });
}
