import { z } from 'zod';
import { flag, listOf, localPath, matching, text, wholeNumber } from './fields.ts';

const USER = matching(/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,63}\$?$/, 'a user name on the host');
const SECONDS = wholeNumber(1, 120, 'seconds');

/** The address may hold `{name}`; whether it is one is checked when the names are known. */
const ADDRESS = matching(
  /^(?!-)[A-Za-z0-9._:%{}-]{1,253}$/,
  'a host name or IP address; {name} stands for the name',
);

const NAME_LIST = 'names (letters, digits, ".", "_", "-")';
const NAME = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, `one of ${NAME_LIST}`);
const ALIAS = matching(/^[A-Za-z0-9{][A-Za-z0-9._{}-]{0,252}$/, `one of ${NAME_LIST}, or {name}`);

/** How to log in: for all hosts under `ssh`, and again per host. */
const login = {
  user: USER.describe('Login name on the host.').optional(),
  identityFile: localPath().describe('Private key.').optional(),
  passphrase: text().describe('Passphrase of the private key.').optional(),
  agent: localPath().describe('Socket of an SSH agent.').optional(),
  knownHostsFile: localPath().describe('Known host keys, in OpenSSH format.').optional(),
  connectTimeoutSeconds: SECONDS.describe('Limit for connecting and logging in.').optional(),
};

export const Ssh = z.strictObject(
  {
    ...login,
    knownHostsFile: localPath()
      .describe('Known host keys, in OpenSSH format. Keys are always verified.')
      .default('~/.ssh/known_hosts'),
    connectTimeoutSeconds: SECONDS.describe('Limit for connecting and logging in.').default(8),
  },
  { error: 'a map of settings' },
);

export const HostEntry = z.strictObject(
  {
    address: ADDRESS.describe('Host name or IP address; `{name}` stands for the name.').default(
      '{name}',
    ),
    port: wholeNumber(1, 65_535).describe('Port of sshd.').default(22),
    groups: listOf(NAME, NAME_LIST).describe('Groups it is in, for `@group`.').default([]),
    aliases: listOf(ALIAS, NAME_LIST)
      .describe('Other names, as alerts and people use them; unique over all hosts.')
      .default([]),
    via: text('the name of another host')
      .describe('Bastion: another host to hop through.')
      .optional(),
    sudo: flag().describe('Run probes through `sudo -n`.').default(false),
    ...login,
  },
  { error: 'a map such as { address: 10.0.0.17 }' },
);
export type HostEntry = z.output<typeof HostEntry>;

export const Hosts = z.record(z.string(), HostEntry, {
  error: 'a map of hosts by name, such as { host-17: { address: 10.0.0.17 } }',
});
