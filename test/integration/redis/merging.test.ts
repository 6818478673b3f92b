import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, createMergeWorld, type Wish } from '../../support/merge-world.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { makeRedisStore } from '../../support/redis-store-subject.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

const NAMES = ['A', 'B', 'C', 'D', 'E'];

it.each<{ wishes: Wish[]; least: number }>([
  { wishes: ['B>A', 'C>A', 'D>A', 'E>A'], least: 4 },
  { wishes: ['B>A', 'C>A', 'A>D', 'E>D'], least: 1 },
  { wishes: ['B>A', 'C>B', 'D>C', 'A>D'], least: 1 },
  { wishes: ['B>A', 'A>B', 'C>A', 'C>B'], least: 1 },
])('merges that several processes begin at one moment: $wishes', async ({ wishes, least }) => {
  for (let round = 0; round < 5; round++) {
    const namespace = redis.namespace();
    const stores = await Promise.all(wishes.map(() => makeRedisStore(redis.url, namespace)));
    try {
      const [first] = stores;
      if (first === undefined) throw new Error('no store');
      const world = await createMergeWorld(first.journal, NAMES);
      const settled = await Promise.allSettled(
        wishes.map((wish, n) => world.merge(wish, stores[n]?.journal)),
      );
      const outcomes = settled.map((one) => (one.status === 'fulfilled' ? null : one.reason));
      const codes = outcomes.map(codeOf);
      expect(['done', 'STATE_CONFLICT']).toEqual(expect.arrayContaining(codes));
      const done = codes.filter((code) => code === 'done');
      expect(done.length).toBeGreaterThanOrEqual(least);
      await world.check(wishes, outcomes);
      await world.mergeAll();
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  }
});
