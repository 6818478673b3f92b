import type { PastIncident } from '../../core/incident/similar.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** A hash of what is remembered, and a sorted set of when each was closed. */
export function createPastIncidents({ call }: Connection, keys: Keys): PastIncidents {
  return {
    put: (incident) =>
      call(`remember incident ${incident.id}`, async (redis) => {
        await redis
          .multi()
          .hset(keys.key('past'), incident.id, JSON.stringify(incident))
          .zadd(keys.key('past', 'at'), Date.parse(incident.closedAt), incident.id)
          .exec();
      }),
    recent: (limit) =>
      call('read the incidents of the past', async (redis) => {
        const ids = await redis.zrange(keys.key('past', 'at'), '0', String(limit - 1), 'REV');
        if (ids.length === 0) return [];
        const texts = await redis.hmget(keys.key('past'), ...ids);
        return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as PastIncident]));
      }),
  };
}
