import { createSsh, type Ssh, type SshOptions } from '../../src/adapters/ssh/create-ssh.ts';
import type { Argv, CommandResult, Probe } from '../../src/core/command.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/fleet/host.ts';
import type { Step } from '../../src/core/plan.ts';
import { createSilentLog } from './silent-log.ts';

/** The adapter over these hosts, quiet. */
export function sshTo(
  hosts: readonly Host[],
  options: Omit<SshOptions, 'inventory' | 'log'> = {},
): Ssh & { readonly lines: readonly string[] } {
  const log = createSilentLog();
  const inventory = new Map(hosts.map((host) => [host.name, host]));
  return { ...createSsh({ inventory, log, ...options }), lines: log.lines };
}

export function probe(argv: Argv, more: Partial<Probe> = {}): Probe {
  return { argv, timeoutSeconds: 20, outputLimitBytes: 1024 * 1024, ...more };
}

/** A script with arguments, as diagnostics send it. */
export function script(
  text: string,
  args: readonly string[] = [],
  more: Partial<Probe> = {},
): Probe {
  return probe(['sh', '-s', '--', ...args], { stdin: text, ...more });
}

export function step(argv: Argv, more: Partial<Step> = {}): Step {
  const words = { id: 'one', equivalent: '', why: '', undo: null };
  return { ...words, argv, timeoutSeconds: 20, ...more };
}

/** The HousecallError that this rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<HousecallError> {
  const reason: unknown = await promise.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (reason instanceof HousecallError) return reason;
  throw reason;
}

/** Runs `true` on one host of an inventory (default: its first), then closes everything. */
export async function tryHost(
  hosts: readonly Host[],
  name = hosts[0]?.name ?? '',
): Promise<CommandResult> {
  const ssh = sshTo(hosts);
  try {
    return await ssh.read(name, probe(['true']));
  } finally {
    await ssh.close();
  }
}

/** Why that failed. */
export function failureAt(hosts: readonly Host[], name?: string): Promise<HousecallError> {
  return failureOf(tryHost(hosts, name));
}
