import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createQueue } from '../../../src/adapters/queue/create-queue.ts';
import { createQueueSite, POLL, type QueueSite, runOf } from '../../support/queue-site.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

describe('queue: faults', () => {
  let redis: TestRedis;
  let site: QueueSite;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  beforeEach(() => {
    site = createQueueSite(redis);
  });
  afterEach(() => site.close());
  afterAll(() => redis.stop());

  it('aborts a cancelled run that another process works on, and finishes it', async () => {
    const worker = await site.spawnWorker('hang');
    const queue = site.openQueue();
    await queue.add(runOf('host-1', 'host-2'));
    await worker.said('start host-1');
    await worker.said('start host-2');
    await queue.cancelRun('r1');
    await worker.said('abort host-1');
    await worker.said('abort host-2');
    await worker.said('finish r1');
    expect(worker.lines.filter((line) => line.startsWith('start'))).toHaveLength(2);
  });

  it('does not start the hosts of a run that was cancelled before a worker came', async () => {
    const queue = site.openQueue();
    await queue.add(runOf('host-1'));
    await queue.cancelRun('r1');
    await site.startReporting();
    await expect.poll(() => site.jobs.names(), POLL).toEqual(['finish-run']);
    await queue.add(runOf('host-1'));
    await sleep(300);
    expect(site.jobs.names()).toEqual(['finish-run']);
  });

  it('routes deliveries one after the other: a close never overtakes what it closes', async () => {
    const queue = site.openQueue();
    const order: string[] = [];
    for (const delivery of ['create', 'close']) await queue.add({ kind: 'route-alert', delivery });
    const route = async ({ delivery }: { delivery: string }): Promise<void> => {
      if (delivery === 'create') await sleep(200);
      order.push(delivery);
    };
    await queue.start(site.jobs.handlers({ 'route-alert': route }), ['web']);
    await expect.poll(() => order.length, POLL).toBe(2);
    expect(order).toEqual(['create', 'close']);
  });

  for (const behaviour of ['hang', 'deaf'] as const) {
    it(`gives a job back at shutdown when its handler is ${behaviour === 'hang' ? 'aborted' : 'deaf to the abort'}`, async () => {
      const worker = await site.spawnWorker(behaviour);
      await site.openQueue().add(runOf('host-1'));
      await worker.said('start host-1');
      const ending = worker.end('SIGTERM');
      await worker.said('closed');
      await ending;
      // No stall check is needed: the job waits in the queue already.
      const depth = (await site.openQueue().depths()).find(({ queue }) => queue === 'diagnose');
      expect(depth).toMatchObject({ waiting: 1 });
      await site.startReporting();
      await expect.poll(() => site.jobs.names(), POLL).toEqual(['diagnose-host', 'finish-run']);
    });
  }

  it('refuses a job in time while Redis is away, and closes all the same', async () => {
    const queue = createQueue({
      url: 'redis://127.0.0.1:1',
      log: silentLog,
      timeoutMs: 200,
      times: { abortMs: 100 },
    });
    await queue.start(site.jobs.handlers({}), ['web', 'worker']);
    const unavailable = { code: 'STORE_UNAVAILABLE' };
    await expect(queue.add(runOf('host-1'))).rejects.toMatchObject(unavailable);
    await expect(queue.cancelRun('r1')).rejects.toMatchObject(unavailable);
    await queue.close(0);
  });

  it('refuses a job when the memory of Redis is full, rests, and goes on afterwards', async () => {
    const lines: string[] = [];
    const note = (_: unknown, message: string): void => void lines.push(message);
    const queue = site.openQueue({ log: { info: note, warn: note, error: note } });
    await queue.start(site.jobs.handlers({}), ['worker']);
    await queue.add({ ...runOf('host-0'), run: 'r0' });
    await expect.poll(() => site.jobs.names(), POLL).toContain('finish-run');
    const admin = new Redis(redis.url, { protocol: 2 });
    await admin.config('SET', 'maxmemory', '1');
    try {
      const add = queue.add(runOf('host-1'));
      await expect(add).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await sleep(1500);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
      admin.disconnect();
    }
    expect(lines.length).toBeLessThan(20);
    await queue.add(runOf('host-1'));
    await expect.poll(() => site.jobs.ended.length, POLL).toBe(4);
  });

  it('goes on in few log lines after Redis was a replica in the middle of its work', async () => {
    const lines: string[] = [];
    const note = (_: unknown, message: string): void => void lines.push(message);
    const queue = site.openQueue({ log: { info: note, warn: note, error: note } });
    const seen = new Set<string>();
    const handlers = site.jobs.handlers({
      'diagnose-host': async ({ host }) => {
        await sleep(20);
        seen.add(host);
      },
    });
    await queue.start(handlers, ['worker']);
    const hosts = Array.from({ length: 200 }, (_, i) => `host-${i}`);
    await queue.add(runOf(...hosts));
    await expect.poll(() => seen.size, POLL).toBeGreaterThan(0);
    const admin = new Redis(redis.url, { protocol: 2 });
    await admin.replicaof('127.0.0.1', 1);
    try {
      const add = queue.add({ ...runOf('host-1'), run: 'r2' });
      await expect(add).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    } finally {
      await admin.replicaof('NO', 'ONE');
      admin.disconnect();
    }
    expect(seen.size).toBeLessThan(hosts.length);
    await expect.poll(() => site.jobs.names(), POLL).toEqual(['finish-run']);
    expect(seen.size).toBe(hosts.length);
    expect(lines.filter((line) => line !== 'job failed for good').length).toBeLessThan(20);
  });

  it('works on a host with two jobs at a time at most', async () => {
    let now = 0;
    let most = 0;
    const queue = site.openQueue();
    await site.startReporting({
      'diagnose-host': async ({ host }) => {
        if (host !== 'host-1') return;
        now += 1;
        most = Math.max(most, now);
        await sleep(30);
        now -= 1;
      },
    });
    const runs = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(runs.map((id) => queue.add({ ...runOf('host-1', 'host-2'), run: id })));
    await expect.poll(() => site.jobs.names(), POLL).toHaveLength(runs.length);
    expect(most).toBe(2);
  });

  it('hands nothing on that is not the ids of a job', async () => {
    const queue = site.openQueue();
    await site.startReporting();
    await queue.add(runOf('host-1'));
    await expect.poll(() => site.jobs.names(), POLL).toContain('finish-run');
    const prefix = `${site.namespace}:queue`;
    const forged = new Queue('fix', { prefix, connection: { url: redis.url } });
    await forged.add('execute-fix', { stream: ['s'], fix: { $ne: 1 } });
    await forged.add('execute-fix', { stream: 's' });
    await forged.add('constructor', { stream: 's', fix: 'f' });
    await expect.poll(() => forged.getFailedCount(), POLL).toBe(3);
    await forged.close();
    expect(site.jobs.names()).toEqual(['diagnose-host', 'finish-run']);
  });
});
