import { randomUUID } from 'node:crypto';
import { HousecallError } from '../../core/errors.ts';
import { type Connection, defineScript } from './connection.ts';
import type { Keys } from './keys.ts';

/** Whether Redis would keep what it is given. `ok` is false also when that could not be found out. */
export interface RedisCheck {
  readonly ok: boolean;
  /** What would lose data or stop the work, each with its remedy. */
  readonly problems: readonly string[];
  /** What is weaker than it could be. */
  readonly warnings: readonly string[];
}

/** Every command of the scripts, on keys of its own: a missing right shows here and not half-way. */
const rightsScript = defineScript(`
local p, id = KEYS[1], ARGV[1]
local key = p .. 'probe:' .. id
local text, list, hash, set, zset = key, key .. ':l', key .. ':h', key .. ':s', key .. ':z'
local missing = {}
local function try(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then table.insert(missing, (...) .. ': ' .. reply.err) end
end
try('SET', text, '1', 'EX', 60) try('GET', text) try('EXISTS', text) try('EXPIRE', text, 60)
try('PERSIST', text) try('INCR', text) try('TIME') try('PUBLISH', p .. 'wake', 'probe')
try('RPUSH', list, 'a', 'b', 'c') try('LPUSH', list, 'd') try('LLEN', list) try('LINDEX', list, 0)
try('LRANGE', list, 0, 0) try('LTRIM', list, 0, 9) try('LREM', list, 1, 'a') try('LPOP', list)
try('HSET', hash, 'a', '1') try('HSETNX', hash, 'a', '1') try('HGET', hash, 'a') try('HMGET', hash, 'a')
try('HLEN', hash) try('HKEYS', hash) try('HVALS', hash) try('HDEL', hash, 'a')
try('SADD', set, 'a') try('SMEMBERS', set) try('SREM', set, 'a')
try('ZADD', zset, 1, 'a') try('ZSCORE', zset, 'a') try('ZCARD', zset) try('ZRANGE', zset, 0, 0)
try('ZRANGEBYSCORE', zset, '-inf', 1) try('ZREM', zset, 'a')
try('DEL', text, list, hash, set, zset)
return missing
`);

/** Looks at the server's settings and writes once. Never throws for what it finds. */
export async function checkRedis(connection: Connection, keys: Keys): Promise<RedisCheck> {
  const problems: string[] = [];
  const warnings: string[] = [];
  try {
    const facts = infoFacts(await connection.call('read INFO', (redis) => redis.info()));
    problems.push(...infoProblems(facts));
    const fsync = await appendfsync(connection);
    if (fsync === null) {
      problems.push(
        'could not look at appendfsync: CONFIG GET is refused. Allow it (ACL SETUSER … +config|get) or have its owner confirm `appendfsync always`.',
      );
    } else if (fsync === 'no') {
      problems.push(
        'appendfsync is no: a power failure loses what the system had not yet written. Run CONFIG SET appendfsync always, and put it into redis.conf.',
      );
    } else if (fsync !== 'always') {
      warnings.push(
        `appendfsync is ${fsync}: a power failure loses the last one or two seconds. Run CONFIG SET appendfsync always, and put it into redis.conf.`,
      );
    }
    problems.push(...(await rightsProblems(connection, keys)));
  } catch (error) {
    if (!(error instanceof HousecallError)) throw error;
    problems.push(error.message);
  }
  return { ok: problems.length === 0, problems, warnings };
}

function infoFacts(info: string): ReadonlyMap<string, string> {
  return new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

function infoProblems(facts: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  // Valkey reports the Redis version that it is compatible with under the same name.
  const version = facts.get('redis_version');
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version === undefined) problems.push(unknown('the version'));
  else if (major < 6 || (major === 6 && minor < 2)) {
    problems.push(`Redis ${version} is too old: 6.2 or later is needed. Upgrade the server.`);
  }

  const role = facts.get('role');
  if (role === undefined) problems.push(unknown('the role'));
  else if (role !== 'master') {
    problems.push(
      'this Redis is a replica: it refuses writes or loses them at the next sync. Point redis.url at the primary.',
    );
  }

  const aof = facts.get('aof_enabled');
  if (aof === undefined) problems.push(unknown('appendonly'));
  else if (aof !== '1') {
    problems.push(
      'appendonly is off: a restart loses incidents, approvals and messages that wait. Run CONFIG SET appendonly yes, and put it into redis.conf.',
    );
  }
  if ((facts.get('aof_last_write_status') ?? 'ok') !== 'ok') {
    problems.push('the last write to the append-only file failed: look at the disk of Redis.');
  }

  const policy = facts.get('maxmemory_policy');
  if (policy === undefined) problems.push(unknown('maxmemory-policy'));
  else if (policy !== 'noeviction') {
    problems.push(
      `maxmemory-policy is ${policy}: Redis throws data away when its memory is full. Run CONFIG SET maxmemory-policy noeviction, and put it into redis.conf.`,
    );
  }
  return problems;
}

function unknown(what: string): string {
  return `could not look at ${what}: INFO does not show it.`;
}

/** Null: CONFIG is forbidden here (by ACL, or renamed away by a hosting company). */
async function appendfsync({ call }: Connection): Promise<string | null> {
  try {
    const [, value] = (await call('read appendfsync', (redis) =>
      redis.call('CONFIG', 'GET', 'appendfsync'),
    )) as string[];
    return value ?? null;
  } catch (error) {
    const cause = error instanceof HousecallError ? error.cause : error;
    if (cause instanceof Error && /NOPERM|no permissions|unknown command/i.test(cause.message)) {
      return null;
    }
    throw error;
  }
}

async function rightsProblems({ script }: Connection, keys: Keys): Promise<string[]> {
  const missing = (await script('write', rightsScript, [keys.prefix, randomUUID()])) as string[];
  return missing.map(
    (line) =>
      `cannot write as needed: ${line}. See docs/guides/redis.md for the rights of the user.`,
  );
}
