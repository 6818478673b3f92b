import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { TALLY_FILE } from './kinds.ts';
import { type Failure, type FileTallies, NO_FILE, NOTHING, type Tally } from './tally.ts';

/** Counts tests into the file named by `HOUSECALL_TALLY_FILE`, with the reason of every skip. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tallies: Record<string, Tally> = {};
    for (const module of modules) tallies[fileOf(module)] = tallyOf(module);
    if (errors.length > 0) {
      const failures = errors.map((error) => failure(NO_FILE, 'outside of a test', [error]));
      tallies[NO_FILE] = { ...NOTHING, failures };
    }
    const file = process.env[TALLY_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tallies satisfies FileTallies));
  }
}

function fileOf(module: TestModule): string {
  return path.relative(process.cwd(), module.moduleId);
}

function tallyOf(module: TestModule): Tally {
  const file = fileOf(module);
  const failures: Failure[] = [];
  const skipped: string[] = [];
  let passed = 0;
  // A file that could not be loaded has no tests to count, and is a failure.
  if (module.errors().length > 0) failures.push(failure(file, 'the file', module.errors()));
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0) failures.push(failure(file, suite.fullName, suite.errors()));
  }
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') passed++;
    else if (result.state === 'failed') failures.push(failure(file, test.fullName, result.errors));
    else {
      const note = 'note' in result ? result.note : undefined;
      skipped.push(`${test.fullName}: ${note ?? 'no reason given'}`);
    }
  }
  return { passed, failures, skipped, flaky: [] };
}

function failure(file: string, name: string, errors: readonly SerializedError[]): Failure {
  const [first = ''] = (errors[0]?.message ?? 'no message').split('\n');
  return { file, name, message: first.slice(0, 300) };
}
