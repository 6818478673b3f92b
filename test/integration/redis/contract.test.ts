import { afterAll, beforeAll } from 'vitest';
import { alertInboxContract } from '../../contract/alert-inbox.contract.ts';
import { journalContract } from '../../contract/journal.contract.ts';
import { keptFilesContract } from '../../contract/kept-files.contract.ts';
import { outboxContract } from '../../contract/outbox.contract.ts';
import { pastContract } from '../../contract/past.contract.ts';
import { reportStoreContract } from '../../contract/report-store.contract.ts';
import { roomLogContract } from '../../contract/room-log.contract.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { makeRedisStore } from '../../support/redis-store-subject.ts';
import type { MakeStore } from '../../support/store-subject.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

const make: MakeStore = () => makeRedisStore(redis.url, redis.namespace());

journalContract('redis', make);
outboxContract('redis', make);
reportStoreContract('redis', make);
keptFilesContract('redis', make);
pastContract('redis', make);
roomLogContract('redis', make);
alertInboxContract('redis', make);
