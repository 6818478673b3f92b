import { setTimeout as sleep } from 'node:timers/promises';
import { createRedis } from '../../src/adapters/redis/create-redis.ts';
import type { Job } from '../../src/core/job.ts';
import { silentLog } from './redis.ts';
import type { StoreSubject } from './store-subject.ts';

/** The real store under test. */
export async function makeRedisStore(url: string, namespace: string): Promise<StoreSubject> {
  const store = createRedis({ url, namespace, log: silentLog });
  return {
    ...store,
    handOver: async () => {
      const handed: { job: Job; key: string }[] = [];
      const relay = store.relayJobs(async (job, key) => {
        handed.push({ job, key });
      });
      // The first pass takes everything; an empty list takes one look.
      await sleep(100);
      await relay.stop();
      return handed;
    },
    pass: (ms) => sleep(ms),
  };
}
