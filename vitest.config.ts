import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** On a busy machine a second is not long; what is waited for comes at once on an idle one. */
const poll = { timeout: 15_000 };

/** One project per kind of test: `vitest run --project unit`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect: { poll },
          include: ['test/unit/**/*.test.ts', 'test/*.test.ts', 'test/contract/**/*.test.ts'],
          // Property tests on a busy machine; none needs a second on an idle one.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          expect: { poll },
          include: ['test/integration/**/*.test.ts'],
          // They wait for programs more than they compute: one worker leaves half of the machine idle.
          maxWorkers: Math.max(2, availableParallelism()),
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'lab',
          expect: { poll },
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          expect: { poll },
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
