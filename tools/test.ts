import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCheck } from './check-parts.ts';
import { KINDS, type Kind, testPart, unitPart } from './kinds.ts';
import { type PartResult, runPart } from './part.ts';
import { locatePrograms } from './prerequisites.ts';
import { secondLook } from './second-look.ts';
import {
  addTallies,
  type FileTallies,
  NOTHING,
  readTallies,
  type Tally,
  type TallyRow,
  tallyText,
} from './tally.ts';

/** `npm test`: check, then integration, lab and end-to-end tests, one kind after the other. */
const folder = mkdtempSync(path.join(tmpdir(), 'housecall-tally-'));
try {
  await locatePrograms();
  console.log('\ncheck');
  const unitFile = path.join(folder, 'unit.json');
  const unit = unitPart(unitFile);
  const parts = await runCheck(unit);
  const unitOk = parts.every(({ name, ok }) => ok || name !== unit.name);
  // Unit tests have no clock and no process to wait for: what fails there fails.
  const unitTally = addTallies(Object.values(readTallies(unitFile, unitOk)));
  const rows: TallyRow[] = [{ kind: 'unit', tally: unitTally }];
  for (const kind of KINDS) {
    if (kind === 'unit') continue;
    console.log(`\n${kind}`);
    rows.push({ kind, tally: await secondLook(await run(kind), (files) => run(kind, files)) });
  }
  const others = parts.filter(({ name }) => name !== unit.name);
  rows.push({ kind: 'checks', tally: tallyOfChecks(others) });
  console.log(`\n${tallyText(rows)}`);
  process.exitCode = rows.some(({ tally }) => tally.failures.length > 0) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(kind: Kind, files: readonly string[] = []): Promise<FileTallies> {
  if (files.length > 0) console.log(`\n${kind}, once more: ${files.join(' ')}`);
  const tallyFile = path.join(folder, `${kind}${files.length > 0 ? '-again' : ''}.json`);
  const { ok } = await runPart(testPart(kind, { tallyFile, quiet: false, files }), { show: true });
  return readTallies(tallyFile, ok);
}

/** The parts of check other than the unit tests, which are counted one by one. */
function tallyOfChecks(parts: readonly PartResult[]): Tally {
  const failures = parts
    .filter(({ ok }) => !ok)
    .map(({ name }) => ({ file: 'npm run check', name, message: 'its output stands above' }));
  return { ...NOTHING, passed: parts.length - failures.length, failures };
}
