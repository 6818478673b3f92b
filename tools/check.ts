import { runCheck } from './check-parts.ts';
import { unitPart } from './kinds.ts';

/** `npm run check`: format, lint, types, unit tests, unused code, reference, shell scripts. */
const results = await runCheck(unitPart());
const failed = results.filter(({ ok }) => !ok);
console.log(
  failed.length === 0
    ? `\ncheck is good (${results.length} parts)`
    : `\ncheck failed: ${failed.map(({ name }) => name).join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
