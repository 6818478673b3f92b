import { existsSync, readFileSync } from 'node:fs';

/** How many tests of one kind ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Name and reason. */
  readonly skipped: readonly string[];
}

/**
 * What the reporter counted. A run that failed without a failed test, or left no tally, or had not one
 * test to run, is a failure: nothing was proved.
 */
export function readTally(file: string, runOk: boolean): Tally {
  const tally: Tally = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Tally)
    : { passed: 0, failed: 0, skipped: [] };
  const proved = runOk && tally.passed > 0;
  return tally.failed === 0 && !proved ? { ...tally, failed: 1 } : tally;
}

export interface TallyRow {
  readonly kind: string;
  readonly tally: Tally;
}

/** The table at the end of `npm test`; its last line is public: `N passed, N failed, N skipped`. */
export function tallyText(rows: readonly TallyRow[]): string {
  const sum = (count: (tally: Tally) => number): number =>
    rows.reduce((total, { tally }) => total + count(tally), 0);
  const reasons = rows.flatMap(({ kind, tally }) =>
    tally.skipped.map((reason) => `  skipped (${kind}) ${reason}`),
  );
  return [
    line(['', 'passed', 'failed', 'skipped']),
    ...rows.map(({ kind, tally }) =>
      line([kind, tally.passed, tally.failed, tally.skipped.length]),
    ),
    ...reasons,
    `${sum((t) => t.passed)} passed, ${sum((t) => t.failed)} failed, ${sum((t) => t.skipped.length)} skipped`,
  ].join('\n');
}

function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(8)))
    .join('');
}
