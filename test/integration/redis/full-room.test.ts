import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedis, type RedisStore } from '../../../src/adapters/redis/create-redis.ts';
import type { RoomEvent } from '../../../src/core/incident/room-event.ts';
import { EVENTS_PER_ROOM } from '../../../src/ports/room-log.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

const STREAM = '20261120-7';
const PART = 10_000;
let redis: TestRedis;
let store: RedisStore;
beforeAll(async () => {
  redis = await startTestRedis();
  store = createRedis({ url: redis.url, namespace: 'full', log: silentLog });
});
afterAll(async () => {
  await store?.close();
  await redis?.stop();
});

it('a room whose log is full takes no more words, and still notes what files are kept', async () => {
  const about = { channel: 'C1', at: '2026-11-20T12:00:00.000Z' };
  const first: RoomEvent = { ...about, id: '1', kind: 'deleted', ts: '1' };
  expect(await store.roomLog.add(STREAM, first)).toBe(true);
  const raw = new Redis(redis.url);
  try {
    const [list = ''] = (await raw.keys(`full*:room:${STREAM}`)).toSorted();
    const filler = Array.from({ length: PART }, () => JSON.stringify(first));
    for (let n = 1; n < EVENTS_PER_ROOM; n += PART) await raw.rpush(list, ...filler);
  } finally {
    raw.disconnect();
  }
  const kept = { id: 'F1', path: 'files/F1-x', bytes: 3, sha256: 'f'.repeat(64) };
  expect(await store.roomLog.add(STREAM, { ...first, id: '2', ts: '2' })).toBe(false);
  expect(await store.roomLog.add(STREAM, { ...about, id: '3', kind: 'kept', file: kept })).toBe(
    true,
  );
  expect((await store.roomLog.all(STREAM)).at(-1)).toMatchObject({ kind: 'kept', file: kept });
});
