import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRedis, type RedisStore } from '../../../src/adapters/redis/create-redis.ts';
import { verifyChain } from '../../../src/core/audit/chain.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import type { Commit } from '../../../src/ports/journal.ts';
import type { Log } from '../../../src/ports/log.ts';
import { silentLog, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { sha256 } from '../../support/sha256.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const UNAVAILABLE = { name: 'HousecallError', code: 'STORE_UNAVAILABLE' };

function commitOf(expectedSeq: number, more: Partial<Commit> = {}): Commit {
  const event = { type: 'incident.mitigated', reason: `after ${expectedSeq}` } as const;
  const at = '2026-11-20T12:00:00.000Z';
  return { stream: 's', expectedSeq, at, actor: HOUSECALL, events: [event], ...more };
}

const WITH_ROWS: Partial<Commit> = {
  chat: [{ lane: 'room:s', operation: { op: 'room.topic', topic: 't' } }],
  jobs: [{ kind: 'close-incident', stream: 's' }],
  claims: ['channel:C1'],
  open: true,
};

describe('redis: faults', () => {
  let redis: TestRedis;
  let admin: Redis;
  const stores: RedisStore[] = [];
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url, { protocol: 2 });
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });
  const open = (namespace: string, more: { url?: string; timeoutMs?: number; log?: Log } = {}) => {
    const store = createRedis({ url: redis.url, namespace, log: silentLog, ...more });
    stores.push(store);
    return store;
  };

  it('lets one writer win each number when many commit at once, and the chain holds', async () => {
    const namespace = redis.namespace();
    const writers = [open(namespace), open(namespace), open(namespace), open(namespace)];
    const first = await Promise.all(
      writers.flatMap(({ journal }) =>
        Array.from({ length: 50 }, () => journal.commit(commitOf(0))),
      ),
    );
    expect(first.filter((result) => result.ok)).toHaveLength(1);

    const insist = async (store: RedisStore): Promise<void> => {
      for (let done = 0; done < 10; ) {
        const seq = (await store.journal.read('s')).length;
        if ((await store.journal.commit(commitOf(seq))).ok) done += 1;
      }
    };
    await Promise.all([...writers, ...writers].map(insist));
    const records = await open(namespace).journal.read('s');
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 81 }, (_, i) => i + 1));
    expect(verifyChain(records, sha256).ok).toBe(true);
  });

  it('shows by the chain that a record was changed in Redis', async () => {
    const namespace = redis.namespace();
    const { journal } = open(namespace);
    for (const seq of [0, 1, 2]) await journal.commit(commitOf(seq));
    const key = `${namespace}:v1:case:s`;
    const text = (await admin.lindex(key, 1)) ?? '';
    await admin.lset(key, 1, text.replace('after 1', 'after 9'));
    expect(verifyChain(await journal.read('s'), sha256)).toMatchObject({ ok: false, seq: 2 });
  });

  describe('with a connection that loses answers', () => {
    let proxy: TcpProxy;
    beforeAll(async () => {
      proxy = await startTcpProxy(redis.port);
    });
    afterAll(() => proxy.close());
    const openLossy = (namespace: string) =>
      open(namespace, { url: `redis://127.0.0.1:${proxy.port}` });

    it('applies a commit once and calls it committed', async () => {
      const { journal, outbox } = openLossy(redis.namespace());
      await journal.commit(commitOf(0, { stream: 'warm-up' }));
      const lost = proxy.loseNextAnswer();
      const result = await journal.commit(commitOf(0, WITH_ROWS));
      await lost;
      expect(result.ok).toBe(true);
      expect(await journal.read('s')).toEqual(result.ok ? result.records : 'refused');
      expect((await outbox.depth()).rows).toBe(1);
    });

    it('calls a delivery stored, not duplicate', async () => {
      const { inbox } = openLossy(redis.namespace());
      const receivedAt = '2026-11-20T12:00:00.000Z';
      const delivery = { id: 'd1', source: 'generic', receivedAt, body: '{}' };
      await inbox.receive({ ...delivery, id: 'd0' }, 'warm-up');
      const lost = proxy.loseNextAnswer();
      expect(await inbox.receive(delivery, 'key')).toBe('stored');
      await lost;
      expect(await inbox.receive(delivery, 'key')).toBe('duplicate');
    });

    it('takes a Slack request for new, and the next one of its name for a replay', async () => {
      const { seen } = openLossy(redis.namespace());
      expect(await seen('warm-up')).toBe(false);
      const lost = proxy.loseNextAnswer();
      expect(await seen('request')).toBe(false);
      await lost;
      expect(await seen('request')).toBe(true);
    });

    it('marks a row as sent, and the next one is still there', async () => {
      const { journal, outbox } = openLossy(redis.namespace());
      const row = { lane: 'room:s', operation: { op: 'room.topic', topic: 't' } } as const;
      await journal.commit(commitOf(0, { chat: [row, row, row] }));
      const first = await outbox.lease('a', 60);
      if (first === null) throw new Error('nothing to lease');
      await outbox.done(first, 'a');
      const second = await outbox.lease('a', 60);
      if (second === null) throw new Error('nothing to lease');
      const lost = proxy.loseNextAnswer();
      expect(await outbox.done(second, 'a')).toBe(true);
      await lost;
      expect((await outbox.depth()).rows).toBe(1);
    });
  });

  it('never gives one lane to two senders, and keeps each lane in order', async () => {
    const namespace = redis.namespace();
    const { journal } = open(namespace);
    const lanes = Array.from({ length: 6 }, (_, i) => `channel:C${i}` as const);
    for (let seq = 0; seq < 15; seq += 1) {
      const chat = lanes.map((lane) => ({
        lane,
        operation: { op: 'room.topic', topic: String(seq) } as const,
      }));
      await journal.commit(commitOf(seq, { chat }));
    }
    const held = new Set<string>();
    const sent = new Map<string, string[]>();
    const send = async (owner: string): Promise<void> => {
      const { outbox } = open(namespace);
      for (;;) {
        const row = await outbox.lease(owner, 60);
        if (row === null && (await outbox.depth()).rows === 0) return;
        if (row === null) continue;
        if (held.has(row.lane)) throw new Error(`${row.lane} was leased twice`);
        held.add(row.lane);
        if (row.operation.op !== 'room.topic') throw new Error('not what was committed');
        sent.set(row.lane, [...(sent.get(row.lane) ?? []), row.operation.topic]);
        await sleep(Math.random() * 3);
        held.delete(row.lane);
        await outbox.done(row, owner);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(send));
    const inOrder = Array.from({ length: 15 }, (_, i) => String(i));
    expect([...sent.values()]).toEqual(lanes.map(() => inOrder));
  });

  it('keeps everything that was committed when Redis is killed and started again', async () => {
    const { journal, outbox, reports } = open(redis.namespace());
    await journal.commit(commitOf(0, WITH_ROWS));
    await redis.kill();
    await expect(journal.read('s')).rejects.toMatchObject(UNAVAILABLE);
    await redis.restart();
    await expect.poll(() => journal.read('s').catch(() => []), { timeout: 15_000 }).toHaveLength(1);
    expect(await journal.owner('channel:C1')).toBe('s');
    expect(await journal.open()).toEqual(['s']);
    expect((await outbox.depth()).rows).toBe(1);
    expect(await reports.count('r')).toBe(0);
  });

  it('gives up in time while Redis is frozen, and says what it could not do', async () => {
    const { journal, outbox } = open(redis.namespace(), { timeoutMs: 300 });
    await journal.commit(commitOf(0));
    process.kill(redis.pid(), 'SIGSTOP');
    try {
      await expect(journal.commit(commitOf(1))).rejects.toMatchObject({
        ...UNAVAILABLE,
        message: `Redis 127.0.0.1:${redis.port}: cannot read record 1 of s: no answer in 0.3 s`,
      });
      await outbox.wait(50);
    } finally {
      process.kill(redis.pid(), 'SIGCONT');
    }
  });

  it('says that Redis is away in time and in few log lines, also when it never was there', async () => {
    const lines: string[] = [];
    const count = (_: unknown, message: string): void => void lines.push(message);
    const log: Log = { info: count, warn: count, error: count };
    const { journal, outbox } = open('nobody', {
      url: 'redis://:secret@127.0.0.1:1',
      timeoutMs: 200,
      log,
    });
    for (let i = 0; i < 5; i += 1) {
      await expect(journal.commit(commitOf(0))).rejects.toMatchObject(UNAVAILABLE);
    }
    await outbox.wait(300);
    await expect(journal.read('s')).rejects.not.toThrow('secret');
    // One of each connection: the store's and the listener's.
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  it('refuses a commit whole when the memory of Redis is full, and takes it afterwards', async () => {
    const namespace = redis.namespace();
    const { journal, outbox, inbox } = open(namespace);
    await journal.commit(commitOf(0, WITH_ROWS));
    const row = await outbox.lease('a', 60);
    if (row === null) throw new Error('nothing to lease');
    await admin.config('SET', 'maxmemory', '1');
    try {
      const commit = journal.commit(commitOf(1, WITH_ROWS));
      await expect(commit).rejects.toMatchObject({
        ...UNAVAILABLE,
        context: { outcome: 'refused' },
      });
      const receivedAt = '2026-11-20T12:00:00.000Z';
      const delivery = { id: 'd1', source: 'generic', receivedAt, body: '{}' };
      await expect(inbox.receive(delivery, 'k')).rejects.toMatchObject(UNAVAILABLE);
      // What was sent can still be taken off, else it would be sent twice.
      expect(await outbox.done(row, 'a')).toBe(true);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
    expect(await journal.read('s')).toHaveLength(1);
    expect((await outbox.depth()).rows).toBe(0);
    expect((await journal.commit(commitOf(1, WITH_ROWS))).ok).toBe(true);
  });

  it('calls a replica unavailable', async () => {
    const { journal } = open(redis.namespace(), { timeoutMs: 500 });
    await journal.commit(commitOf(0));
    await admin.replicaof('127.0.0.1', 1);
    try {
      await expect(journal.commit(commitOf(1))).rejects.toMatchObject(UNAVAILABLE);
    } finally {
      await admin.replicaof('NO', 'ONE');
    }
  });
});
