import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCheck } from './check-parts.ts';
import { KINDS, testPart, unitPart } from './kinds.ts';
import { runPart } from './part.ts';
import { locatePrograms } from './prerequisites.ts';
import { readTally, type TallyRow, tallyText } from './tally.ts';

/** `npm test`: check, then integration, lab and end-to-end tests, one kind after the other. */
const folder = mkdtempSync(path.join(tmpdir(), 'housecall-tally-'));
const fileOf = (kind: string): string => path.join(folder, `${kind}.json`);
try {
  await locatePrograms();
  console.log('\ncheck');
  const parts = await runCheck(unitPart(fileOf('unit')));
  const others = parts.filter(({ name }) => name !== unitPart().name);
  const unitOk = parts.every(({ name, ok }) => ok || name !== unitPart().name);
  const rows: TallyRow[] = [{ kind: 'unit', tally: readTally(fileOf('unit'), unitOk) }];
  for (const kind of KINDS) {
    if (kind === 'unit') continue;
    console.log(`\n${kind}`);
    const part = testPart(kind, { tallyFile: fileOf(kind), quiet: false });
    const { ok } = await runPart(part, { show: true });
    rows.push({ kind, tally: readTally(fileOf(kind), ok) });
  }
  // The parts of check other than the unit tests, which are counted one by one.
  const failed = others.filter(({ ok }) => !ok).length;
  rows.push({ kind: 'checks', tally: { passed: others.length - failed, failed, skipped: [] } });
  if (failed > 0) {
    console.log(
      `\nfailed checks: ${others
        .filter(({ ok }) => !ok)
        .map(({ name }) => name)
        .join(', ')} (output above)`,
    );
  }
  console.log(`\n${tallyText(rows)}`);
  process.exitCode = rows.some(({ tally }) => tally.failed > 0) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
