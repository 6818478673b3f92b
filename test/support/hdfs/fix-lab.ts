import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Plan, Step } from '../../../src/core/plan.ts';
import type { BoundFix, PlanContext } from '../../../src/fixes/contract.ts';
import { setAsideDirectory } from '../../../src/fixes/set-aside-directory/index.ts';
import { createLocalRemote, type LocalRemote } from '../local-remote.ts';
import type { HdfsSite } from './cluster.ts';

/** One directory, one fix for it, and a shell to run it with. */
export interface FixTrial {
  readonly aside: string;
  readonly remote: LocalRemote;
  /** Looks, and says what would be done. */
  look(): Promise<{ state: unknown; plan: Plan | string }>;
  /** Runs the steps of a plan until one fails; its words and exit statuses. */
  run(steps: readonly Step[]): Promise<{ codes: (number | null)[]; said: string }>;
  verify(before: unknown, after: unknown): { outcome: string; reason: string };
  describe(state: unknown): string;
}

let fixes = 0;

/** A directory for marks that nobody else can write to; /tmp is not. */
export function createSaveDirectory(): { directory: string; remove(): void } {
  const base = mkdtempSync(path.join(homedir(), '.housecall-test-'));
  chmodSync(base, 0o700);
  return {
    directory: `${base}/save`,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

export function trial(
  site: HdfsSite,
  options: {
    readonly path: string;
    readonly save: string;
    readonly shell?: readonly [string, ...string[]];
    readonly user?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): FixTrial {
  fixes += 1;
  const fix = `fix${process.pid}x${fixes}`;
  const context: PlanContext = {
    fix,
    host: 'gateway-1',
    saveDirectory: options.save,
    nonce: 'n0nce',
  };
  const user = options.user === undefined ? {} : { HADOOP_USER_NAME: options.user };
  const remote = createLocalRemote({
    shell: options.shell ?? ['dash'],
    env: { ...site.env, ...user, ...options.env },
  });
  const bound: BoundFix = setAsideDirectory.bind({ path: options.path }, context);
  return {
    aside: `${options.path}_old-${fix}`,
    remote,
    async look() {
      const state = bound.parse(await remote.read('gateway-1', bound.probe));
      return { state, plan: bound.plan(state) };
    },
    async run(steps) {
      const codes: (number | null)[] = [];
      let said = '';
      for (const step of steps) {
        const { exitCode, stdout, stderr } = await remote.change('gateway-1', step);
        codes.push(exitCode);
        said += `${stdout}${stderr}`;
        if (exitCode !== 0) break;
      }
      return { codes, said };
    },
    verify: (before, after) => bound.verify(before, after),
    describe: (state) => bound.describe(state),
  };
}

/** The plan, or the test fails with the reason why there is none. */
export function planOf(looked: { plan: Plan | string }): Plan {
  if (typeof looked.plan === 'string') throw new Error(`no plan: ${looked.plan}`);
  return looked.plan;
}
