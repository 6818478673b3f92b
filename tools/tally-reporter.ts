import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { TALLY_FILE } from './kinds.ts';
import type { Tally } from './tally.ts';

/** Counts tests into the file named by `HOUSECALL_TALLY_FILE`, with the reason of every skip. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tally = { passed: 0, failed: errors.length, skipped: [] as string[] };
    for (const module of modules) {
      // A file that could not be loaded has no tests to count, and is a failure.
      const tests = [...module.children.allTests()];
      if (module.errors().length > 0) tally.failed++;
      for (const test of tests) {
        const result = test.result();
        if (result.state === 'passed') tally.passed++;
        else if (result.state === 'failed') tally.failed++;
        else {
          const note = 'note' in result ? result.note : undefined;
          tally.skipped.push(`${test.fullName}: ${note ?? 'no reason given'}`);
        }
      }
    }
    const file = process.env[TALLY_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally satisfies Tally));
  }
}
