import { expect, it, vi } from 'vitest';
import { repeat } from '../../../src/app/repeat.ts';

const nothing = (): void => {};

it('begins at once and goes on, one round after the other, also after one that failed', async () => {
  let rounds = 0;
  let going = 0;
  const failures: unknown[] = [];
  const repeated = repeat(
    async () => {
      going += 1;
      expect(going).toBe(1);
      await new Promise(setImmediate);
      going -= 1;
      rounds += 1;
      if (rounds === 1) throw new Error('Redis is away');
    },
    { everyMs: 1, failed: (error) => failures.push(error) },
  );
  await vi.waitFor(() => expect(rounds).toBeGreaterThanOrEqual(3), 10_000);
  await repeated.stop();
  expect(failures).toEqual([new Error('Redis is away')]);
});

it('tells the round that is going to stop, waits for it, and begins no other', async () => {
  const seen: boolean[] = [];
  let release = nothing;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const repeated = repeat(
    async (stopped) => {
      await held;
      seen.push(stopped());
    },
    { everyMs: 1, failed: nothing },
  );
  const ended = repeated.stop();
  release();
  await ended;
  expect(seen).toEqual([true]);
});

it('waits no longer than its grace for a round that hangs', async () => {
  const repeated = repeat(() => new Promise(nothing), { everyMs: 1, failed: nothing, graceMs: 5 });
  await expect(repeated.stop()).resolves.toBeUndefined();
});
