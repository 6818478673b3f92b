import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { createRedis } from '../../../src/adapters/redis/create-redis.ts';
import type { Job } from '../../../src/core/job.ts';
import { alertInboxContract } from '../../contract/alert-inbox.contract.ts';
import { journalContract } from '../../contract/journal.contract.ts';
import { outboxContract } from '../../contract/outbox.contract.ts';
import { reportStoreContract } from '../../contract/report-store.contract.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';
import type { MakeStore } from '../../support/store-subject.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

const makeRedisStore: MakeStore = async () => {
  const store = createRedis({ url: redis.url, namespace: redis.namespace(), log: silentLog });
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
};

journalContract('redis', makeRedisStore);
outboxContract('redis', makeRedisStore);
reportStoreContract('redis', makeRedisStore);
alertInboxContract('redis', makeRedisStore);
