import { createHash, randomUUID } from 'node:crypto';
import type { Job } from '../../core/job.ts';
import type { AlertInbox, Delivery, EarlyAck } from '../../ports/alert-inbox.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * KEYS[1] prefix · ARGV: key hash, delivery id, delivery, received at (ms), job, name of this call,
 * how long the key counts (s; empty: until it is swept).
 * `seen` names the call that stored it, so that a command repeated after a lost answer is not told
 * `duplicate`.
 */
const receiveScript = defineScript(`
local p, hash, id, delivery, at, job, call, within = KEYS[1], unpack(ARGV)
local seen = redis.call('GET', p .. 'seen:' .. hash)
if seen then return seen == call and 'stored' or 'duplicate' end
if within == '' then
  redis.call('SET', p .. 'seen:' .. hash, call)
else
  redis.call('SET', p .. 'seen:' .. hash, call, 'EX', within)
end
redis.call('SET', p .. 'delivery:' .. id, delivery)
redis.call('ZADD', p .. 'deliveries', at, cjson.encode({id, hash}))
redis.call('RPUSH', p .. 'relay', cjson.encode({key = id, job = job}))
return 'stored'
`);

/** Deliveries overtake each other within minutes; what begins later than that has begun anew. */
const EARLY_SECONDS = 15 * 60;
/** A source that lists no alert of ours for so long is met as a stranger again. */
const LISTED_SECONDS = 90 * 24 * 3600;

export interface InboxOptions {
  readonly connection: Connection;
  readonly keys: Keys;
  /** After a delivery was stored: its `route-alert` job waits in the relay list. */
  readonly onJobs?: () => void;
}

export function createAlertInbox({ connection, keys, onJobs }: InboxOptions): AlertInbox {
  return {
    receive: async (delivery, key, copiesWithinSeconds) => {
      const receivedMs = Date.parse(delivery.receivedAt);
      if (Number.isNaN(receivedMs)) {
        throw new RangeError(`delivery ${delivery.id}: "${delivery.receivedAt}" is not a time`);
      }
      const job: Job = { kind: 'route-alert', delivery: delivery.id };
      const outcome = await connection.script(
        `store the delivery ${delivery.id} from ${delivery.source}`,
        receiveScript,
        [
          keys.prefix,
          // Keys are made of what senders wrote: hashed, they cannot be long or strange.
          hashOf(key),
          delivery.id,
          JSON.stringify(delivery),
          receivedMs,
          JSON.stringify(job),
          randomUUID(),
          copiesWithinSeconds ?? '',
        ],
      );
      if (outcome !== 'stored') return 'duplicate';
      onJobs?.();
      return 'stored';
    },
    markOver: (episode) =>
      connection.call('remember the end of an alert', async (redis) => {
        await redis.set(keys.key('over', hashOf(episode)), '1', 'EX', EARLY_SECONDS);
      }),
    isOver: (episode) =>
      connection.call(
        'look up the end of an alert',
        async (redis) => (await redis.exists(keys.key('over', hashOf(episode)))) === 1,
      ),
    keepAck: (episode, ack) =>
      connection.call('keep an early acknowledgement', async (redis) => {
        const key = keys.key('acked', hashOf(episode));
        if (ack === null) await redis.del(key);
        else await redis.set(key, JSON.stringify(ack), 'EX', EARLY_SECONDS);
      }),
    earlyAck: (episode) =>
      connection.call('look up an early acknowledgement', async (redis) => {
        const text = await redis.get(keys.key('acked', hashOf(episode)));
        return text === null ? null : (JSON.parse(text) as EarlyAck);
      }),
    markListed: (list) =>
      connection.call('remember what a source lists', async (redis) => {
        await redis.set(keys.key('listed', hashOf(list)), '1', 'EX', LISTED_SECONDS);
      }),
    hasListed: (list) =>
      connection.call(
        'look up what a source lists',
        async (redis) => (await redis.exists(keys.key('listed', hashOf(list)))) === 1,
      ),
    read: (id) =>
      connection.call(`read the delivery ${id}`, async (redis) => {
        const text = await redis.get(keys.key('delivery', id));
        return text === null ? null : (JSON.parse(text) as Delivery);
      }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
