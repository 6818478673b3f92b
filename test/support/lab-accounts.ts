import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram, installPackage, runTool } from '../../src/app/sshd-program.ts';
import type { Box } from './box.ts';
import { startLocalSshd } from './sshd.ts';

/** Somebody who logs in to a box; a host of the inventory under that name. */
export interface Account {
  readonly name: string;
  /** `refused`: the inventory says sudo, the host does not. */
  readonly sudo?: 'allowed' | 'refused';
  /** With the applets of busybox as shell and first in PATH. */
  readonly busybox?: true;
  /** Further groups. */
  readonly groups?: readonly string[];
  /** Another name of root. */
  readonly root?: true;
}

export const ROOT: Account = { name: 'root', root: true };

/** A box behind a real sshd. */
export interface Door {
  /** `--config` that knows the host once per account. */
  readonly configFile: string;
  /** Runs a script as the account's login shell does, by OpenSSH's own client. */
  login(account: string, script: string): Promise<string>;
  close(): Promise<void>;
}

/** Accounts of this box alone: its /etc is a copy, which goes with it. Groups that there are not are made. */
export async function makeAccounts(box: Box, accounts: readonly Account[]): Promise<void> {
  if ((await findProgram('sudo')) === null) await installPackage('sudo');
  const own = accounts.filter(({ name }) => name !== 'root');
  const allowed = own.filter(({ sudo }) => sudo === 'allowed').map(({ name }) => name);
  box.run(`
    cp -a /etc ${box.directory}/etc
    mount --bind ${box.directory}/etc /etc
    mount -t tmpfs tmpfs /home
    chmod 755 /home
    for name in ${allowed.join(' ')}; do
      echo "$name ALL=(root) NOPASSWD: ALL"
    done >/etc/sudoers.d/housecall-lab
    chmod 440 /etc/sudoers.d/housecall-lab
    ${own.map((account) => makeAccount(account, box.directory)).join('\n')}`);
}

function makeAccount(account: Account, directory: string): string {
  const { name, busybox = false, root = false, groups = [] } = account;
  const shell = busybox ? `${directory}/applets/ash` : '/bin/sh';
  const lines = groups.map((group) => `getent group ${group} >/dev/null || groupadd ${group}`);
  lines.push(
    `useradd --create-home --no-user-group --gid nogroup --groups '${groups.join(',')}' --shell ${shell} --password '*' ${root ? '--non-unique --uid 0 --key UID_MIN=0' : ''} ${name}`,
  );
  if (busybox) {
    lines.push(`mkdir ~${name}/.ssh; echo PATH=${directory}/applets >~${name}/.ssh/environment
      chown -R ${name} ~${name}/.ssh`);
  }
  return lines.join('\n');
}

/** Starts sshd in the box, with everything that its accounts need. */
export async function openDoor(box: Box, accounts: readonly Account[]): Promise<Door> {
  const sshd = await startLocalSshd({ under: box.enter, config: ['PermitUserEnvironment yes'] });
  const { identityFile, knownHostsFile, port } = sshd;
  const configFile = path.join(box.directory, 'housecall.yaml');
  const hosts = accounts.map(
    ({ name, sudo }) =>
      `  ${name}: { address: 127.0.0.1, port: ${port}, user: ${name}, sudo: ${sudo !== undefined} }\n`,
  );
  writeFileSync(
    configFile,
    `ssh: { identityFile: ${identityFile}, knownHostsFile: ${knownHostsFile} }
hosts:\n${hosts.join('')}`,
  );
  const known = `UserKnownHostsFile=${knownHostsFile}`;
  const options = ['-F', 'none', '-o', known, '-i', identityFile, '-p', String(port)];
  return {
    configFile,
    login: (account, script) => runTool('ssh', [...options, `${account}@127.0.0.1`, script]),
    close: () => sshd.stop(),
  };
}
