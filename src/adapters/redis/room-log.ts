import {
  isPersonsWord,
  type RoomEvent,
  slotOf,
  subjectOf,
} from '../../core/incident/room-event.ts';
import {
  EVENTS_PER_MESSAGE,
  EVENTS_PER_ROOM,
  FILES_PER_ROOM,
  type RoomLog,
} from '../../ports/room-log.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * KEYS[1] prefix · ARGV: stream, id, subject, slot, at, event, when a person wrote it or '', most of a
 * message, most of a room. Returns 0 when it was there, or the room is full.
 */
const addScript = defineScript(`
local room = KEYS[1] .. 'room:' .. ARGV[1]
local id, subject, slot, at, event, heard = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if redis.call('SADD', room .. ':ids', id) == 0 then return 0 end
if heard ~= '' and heard > (redis.call('GET', room .. ':latest') or '') then
  redis.call('SET', room .. ':latest', heard)
end
local where = redis.call('HGET', room .. ':of', subject) or ''
local _, count = string.gsub(where, ',', ',')
if count >= tonumber(ARGV[8]) then
  redis.call('SREM', room .. ':ids', id)
  local field = subject .. '|' .. slot
  local old = redis.call('HGET', room .. ':late', field)
  if old then
    local ok, was = pcall(cjson.decode, old)
    if ok and was.id == id then return 0 end
    if ok and was.at > at then return 1 end
  end
  redis.call('HSET', room .. ':late', field, event)
  return 1
end
if redis.call('LLEN', room) >= tonumber(ARGV[9]) then
  redis.call('SREM', room .. ':ids', id)
  return 0
end
local length = redis.call('RPUSH', room, event)
redis.call('HSET', room .. ':of', subject, where .. (length - 1) .. ',')
return 1
`);

/** KEYS[1] prefix · ARGV: stream, subject. */
const aboutScript = defineScript(`
local room, subject = KEYS[1] .. 'room:' .. ARGV[1], ARGV[2]
local found = {}
for index in string.gmatch(redis.call('HGET', room .. ':of', subject) or '', '%d+') do
  found[#found + 1] = redis.call('LINDEX', room, index)
end
local late = redis.call('HGETALL', room .. ':late')
for i = 1, #late, 2 do
  if string.sub(late[i], 1, #subject + 1) == subject .. '|' then found[#found + 1] = late[i + 1] end
end
return found
`);

/** A long incident is read in parts: one answer of tens of megabytes would hold everything else up. */
const PART = 1_000;

/** One list per room, with the names of its events and where each message's are. */
export function createRoomLog({ call, script }: Connection, keys: Keys): RoomLog {
  return {
    add: async (stream, event) => {
      const { id, at } = event;
      const heard = isPersonsWord(event) ? at : '';
      const args = [keys.prefix, stream, id, subjectOf(event), slotOf(event), at];
      const files = event.kind === 'kept' ? FILES_PER_ROOM : 0;
      const limits = [EVENTS_PER_MESSAGE, EVENTS_PER_ROOM + files];
      const text = JSON.stringify(event);
      return (
        (await script(`note what was said in ${stream}`, addScript, [
          ...args,
          text,
          heard,
          ...limits,
        ])) === 1
      );
    },
    all: async (stream) => {
      const key = keys.key('room', stream);
      const what = `read what was said in ${stream}`;
      const texts: string[] = [];
      for (let from = 0; ; from += PART) {
        const part = await call(what, (redis) => redis.lrange(key, from, from + PART - 1));
        texts.push(...part);
        if (part.length < PART) break;
      }
      texts.push(...(await call(what, (redis) => redis.hvals(keys.key('room', stream, 'late')))));
      return texts.map((text) => JSON.parse(text) as RoomEvent);
    },
    about: async (stream, ts) => {
      const what = `read a message of ${stream}`;
      const texts = await script(what, aboutScript, [keys.prefix, stream, ts]);
      return (texts as string[]).map((text) => JSON.parse(text) as RoomEvent);
    },
    latest: (stream) =>
      call(`read the latest message of ${stream}`, (redis) =>
        redis.get(keys.key('room', stream, 'latest')),
      ),
  };
}
