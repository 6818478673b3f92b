import { afterAll, describe, expect, it } from 'vitest';
import { silentLog } from '../support/redis.ts';
import { type Row, runScenario } from './frame/run-scenario.ts';
import { loadScenarios } from './frame/scenarios.ts';
import { tableText } from './frame/table.ts';
import { labProblem } from './host/lab.ts';

const problem = await labProblem();
if (problem !== null) console.warn(`the founding incidents: skipped, ${problem}`);
const scenarios = await loadScenarios();

describe.skipIf(problem !== null)('the founding incidents, made for real', () => {
  const rows: Row[] = [];
  afterAll(() => console.log(`\n${tableText(rows)}\n`));

  for (const scenario of scenarios) {
    it(`${scenario.name}: from the alert to fixes that are verified, while people only approve`, {
      timeout: 300_000,
    }, async ({ skip }) => {
      const row = await runScenario(scenario, { log: silentLog, say: () => {} });
      rows.push(row);
      if (row.skipped !== undefined) skip(row.skipped);
      expect(row.error).toBeUndefined();
    });
  }
});
