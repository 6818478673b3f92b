import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../../src/core/command.ts';
import type { Fix, PlanContext } from '../../src/fixes/contract.ts';
import { FIXTURE_NONCE, resultOf } from './diagnostic-fixture.ts';

export const FIXES_DIRECTORY = fileURLToPath(new URL('../../src/fixes', import.meta.url));

/** The context that every fixture was judged in. */
export const FIXTURE_CONTEXT: PlanContext = {
  fix: 'f1x0000000000001',
  host: 'host-17',
  saveDirectory: '/var/tmp/housecall',
  nonce: FIXTURE_NONCE,
};

/**
 * A folder `src/fixes/<id>/fixtures/<case>/`: `params.json`, `output.txt` (what the probe printed, with
 * FIXTURE_NONCE), `result.json` (optional: what else a CommandResult says) and `expected.json`.
 */
export interface FixFixture {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: CommandResult;
  readonly expected: unknown;
}

export function fixFixturesOf(id: string): readonly FixFixture[] {
  const root = join(FIXES_DIRECTORY, id, 'fixtures');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted()
    .map((name) => {
      const read = (file: string): string => readFileSync(join(root, name, file), 'utf8');
      const more = existsSync(join(root, name, 'result.json')) ? read('result.json') : '{}';
      return {
        name,
        params: JSON.parse(read('params.json')) as Record<string, unknown>,
        result: resultOf(read('output.txt'), JSON.parse(more) as Partial<CommandResult>),
        expected: JSON.parse(read('expected.json')) as unknown,
      };
    });
}

/** What `expected.json` holds: the line about the host, and the plan without its scripts, or why there is none. */
export function judgeFix(
  fix: Fix,
  params: Readonly<Record<string, unknown>>,
  result: CommandResult,
): unknown {
  const bound = fix.bind(params, FIXTURE_CONTEXT);
  const state = bound.parse(result);
  const plan = bound.plan(state);
  const shown =
    typeof plan === 'string'
      ? plan
      : { ...plan, steps: plan.steps.map((step) => ({ ...step, stdin: undefined })) };
  return JSON.parse(JSON.stringify({ describe: bound.describe(state), plan: shown }));
}
