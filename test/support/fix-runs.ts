import { execFileSync } from 'node:child_process';
import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import type { Fix, Verdict } from '../../src/fixes/contract.ts';
import type { RemoteReader, RemoteWriter } from '../../src/ports/remote.ts';
import type { Box, ProbeOptions } from './box.ts';
import { createLocalRemote, type LocalRemote } from './local-remote.ts';

/** One fix with its parameters, to be run on this machine. */
export interface FixRun {
  readonly module: Fix;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fix: string;
  /** `fixes.saveDirectory` for it. */
  readonly save: string;
}

export interface FixLook {
  readonly state: unknown;
  readonly plan: Plan | string;
  readonly words: string;
  verify(before: unknown): Verdict;
}

/** Runs scripts with a shell by name; `busybox`: with nothing but its applets in PATH. */
export function shellRemote(directory: string, name: string): LocalRemote {
  if (name !== 'busybox') return createLocalRemote({ shell: [name] });
  const applets = join(directory, 'applets');
  try {
    mkdirSync(applets);
    execFileSync('busybox', ['--install', '-s', applets]);
    symlinkSync(readlinkSync(join(applets, 'ls')), join(applets, 'busybox'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const shell = [join(applets, 'busybox'), 'sh'] as const;
  return createLocalRemote({ shell: [...shell], env: { PATH: applets } });
}

type Remote = RemoteReader & RemoteWriter;

/** Looks at and changes what is in a box. */
export function boxRemote(box: Box, options: ProbeOptions): Remote {
  return {
    read: (_host, probe) => Promise.resolve(box.probe(probe, options)),
    change: (_host, step) =>
      Promise.resolve(box.probe({ ...step, outputLimitBytes: 2 ** 21 }, options)),
  };
}

export async function lookAt(remote: Remote, run: FixRun): Promise<FixLook> {
  const { fix, params, save, module } = run;
  const context = { fix, host: 'host-17', saveDirectory: save, nonce: 'n0nce' };
  const bound = module.bind(params, context);
  const state = bound.parse(await remote.read('host-17', bound.probe));
  return {
    state,
    plan: bound.plan(state),
    words: bound.describe(state),
    verify: (before) => bound.verify(before, state),
  };
}

export async function planOf(remote: Remote, run: FixRun): Promise<Plan> {
  const { plan } = await lookAt(remote, run);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

/** What each step ended with, what all said on standard error, and what each printed. */
export async function runAll(
  remote: Remote,
  steps: readonly Step[],
): Promise<{ codes: (number | null)[]; said: string; printed: string[] }> {
  const results: CommandResult[] = [];
  for (const step of steps) results.push(await remote.change('host-17', step));
  return {
    codes: results.map(({ exitCode }) => exitCode),
    said: results.map(({ stderr }) => stderr).join(''),
    printed: results.map(({ stdout }) => stdout),
  };
}
