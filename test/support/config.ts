import { type Config, parseConfig } from '../../src/config/load-config.ts';
import { HousecallError } from '../../src/core/errors.ts';

export const HOSTS = 'hosts: { host-17: { address: 10.0.0.17 } }\n';
export const MINIMAL = `ssh: { user: ops }\n${HOSTS}`;

/** As if it stood in a file of this name, which does not exist. */
export function parse(text: string, env: Record<string, string> = {}): Config {
  return parseConfig(text, {
    file: '/etc/housecall/housecall.yaml',
    env: { HOME: '/home/me', ...env },
  });
}

/** The message of the expected error. */
export function problemOf(text: string, env: Record<string, string> = {}): string {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof HousecallError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  return 'no problem';
}
