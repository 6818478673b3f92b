import type { UnsetVariable } from './interpolate.ts';
import { keyText } from './keys.ts';
import type { Settings } from './schema.ts';

/** Every host needs a user, its own or that of `ssh`. */
export function loginProblems(
  { ssh, hosts }: Pick<Settings, 'ssh' | 'hosts'>,
  unset: readonly UnsetVariable[],
): readonly string[] {
  const without = Object.entries(hosts).find(([, entry]) => entry.user === undefined);
  if (ssh.user !== undefined || without === undefined) return [];
  const variable = unset.find(({ key }) => key === 'ssh.user')?.variable;
  const why =
    variable === undefined ? 'missing' : `the environment variable ${variable} is not set`;
  return [`ssh.user: ${why}; needed by ${keyText(['hosts', without[0]])}, which names no user`];
}
