import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';
import { createQueueSite, POLL, type QueueSite, runOf } from '../../support/queue-site.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';

describe('queue: what it measures', () => {
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

  it('counts how jobs ended, and times them', async () => {
    const counted: string[] = [];
    const timed: string[] = [];
    const metrics: Metrics = {
      count: (name, labels) => void counted.push(`${name} ${labels['queue']} ${labels['outcome']}`),
      observe: (name, labels, seconds) => {
        if (seconds >= 0) timed.push(`${name} ${labels['queue']}`);
      },
    };
    const queue = site.openQueue({ metrics });
    const handlers = site.jobs.handlers({
      'diagnose-host': async ({ host }, { attempt }) => {
        if (host === 'down' && attempt === 1)
          throw new HousecallError('SSH_LOST', 'ssh down: lost');
        if (host === 'odd') throw new HousecallError('OUTPUT_UNREADABLE', 'disk: cut off');
      },
    });
    await queue.start(handlers, ['worker']);
    await queue.add(runOf('down', 'odd', 'up'));
    await expect.poll(() => site.jobs.names(), POLL).toEqual(['finish-run']);
    await expect.poll(() => counted.length, POLL).toBe(5);
    const jobs = (outcome: string, queueName = 'diagnose') =>
      counted.filter((line) => line === `housecall_jobs_total ${queueName} ${outcome}`).length;
    expect([jobs('completed'), jobs('retried'), jobs('failed'), jobs('completed', 'run')]).toEqual([
      2, 1, 1, 1,
    ]);
    expect(timed).toHaveLength(5);
  });

  it('tells how many jobs wait, and for how long, but not those whose time has not come', async () => {
    const queue = site.openQueue();
    await queue.add(runOf('host-1', 'host-2'));
    await queue.add({ kind: 'check-fix', stream: 's', fix: 'f', delaySeconds: 900 });
    const depths = await queue.depths();
    const waiting = Object.fromEntries(depths.map((depth) => [depth.queue, depth.waiting]));
    expect(waiting).toMatchObject({ diagnose: 2, run: 0, route: 0, fix: 0, deadline: 0 });
    const oldest = depths.find((depth) => depth.queue === 'diagnose')?.oldestSeconds;
    expect(oldest).toBeLessThan(30);
    expect(depths.find((depth) => depth.queue === 'route')?.oldestSeconds).toBe(0);
    await expect
      .poll(
        async () => (await queue.depths()).find((d) => d.queue === 'diagnose')?.oldestSeconds,
        POLL,
      )
      .toBeGreaterThan(0.1);
  });
});
