import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueue } from '../../../src/adapters/queue/create-queue.ts';
import { SETTINGS } from '../../../src/adapters/queue/settings.ts';
import { createRedis } from '../../../src/adapters/redis/create-redis.ts';
import { alertInboxContract } from '../../contract/alert-inbox.contract.ts';
import { jobQueueContract } from '../../contract/job-queue.contract.ts';
import { journalContract } from '../../contract/journal.contract.ts';
import { keptFilesContract } from '../../contract/kept-files.contract.ts';
import { outboxContract } from '../../contract/outbox.contract.ts';
import { pastContract } from '../../contract/past.contract.ts';
import { reportStoreContract } from '../../contract/report-store.contract.ts';
import { roomLogContract } from '../../contract/room-log.contract.ts';
import { QUICK } from '../../support/queue-times.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { makeRedisStore } from '../../support/redis-store-subject.ts';
import type { MakeStore } from '../../support/store-subject.ts';

let redis: TestRedis;
let admin: Redis;
let url: string;
let namespaces = 0;
/** Keys of the documented user begin with `housecall:`. */
const namespace = (): string => `housecall:${++namespaces}`;

beforeAll(async () => {
  redis = await startTestRedis();
  admin = new Redis(redis.url, { protocol: 2 });
  const guide = await readFile('docs/guides/redis.md', 'utf8');
  const command = /```acl\n([^`]*)```/.exec(guide)?.[1]?.trim().split(/\s+/) ?? [];
  const version = /redis_version:(\d+)\.(\d+)/.exec(await admin.info('server'));
  const [major = 0, minor = 0] = (version ?? []).slice(1).map(Number);
  const setinfo = major > 7 || (major === 7 && minor >= 2);
  const [name = '', ...words] = command.filter((word) => setinfo || word !== '+client|setinfo');
  await admin.call(name, ...words);
  url = `redis://housecall:CHANGE-ME@127.0.0.1:${redis.port}`;
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});

const make: MakeStore = () => makeRedisStore(url, namespace());

journalContract('redis with the documented rights', make);
outboxContract('redis with the documented rights', make);
reportStoreContract('redis with the documented rights', make);
keptFilesContract('redis with the documented rights', make);
pastContract('redis with the documented rights', make);
roomLogContract('redis with the documented rights', make);
alertInboxContract('redis with the documented rights', make);
jobQueueContract('bullmq with the documented rights', async () => {
  const prefix = `${namespace()}:queue`;
  const queue = createQueue({ url, prefix, log: silentLog, concurrency: 1, times: QUICK });
  return { queue, pass: (ms) => sleep(ms), quiet: () => sleep(300), close: () => queue.close(0) };
});

describe('redis: the documented rights', () => {
  it('are enough for the check, the retention and the depths of the queues', async () => {
    const store = createRedis({ url, namespace: namespace(), log: silentLog });
    const queue = createQueue({ url, prefix: `${namespace()}:queue`, log: silentLog });
    expect(await store.check()).toEqual({ ok: true, problems: [], warnings: [] });
    const at = '2026-01-01T00:00:00.000Z';
    const actor = { kind: 'housecall' } as const;
    await store.journal.commit({ stream: 's', expectedSeq: 0, at, actor, events: [] });
    expect(await store.sweep(90, new Date())).toEqual({ cases: 1, deliveries: 0 });
    expect(await queue.depths()).toHaveLength(Object.keys(SETTINGS).length);
    await queue.close(0);
    await store.close();
  });

  it('were never exceeded by anything above', async () => {
    const log = (await admin.call('ACL', 'LOG')) as unknown[];
    expect(log).toEqual([]);
  });

  it('allow nothing beyond Housecall', async () => {
    const user = new Redis(url, { protocol: 2 });
    for (const command of [
      ['FLUSHALL'],
      ['KEYS', '*'],
      ['CONFIG', 'SET', 'appendonly', 'no'],
      ['GET', 'other'],
      ['SCRIPT', 'FLUSH'],
      ['REPLICAOF', '127.0.0.1', '1'],
      ['PUBLISH', 'other', 'x'],
      ['EVAL', "return redis.call('SET', 'other', '1')", '0'],
    ]) {
      const [name = '', ...args] = command;
      await expect(user.call(name, ...args)).rejects.toThrow(/NOPERM|permission|can't access/);
    }
    user.disconnect();
  });
});
