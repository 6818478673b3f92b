import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalRedis, startLocalRedis } from '../../../src/app/local-redis.ts';
import { silentLog } from '../../support/redis.ts';

describe('local redis', () => {
  let directory: string;
  const started: LocalRedis[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'housecall-local-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });
  const start = async (): Promise<LocalRedis> => {
    const server = await startLocalRedis({
      directory: join(directory, 'new', 'data'),
      log: silentLog,
    });
    started.push(server);
    return server;
  };
  const on = async <T>(server: LocalRedis, work: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(server.url, { protocol: 2 });
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };

  it('keeps its data over a kill and a new start in the same folder', async () => {
    const first = await start();
    await on(first, (redis) => redis.set('a', '1'));
    process.kill(first.pid, 'SIGKILL');
    await first.stop();
    expect(await on(await start(), (redis) => redis.get('a'))).toBe('1');
  });

  it('listens on this machine alone and never throws data away', async () => {
    const server = await start();
    const settings = await on(server, async (redis) =>
      Promise.all(
        ['bind', 'appendonly', 'appendfsync', 'maxmemory-policy', 'save'].map(
          async (name) => (await redis.config('GET', name))[1],
        ),
      ),
    );
    expect(settings).toEqual(['127.0.0.1', 'yes', 'always', 'noeviction', '']);
  });

  it('refuses a folder that a living process uses: two servers would destroy the file', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await on(first, (redis) => redis.ping())).toBe('PONG');
  });

  it('stops a server whose parent is gone, and goes on with its data', async () => {
    const leftOver = await start();
    await on(leftOver, (redis) => redis.set('a', '1'));
    const gone = spawnSync('true').pid;
    await writeFile(join(directory, 'new', 'data', 'owner.pid'), String(gone));
    const next = await start();
    expect(() => process.kill(leftOver.pid, 0)).toThrow('ESRCH');
    expect(await on(next, (redis) => redis.get('a'))).toBe('1');
  });

  it('says in one line what the server said when it cannot start', async () => {
    const missing = startLocalRedis({ directory, log: silentLog, binary: '/nowhere/redis-server' });
    await expect(missing).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const refused = startLocalRedis({
      directory,
      log: silentLog,
      settings: ['--no-such-setting', '1'],
    });
    await expect(refused).rejects.toThrow(/did not start: .*no-such-setting/s);
  });
});
