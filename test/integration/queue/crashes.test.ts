import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUSECALL } from '../../../src/core/person.ts';
import { createQueueSite, POLL, type QueueSite, runOf } from '../../support/queue-site.ts';
import { QUICK } from '../../support/queue-times.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';

describe('queue: crashes', () => {
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

  it('runs a host again after its worker was killed, and finishes the run once', async () => {
    const doomed = await site.spawnWorker('hang');
    await site.openQueue().add(runOf('host-1'));
    await doomed.said('start host-1');
    await doomed.end('SIGKILL');
    const store = await site.startReporting();
    await expect.poll(() => site.jobs.names(), POLL).toEqual(['diagnose-host', 'finish-run']);
    await sleep(300);
    expect(await store.reports.count('r1')).toBe(1);
    expect(site.jobs.names()).toEqual(['diagnose-host', 'finish-run']);
  });

  it('finishes a run also when one host kills every worker that looks at it', async () => {
    await site.openQueue().add(runOf('host-1'));
    for (let victim = 1; victim <= 3; victim += 1) {
      const worker = await site.spawnWorker('die');
      await worker.said('start host-1');
    }
    await site.startReporting();
    await expect.poll(() => site.jobs.names(), POLL).toEqual(['finish-run']);
  });

  it('does not start a fix again after its worker was killed', async () => {
    const doomed = await site.spawnWorker('hang');
    await site.openQueue().add({ kind: 'execute-fix', stream: 's', fix: 'f' });
    await doomed.said('start f');
    await doomed.end('SIGKILL');
    await site.startReporting();
    await sleep(QUICK.lockDurationMs + 3 * QUICK.stalledIntervalMs);
    await site.openQueue().add({ kind: 'execute-fix', stream: 's', fix: 'f' });
    await sleep(300);
    expect(site.jobs.names()).toEqual([]);
  });

  it('loses nothing of a run when Redis is killed in the middle and comes back', async () => {
    const hosts = Array.from({ length: 12 }, (_, i) => `host-${i}`);
    const queue = site.openQueue();
    const store = await site.startReporting();
    await queue.add(runOf(...hosts));
    await expect.poll(() => site.jobs.ended.length, POLL).toBeGreaterThan(0);
    await redis.kill();
    await sleep(300);
    await redis.restart();
    await expect.poll(() => site.jobs.names(), POLL).toContain('finish-run');
    await expect.poll(() => store.reports.count('r1').catch(() => 0), POLL).toBe(12);
    await sleep(500);
    expect(site.jobs.names().filter((name) => name === 'finish-run')).toHaveLength(1);
  });

  it('runs a committed job once, although the relay crashed after the queue had it', async () => {
    const queue = site.openQueue();
    await site.startReporting();
    const { journal } = site.openStore();
    await journal.commit({
      stream: 's',
      expectedSeq: 0,
      at: '2026-11-20T12:00:00.000Z',
      actor: HOUSECALL,
      events: [{ type: 'incident.closing' }],
      jobs: [runOf('host-1')],
    });
    const crashing = site.openStore().relayJobs(async (job, key) => {
      await queue.add(job, key);
      throw new Error('killed here');
    });
    await expect.poll(() => site.jobs.names(), POLL).toContain('finish-run');
    await crashing.stop();
    const relays = [site.openStore(), site.openStore()].map((store) =>
      store.relayJobs((job, key) => queue.add(job, key)),
    );
    await sleep(300);
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(site.jobs.names()).toEqual(['diagnose-host', 'finish-run']);
  });
});
