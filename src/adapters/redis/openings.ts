import type { Openings } from '../../ports/openings.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/** KEYS[1] prefix · ARGV: incident, at (ms), window (ms). Forgets what is older than an hour. */
const noteScript = defineScript(`
local key, id, at, window = KEYS[1] .. 'openings', ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZADD', key, 'NX', at, id)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', at - 3600000, 'LIMIT', 0, 500)) do
  redis.call('ZREM', key, old)
end
return #redis.call('ZRANGEBYSCORE', key, at - window, '+inf')
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
