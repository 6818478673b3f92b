import { FREEZE_STREAM } from '../../core/approval/blocked-reason.ts';
import type { EventRecord } from '../../core/incident/event.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * ARGV: stream, cutoff (ms), run ids …. Looks again, in the same step, that the case is old and not
 * open: it may have been reopened a moment ago. Returns 1 when it was removed.
 */
const sweepCaseScript = defineScript(`
local p, stream, cutoff = KEYS[1], ARGV[1], tonumber(ARGV[2])
local case, room = p .. 'case:' .. stream, p .. 'lane:room:' .. stream
local last = tonumber(redis.call('ZSCORE', p .. 'cases', stream) or 'inf')
if last >= cutoff or redis.call('ZSCORE', p .. 'open', stream) then return 0 end
if redis.call('LLEN', room) > 0 then return 0 end
for _, claim in ipairs(redis.call('SMEMBERS', case .. ':claims')) do
  if redis.call('HGET', p .. 'claims', claim) == stream then redis.call('HDEL', p .. 'claims', claim) end
end
for _, text in ipairs(redis.call('SMEMBERS', case .. ':refs')) do
  local ref = cjson.decode(text)
  redis.call('HDEL', p .. 'lane:' .. ref[1] .. ':refs', ref[2])
end
for _, id in ipairs(redis.call('HKEYS', p .. 'rejected')) do
  if string.sub(id, 1, #stream + 1) == stream .. '/' then redis.call('HDEL', p .. 'rejected', id) end
end
for i = 3, #ARGV do redis.call('DEL', p .. 'reports:' .. ARGV[i]) end
redis.call('DEL', p .. 'kept:' .. stream)
local said = p .. 'room:' .. stream
redis.call('DEL', said, said .. ':ids', said .. ':of', said .. ':late', said .. ':latest')
redis.call('HDEL', p .. 'past', stream)
redis.call('ZREM', p .. 'past:at', stream)
redis.call('DEL', case, case .. ':claims', case .. ':refs', case .. ':rows')
redis.call('DEL', room .. ':head', room .. ':latest', room .. ':refs')
redis.call('ZREM', p .. 'cases', stream)
return 1
`);

/** ARGV: cutoff (ms). Removes up to 500 old deliveries and the keys they were known by. */
const sweepDeliveriesScript = defineScript(`
local p = KEYS[1]
local old = redis.call('ZRANGEBYSCORE', p .. 'deliveries', '-inf', '(' .. ARGV[1], 'LIMIT', 0, 500)
for _, text in ipairs(old) do
  local delivery = cjson.decode(text)
  redis.call('DEL', p .. 'delivery:' .. delivery[1], p .. 'seen:' .. delivery[2])
  redis.call('ZREM', p .. 'deliveries', text)
end
return #old
`);

/** Removes what is older than the retention time; returns how much. */
export async function sweep(
  { connection, keys }: { connection: Connection; keys: Keys },
  retentionDays: number,
  now: Date,
): Promise<{ cases: number; deliveries: number }> {
  const cutoff = now.getTime() - retentionDays * 24 * 3600 * 1000;
  const old = await connection.call('list old cases', (redis) =>
    redis.zrangebyscore(keys.key('cases'), '-inf', `(${cutoff}`),
  );
  let cases = 0;
  for (const stream of old.filter((one) => one !== FREEZE_STREAM)) {
    const runs = await runsOf(connection, keys.key('case', stream));
    const args = [keys.prefix, stream, cutoff, ...runs];
    cases += Number(await connection.script(`remove case ${stream}`, sweepCaseScript, args));
  }
  let deliveries = 0;
  for (;;) {
    const args = [keys.prefix, cutoff];
    const swept = Number(
      await connection.script('remove old deliveries', sweepDeliveriesScript, args),
    );
    deliveries += swept;
    if (swept < 500) return { cases, deliveries };
  }
}

async function runsOf({ call }: Connection, key: string): Promise<string[]> {
  const texts = await call('read an old case', (redis) => redis.lrange(key, 0, -1));
  return texts.flatMap((text) => {
    const { event } = JSON.parse(text) as EventRecord;
    return event.type === 'run.started' ? [event.run] : [];
  });
}
