import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedis, type RedisStore } from '../../../src/adapters/redis/create-redis.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import type { Commit } from '../../../src/ports/journal.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';

const OLD = '2026-01-01T00:00:00.000Z';
const NOW = new Date('2026-11-20T00:00:00.000Z');
const RUN: CaseEvent = {
  type: 'run.started',
  run: 'r1',
  diagnostic: 'disk',
  params: {},
  hosts: ['host-1'],
  lane: 'room:s',
  reason: 'route',
};

describe('redis: retention', () => {
  let redis: TestRedis;
  let admin: Redis;
  let store: RedisStore;
  let namespace: string;
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url, { protocol: 2 });
  });
  beforeEach(() => {
    namespace = redis.namespace();
    store = createRedis({ url: redis.url, namespace, log: silentLog });
  });
  afterEach(() => store.close());
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  const commit = async (expectedSeq: number, more: Partial<Commit>): Promise<void> => {
    const event = { type: 'incident.closing' } as const;
    const base = { stream: 's', expectedSeq, at: OLD, actor: HOUSECALL, events: [event] };
    const result = await store.journal.commit({ ...base, ...more });
    if (!result.ok) throw new Error(result.reason);
  };
  const send = async (ts: string): Promise<void> => {
    const row = await store.outbox.lease('a', 60);
    if (row === null) throw new Error('nothing to lease');
    await store.outbox.done(row, 'a', { channel: 'C1', ts });
  };
  const post = (lane: `room:${string}` | `channel:${string}`, key: string) =>
    ({
      lane,
      operation: { op: 'message.post', key, document: { summary: '', blocks: [] } },
    }) as const;

  it('removes a closed case with everything that belongs to it', async () => {
    const chat = [post('room:s', 'panel'), post('channel:C2', 'announced s')];
    await commit(0, { events: [RUN], claims: ['channel:C1'], open: true, chat });
    await send('1');
    await send('2');
    const coverage = { privilege: 'none', notes: [] } as const;
    const report = { host: 'host-1', status: 'ok', durationMs: 1, coverage, findings: [] } as const;
    await store.reports.put('r1', report);
    await store.roomLog.add('s', {
      id: 'Ev1',
      channel: 'C1',
      at: OLD,
      kind: 'said',
      message: { ts: '1.0', author: 'U1', authorName: 'ada', text: 'hello', files: [] },
    });
    await store.inbox.receive({ id: 'd1', source: 'generic', receivedAt: OLD, body: '{}' }, 'k');
    const relay = store.relayJobs(async () => undefined);
    await expect.poll(() => admin.llen(`${namespace}:v1:relay`)).toBe(0);
    await relay.stop();
    await commit(1, { open: false, chat: [post('room:s', 'bad')] });
    const bad = await store.outbox.lease('a', 60);
    if (bad !== null) await store.outbox.reject(bad, 'a', 'channel_not_found');

    expect(await store.sweep(90, NOW)).toEqual({ cases: 1, deliveries: 1 });
    const left = (await admin.keys(`${namespace}:*`)).map((key) => key.slice(namespace.length + 4));
    // Counters, and what expires by itself.
    expect(left.filter((key) => !/^(opened$|once:|lane:channel:C2:head$)/.test(key))).toEqual([]);
    expect(
      await store.inbox.receive({ id: 'd2', source: 'g', receivedAt: OLD, body: '' }, 'k'),
    ).toBe('stored');
  });

  it('keeps what is open, recent, or still has something to say', async () => {
    await commit(0, { stream: 'open', open: true });
    await commit(0, { stream: 'recent', at: '2026-11-01T00:00:00.000Z' });
    await commit(0, { stream: 'waits', chat: [post('room:waits', 'x')] });
    await commit(0, { stream: 'old' });
    expect(await store.sweep(90, NOW)).toMatchObject({ cases: 1 });
    for (const stream of ['open', 'recent', 'waits']) {
      expect(await store.journal.read(stream)).toHaveLength(1);
    }
    expect(await store.journal.read('old')).toEqual([]);
  });

  it('leaves a claim that went over to another case, and the messages of others', async () => {
    await commit(0, { claims: ['group:x'], chat: [post('channel:C2', 'mine')] });
    await send('1');
    await commit(1, { releases: ['group:x'] });
    const at = '2026-11-19T00:00:00.000Z';
    await commit(0, { stream: 'new', at, claims: ['group:x'], chat: [post('channel:C2', 'its')] });
    await send('2');
    await store.sweep(90, NOW);
    expect(await store.journal.owner('group:x')).toBe('new');
    expect(await store.outbox.ref('channel:C2', 'mine')).toBeNull();
    expect(await store.outbox.ref('channel:C2', 'its')).toEqual({ channel: 'C1', ts: '2' });
  });

  it('removes more old deliveries than one step takes', async () => {
    for (let i = 0; i < 501; i += 1) {
      const delivery = { id: `d${i}`, source: 'generic', receivedAt: OLD, body: '{}' };
      await store.inbox.receive(delivery, `k${i}`);
    }
    const recent = { id: 'd', source: 'generic', receivedAt: NOW.toISOString(), body: '{}' };
    await store.inbox.receive(recent, 'k');
    expect(await store.sweep(90, NOW)).toMatchObject({ deliveries: 501 });
    expect(await store.inbox.read('d')).toEqual(recent);
  });
});
