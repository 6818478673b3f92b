import { addTallies, type FileTallies, NO_FILE, NOTHING, type Tally } from './tally.ts';

/** More failed files than this are no accident of a busy machine, and are not run again. */
const MOST_FILES = 3;

/** Runs test files alone, and counts them. */
export type RunFiles = (files: readonly string[]) => Promise<FileTallies>;

/**
 * Files with a failure are run once more, alone. What passes then is counted as passed and named as flaky;
 * what fails again has failed. Why: ADR 0011.
 */
export async function secondLook(first: FileTallies, run: RunFiles): Promise<Tally> {
  const suspects = Object.keys(first).filter((file) => (first[file]?.failures.length ?? 0) > 0);
  const total = addTallies(Object.values(first));
  const accident = suspects.length <= MOST_FILES && !suspects.includes(NO_FILE);
  if (suspects.length === 0 || !accident) return total;
  const second = await run(suspects);
  const merged = Object.keys({ ...first, ...second }).map((file): Tally => {
    const before = first[file];
    const after = second[file];
    if (after === undefined) return before ?? NOTHING;
    // What still fails is told as it failed first: it failed among the others, as a run does.
    if (after.failures.length > 0) return before ?? after;
    return { ...after, flaky: before?.failures ?? [] };
  });
  return addTallies(merged);
}
