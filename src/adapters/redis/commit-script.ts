import { defineScript } from './connection.ts';

/**
 * The whole commit in one step. First what could refuse, then the writes; the first write is one that
 * Redis refuses when its memory is full (SET), and PUBLISH, which needs a right of its own, stands
 * before it: so a refusal never leaves half a commit.
 *
 * KEYS[1] prefix · ARGV[1] header (JSON) · ARGV[2…] records, then chat operations, then jobs: opaque
 * texts, never decoded here.
 */
export const commitScript = defineScript(`
local p = KEYS[1]
local head = cjson.decode(ARGV[1])
local case = p .. 'case:' .. head.stream
local once = p .. 'once:' .. head.commit
if redis.call('EXISTS', once) == 1 then return {'ok'} end
if redis.call('LLEN', case) ~= head.expected then return {'conflict'} end
for _, claim in ipairs(head.claims) do
  local by = redis.call('HGET', p .. 'claims', claim)
  if by and by ~= head.stream and by ~= head.takesFrom then return {'claimed', claim, by} end
end

if #head.chat > 0 then redis.call('PUBLISH', p .. 'wake', 'chat') end
redis.call('SET', once, '1', 'EX', 900)
local at = 1
for _ = 1, head.records do
  at = at + 1
  redis.call('RPUSH', case, ARGV[at])
end
redis.call('ZADD', p .. 'cases', head.at, head.stream)
for _, claim in ipairs(head.releases) do
  if redis.call('HGET', p .. 'claims', claim) == head.stream then
    redis.call('HDEL', p .. 'claims', claim)
    redis.call('SREM', case .. ':claims', claim)
  end
end
if head.releaseAll then
  for _, claim in ipairs(redis.call('SMEMBERS', case .. ':claims')) do
    if string.sub(claim, 1, 8) ~= 'channel:' then
      redis.call('HDEL', p .. 'claims', claim)
      redis.call('SREM', case .. ':claims', claim)
    end
  end
end
for _, claim in ipairs(head.claims) do
  if head.takesFrom ~= '' then redis.call('SREM', p .. 'case:' .. head.takesFrom .. ':claims', claim) end
  redis.call('HSET', p .. 'claims', claim, head.stream)
  redis.call('SADD', case .. ':claims', claim)
end

local function name()
  return head.stream .. '/' .. (head.expected + head.records) .. '/' .. redis.call('INCR', case .. ':rows')
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, row in ipairs(head.chat) do
  at = at + 1
  local id = name()
  local lane = p .. 'lane:' .. row.lane
  local text = cjson.encode({id = id, stream = head.stream, since = head.since, replaces = row.replaces, operation = ARGV[at]})
  if redis.call('RPUSH', lane, text) == 1 then redis.call('ZADD', p .. 'due', now, row.lane) end
  redis.call('ZADD', p .. 'rows', now, id)
  if row.replaces then redis.call('HSET', lane .. ':latest', row.replaces, id) end
end
for _ = 1, head.jobs do
  at = at + 1
  redis.call('RPUSH', p .. 'relay', cjson.encode({key = name(), job = ARGV[at]}))
end
if head.open == 'yes' and not redis.call('ZSCORE', p .. 'open', head.stream) then
  redis.call('ZADD', p .. 'open', redis.call('INCR', p .. 'opened'), head.stream)
elseif head.open == 'no' then
  redis.call('ZREM', p .. 'open', head.stream)
end
return {'ok'}
`);
