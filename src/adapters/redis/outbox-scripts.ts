import { defineScript } from './connection.ts';

/** Milliseconds by Redis' own clock: senders on several machines need one. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Whether the lease of ARGV (lane, row, owner, attempt) is still the one that counts. */
const HELD = `
local p, lane, row, owner, attempt = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local rows = p .. 'lane:' .. lane
local head = rows .. ':head'
local lease = redis.call('HMGET', head, 'row', 'owner', 'attempts')
local held = lease[1] == row and lease[2] == owner and lease[3] == attempt
`;

/** Removes the head row and lets the lane go on. LPOP first: it works with full memory, and then all does. */
const DROP = `
redis.call('LPOP', rows)
redis.call('ZREM', p .. 'rows', row)
redis.call('HDEL', head, 'row', 'owner', 'attempts', 'uncertain', 'error')
if redis.call('LLEN', rows) == 0 then
  redis.call('ZREM', p .. 'due', lane)
  redis.call('DEL', rows .. ':latest')
else
  redis.call('ZADD', p .. 'due', now, lane)
end
`;

/**
 * ARGV: owner, lease in ms. Returns lane, row text, attempts before, uncertain, superseded.
 * A lane that is due although its head has an owner: that owner let the lease run out.
 */
export const leaseScript = defineScript(`
local p = KEYS[1]
${NOW}
while true do
  local lane = redis.call('ZRANGEBYSCORE', p .. 'due', '-inf', now, 'LIMIT', 0, 1)[1]
  if not lane then return false end
  local rows = p .. 'lane:' .. lane
  local head = rows .. ':head'
  local text = redis.call('LINDEX', rows, 0)
  if text then
    local row = cjson.decode(text)
    local state = redis.call('HMGET', head, 'owner', 'attempts', 'uncertain')
    local attempts = tonumber(state[2] or '0')
    local uncertain = (state[1] or state[3] == '1') and '1' or '0'
    redis.call('HSET', head, 'row', row.id, 'owner', ARGV[1], 'attempts', attempts + 1, 'uncertain', uncertain)
    redis.call('PERSIST', head)
    redis.call('ZADD', p .. 'due', now + ARGV[2], lane)
    local latest = row.replaces and redis.call('HGET', rows .. ':latest', row.replaces)
    local superseded = latest and latest ~= row.id and '1' or '0'
    return {lane, text, attempts, uncertain, superseded}
  end
  redis.call('ZREM', p .. 'due', lane)
end
`);

/** ARGV: lane, row, owner, attempt, lease in ms. */
export const renewScript = defineScript(`
${HELD}
if not held then return 0 end
${NOW}
redis.call('ZADD', p .. 'due', now + ARGV[5], lane)
return 1
`);

/**
 * ARGV: lane, row, owner, attempt, key of the message or '', its place as JSON, stream.
 * `last` lets the same call be repeated after a lost answer.
 */
export const doneScript = defineScript(`
${HELD}
local call = row .. ' ' .. owner .. ' ' .. attempt
if redis.call('HGET', head, 'last') == call then return 1 end
if not held then return 0 end
${NOW}
${DROP}
redis.call('HSET', head, 'last', call)
if redis.call('LLEN', rows) == 0 then redis.call('EXPIRE', head, 3600) end
if ARGV[5] ~= '' then
  redis.call('HSET', rows .. ':refs', ARGV[5], ARGV[6])
  redis.call('SADD', p .. 'case:' .. ARGV[7] .. ':refs', cjson.encode({lane, ARGV[5]}))
end
return 1
`);

/** ARGV: lane, row, owner, attempt, wait in ms, uncertain, error. */
export const retryScript = defineScript(`
${HELD}
if not held then return 0 end
${NOW}
redis.call('HDEL', head, 'owner')
redis.call('HSET', head, 'uncertain', ARGV[6], 'error', ARGV[7])
redis.call('ZADD', p .. 'due', now + ARGV[5], lane)
return 1
`);

/** ARGV: lane, row, owner, attempt, what is kept as JSON. */
export const rejectScript = defineScript(`
${HELD}
if not held then return 0 end
${NOW}
${DROP}
redis.call('HSET', p .. 'rejected', row, ARGV[5])
if redis.call('LLEN', rows) == 0 then redis.call('EXPIRE', head, 3600) end
return 1
`);
