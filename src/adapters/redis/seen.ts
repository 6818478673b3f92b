import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** Slack's signatures are good for five minutes, to either side. */
const TTL_SECONDS = 600;

/** Whether a request of this name came before, on any process; remembers it. */
export function createSeen({ call }: Connection, keys: Keys): (once: string) => Promise<boolean> {
  return (once) =>
    call('remember a request', async (redis) => {
      const key = keys.key('once', 'slack', once);
      const me = randomUUID();
      if ((await redis.set(key, me, 'EX', TTL_SECONDS, 'NX')) !== null) return false;
      // A command that was sent again after a lost answer finds its own mark: no replay.
      return (await redis.get(key)) !== me;
    });
}
