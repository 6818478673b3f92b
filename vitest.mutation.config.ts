import { defineConfig } from 'vitest/config';

/** The tests that judge what hosts print, plan fixes and approve them: those that mutation testing runs. */
export default defineConfig({
  test: {
    include: [
      'test/contract/diagnostics.test.ts',
      'test/contract/fixes.test.ts',
      'test/unit/diagnostics/**/*.test.ts',
      'test/unit/fixes/**/*.test.ts',
      'test/unit/approval/**/*.test.ts',
      'test/unit/security/approval*.test.ts',
      'test/unit/workflows/**/*.test.ts',
    ],
    // Hundreds of judgements each, and none that the fixtures do not make.
    testNamePattern: /^(?!.*(cut-off|whatever the parameters are))/,
    testTimeout: 60_000,
  },
});
