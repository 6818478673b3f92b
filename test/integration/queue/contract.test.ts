import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { createQueue } from '../../../src/adapters/queue/create-queue.ts';
import { jobQueueContract } from '../../contract/job-queue.contract.ts';
import { QUICK } from '../../support/queue-times.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

jobQueueContract('bullmq', async () => {
  const prefix = `${redis.namespace()}:queue`;
  const { url } = redis;
  const queue = createQueue({ url, prefix, log: silentLog, concurrency: 1, times: QUICK });
  return { queue, pass: (ms) => sleep(ms), quiet: () => sleep(300), close: () => queue.close(0) };
});
