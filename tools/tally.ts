import { existsSync, readFileSync } from 'node:fs';

/** A test that did not pass, or a file that could not be run. */
export interface Failure {
  readonly file: string;
  readonly name: string;
  /** First line of the error. */
  readonly message: string;
}

/** How many tests of one kind, or of one file, ended how. */
export interface Tally {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Name and reason. */
  readonly skipped: readonly string[];
  /** What failed, and passed when its file was run once more: see ADR 0011. */
  readonly flaky: readonly Failure[];
}

export const NOTHING: Tally = { passed: 0, failures: [], skipped: [], flaky: [] };

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
    skipped: tallies.flatMap(({ skipped }) => skipped),
    flaky: tallies.flatMap(({ flaky }) => flaky),
  };
}

/** What the reporter counted: a tally for each test file, by its path. */
export type FileTallies = Readonly<Record<string, Tally>>;

/** Failures that belong to no file stand under this name. */
export const NO_FILE = '(no file)';

/**
 * What the reporter counted. A run that failed without a failed test, or left no tally, or had not one
 * test to run, is a failure: nothing was proved.
 */
export function readTallies(tallyFile: string, runOk: boolean): FileTallies {
  const counted: FileTallies = existsSync(tallyFile)
    ? (JSON.parse(readFileSync(tallyFile, 'utf8')) as FileTallies)
    : {};
  const { passed, failures } = addTallies(Object.values(counted));
  if (failures.length > 0 || (runOk && passed > 0)) return counted;
  const message = runOk ? 'not one test passed' : 'the run failed without a failed test';
  return {
    ...counted,
    [NO_FILE]: { ...NOTHING, failures: [{ file: NO_FILE, name: 'the run itself', message }] },
  };
}

export interface TallyRow {
  readonly kind: string;
  readonly tally: Tally;
}

/** The table at the end of `npm test`; its last line is public: `N passed, N failed, N skipped`. */
export function tallyText(rows: readonly TallyRow[]): string {
  const all = addTallies(rows.map(({ tally }) => tally));
  const named = (word: string, pick: (tally: Tally) => readonly Failure[]): readonly string[] =>
    rows.flatMap(({ kind, tally }) =>
      pick(tally).map(
        ({ file, name, message }) => `  ${word} (${kind}) ${file}: ${name}\n    ${message}`,
      ),
    );
  return [
    line(['', 'passed', 'failed', 'skipped']),
    ...rows.map(({ kind, tally }) =>
      line([kind, tally.passed, tally.failures.length, tally.skipped.length]),
    ),
    ...rows.flatMap(({ kind, tally }) =>
      tally.skipped.map((reason) => `  skipped (${kind}) ${reason}`),
    ),
    ...named('failed once, passed when run again', ({ flaky }) => flaky),
    ...named('failed', ({ failures }) => failures),
    `${all.passed} passed, ${all.failures.length} failed, ${all.skipped.length} skipped`,
  ].join('\n');
}

function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(8)))
    .join('');
}
