import path from 'node:path';
import type { Part } from './part.ts';

/** Kinds of tests, one vitest project each. */
export const KINDS = ['unit', 'integration', 'lab', 'e2e'] as const;
export type Kind = (typeof KINDS)[number];

/** The file that `tally-reporter.ts` writes is named in this variable. */
export const TALLY_FILE = 'HOUSECALL_TALLY_FILE';

interface TestPartOptions {
  readonly tallyFile?: string;
  readonly quiet: boolean;
  /** Only these test files; all of the kind when none is named. */
  readonly files?: readonly string[];
}

/** One kind of tests, counted into a file when one is named. */
export function testPart(kind: Kind, options: TestPartOptions): Part {
  const reporter = path.resolve(import.meta.dirname, 'tally-reporter.ts');
  const { tallyFile } = options;
  return {
    name: `${kind} tests`,
    argv: [
      'vitest',
      'run',
      '--project',
      kind,
      `--reporter=${options.quiet ? 'dot' : 'default'}`,
      ...(tallyFile === undefined ? [] : [`--reporter=${reporter}`]),
      ...(options.files ?? []),
    ],
    ...(tallyFile === undefined ? {} : { env: { [TALLY_FILE]: tallyFile } }),
  };
}

export function unitPart(tallyFile?: string): Part {
  return testPart('unit', { quiet: true, ...(tallyFile === undefined ? {} : { tallyFile }) });
}
