import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedis } from '../../../src/adapters/redis/create-redis.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

describe('redis: check', () => {
  let redis: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url, { protocol: 2 });
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  const check = async (url = redis.url) => {
    const store = createRedis({ url, log: silentLog, timeoutMs: 1000 });
    try {
      return await store.check();
    } finally {
      await store.close();
    }
  };
  /** The answer while a setting is another one. */
  const checkWith = async (setting: string, value: string) => {
    const [, before = ''] = await admin.config('GET', setting);
    await admin.config('SET', setting, value);
    try {
      return await check();
    } finally {
      await admin.config('SET', setting, before);
    }
  };

  it('finds nothing wrong with the server that the demo starts, and leaves nothing behind', async () => {
    expect(await check()).toEqual({ ok: true, problems: [], warnings: [] });
    expect(await admin.keys('*')).toEqual([]);
  });

  it.each([
    ['appendonly', 'no', 'CONFIG SET appendonly yes'],
    ['maxmemory-policy', 'allkeys-lru', 'CONFIG SET maxmemory-policy noeviction'],
    ['appendfsync', 'no', 'CONFIG SET appendfsync always'],
  ])('says what is lost with %s %s, and the remedy', async (setting, value, remedy) => {
    const { ok, problems } = await checkWith(setting, value);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toContain(remedy);
  });

  it('warns of a second of loss with appendfsync everysec', async () => {
    const { ok, problems, warnings } = await checkWith('appendfsync', 'everysec');
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    expect(warnings.join('\n')).toContain('CONFIG SET appendfsync always');
  });

  it('says that a full memory takes no writes', async () => {
    const { ok, problems } = await checkWith('maxmemory', '1');
    expect(ok).toBe(false);
    expect(problems.join('\n')).toMatch(/cannot write/);
  });

  it('refuses a replica', async () => {
    await admin.replicaof('127.0.0.1', 1);
    try {
      const { ok, problems } = await check();
      expect(ok).toBe(false);
      expect(problems.join('\n')).toContain('is a replica');
    } finally {
      await admin.replicaof('NO', 'ONE');
    }
  });

  it('says that it could not look, which is not good, when CONFIG is forbidden', async () => {
    await admin.call('ACL', 'SETUSER', 'blind', 'on', '>pw', '~*', '&*', '+@all', '-config');
    const { ok, problems } = await check(`redis://blind:pw@127.0.0.1:${redis.port}`);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toContain('could not look at appendfsync');
  });

  it('names the commands that the user may not run', async () => {
    await admin.call(
      'ACL',
      'SETUSER',
      'short',
      'on',
      '>pw',
      '~*',
      '&*',
      '+@all',
      '-rpush',
      '-publish',
    );
    const { ok, problems } = await check(`redis://short:pw@127.0.0.1:${redis.port}`);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toMatch(/RPUSH/);
    expect(problems.join('\n')).toMatch(/PUBLISH/);
  });

  it('is not good, and throws nothing, when nobody answers', async () => {
    const { ok, problems } = await check('redis://127.0.0.1:1');
    expect(ok).toBe(false);
    expect(problems.join('\n')).toContain('Redis 127.0.0.1:1');
  });

  it('is not good with a wrong password', async () => {
    const { ok, problems } = await check(`redis://blind:wrong@127.0.0.1:${redis.port}`);
    expect(ok).toBe(false);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain('wrong@');
  });
});
