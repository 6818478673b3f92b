import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRedis, type RedisStore } from '../../../src/adapters/redis/create-redis.ts';
import type { Job } from '../../../src/core/job.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import type { Commit } from '../../../src/ports/journal.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

const CLOSE: Job = { kind: 'close-incident', stream: 's' };

function commitOf(jobs: readonly Job[]): Commit {
  const event = { type: 'incident.closing' } as const;
  const at = '2026-11-20T12:00:00.000Z';
  return { stream: 's', expectedSeq: 0, at, actor: HOUSECALL, events: [event], jobs };
}

describe('redis: relay', () => {
  let redis: TestRedis;
  let admin: Redis;
  const stores: RedisStore[] = [];
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url, { protocol: 2 });
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });
  const open = (namespace: string): RedisStore => {
    const store = createRedis({ url: redis.url, namespace, log: silentLog });
    stores.push(store);
    return store;
  };

  it('hands a job over after the process that committed it has died', async () => {
    const namespace = redis.namespace();
    await open(namespace).journal.commit(commitOf([CLOSE]));
    const handed: string[] = [];
    const dies = open(namespace).relayJobs(async (_, key) => {
      handed.push(key);
      throw new Error('killed between the queue and the list');
    });
    await sleep(50);
    await dies.stop();
    const relay = open(namespace).relayJobs(async (_, key) => void handed.push(key));
    await sleep(50);
    await relay.stop();
    expect(new Set(handed)).toEqual(new Set(['s/1/1']));
    expect(handed.length).toBeGreaterThanOrEqual(2);
    expect(await admin.llen(`${namespace}:v1:relay`)).toBe(0);
  });

  it('moves a job aside that the queue refuses for ever, and hands over the next', async () => {
    const namespace = redis.namespace();
    await admin.rpush(`${namespace}:v1:relay`, 'not json');
    const store = open(namespace);
    const { journal } = store;
    const handed: string[] = [];
    const relay = store.relayJobs(async (job) => void handed.push(job.kind));
    await journal.commit(commitOf([CLOSE]));
    await sleep(100);
    await relay.stop();
    expect(handed).toEqual(['close-incident']);
    expect(await admin.lrange(`${namespace}:v1:relay:refused`, 0, -1)).toEqual(['not json']);
  });

  it('hands jobs on although one before them cannot be handed on now', async () => {
    const namespace = redis.namespace();
    const store = open(namespace);
    const jobs = ['a', 'b', 'c'].map((stream) => ({ kind: 'close-incident', stream }) as const);
    await store.journal.commit(commitOf(jobs));
    const handed: string[] = [];
    let stuck = true;
    const relay = store.relayJobs(
      async (job) => {
        if (job.kind !== 'close-incident') throw new TypeError('not what was committed');
        if (job.stream === 'a' && stuck) throw new Error('not now');
        handed.push(job.stream);
      },
      { pollMs: 20 },
    );
    await expect.poll(() => handed).toEqual(['b', 'c']);
    stuck = false;
    await expect.poll(() => handed).toEqual(['b', 'c', 'a']);
    await relay.stop();
  });
});
