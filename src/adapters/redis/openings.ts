import type { Openings } from '../../ports/openings.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/** KEYS[1] prefix · ARGV: incident, at (ms), window (ms). Forgets what is older than an hour. */
const noteScript = defineScript(`
local key, id, at, window = KEYS[1] .. 'openings', ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZADD', key, 'NX', at, id)
redis.call('ZREMRANGEBYSCORE', key, '-inf', at - 3600000)
return redis.call('ZCOUNT', key, at - window, '+inf')
`);

/** One sorted set of the last hour's openings. */
export function createOpenings(connection: Connection, keys: Keys): Openings {
  return {
    note: async (id, at, windowSeconds) =>
      Number(
        await connection.script(`count the opening of ${id}`, noteScript, [
          keys.prefix,
          id,
          at.getTime(),
          windowSeconds * 1000,
        ]),
      ),
  };
}
