import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { findProgram, findSshd, installPackage, runTool } from '../../src/app/sshd-program.ts';

export { type LocalSshd, startLocalSshd } from '../../src/app/local-sshd.ts';

/** Why a test that needs sshd cannot run here, printed; null when it can. */
export async function whyNoSshd(): Promise<string | null> {
  return findSshd().then(
    () => null,
    (error: unknown) => skipped(error instanceof Error ? error.message : String(error)),
  );
}

/** Why a test that makes accounts cannot run here, printed; null when it can. */
export function whyNoAccounts(): string | null {
  return process.getuid?.() === 0 ? null : skipped('only root can make accounts for the tests');
}

function skipped(reason: string): string {
  console.warn(`skipped: ${reason}`);
  return reason;
}

export interface TestAccount {
  readonly name: string;
  remove(): Promise<void>;
}

/**
 * An account of this machine for one test. `sudo`: `sudo -n` is allowed without a password, or it is
 * installed but refuses.
 */
export async function createAccount(
  options: { sudo?: 'allowed' | 'refused'; shell?: string } = {},
): Promise<TestAccount> {
  const name = `hc-${randomBytes(5).toString('hex')}`;
  const sudoers = `/etc/sudoers.d/${name}`;
  if (options.sudo !== undefined && (await findProgram('sudo')) === null) {
    await installPackage('sudo');
  }
  // `-p *`: no password, but not locked: sshd without PAM refuses locked accounts.
  const shell = options.shell ?? '/bin/sh';
  await runTool('useradd', ['--create-home', '--shell', shell, '--password', '*', name]);
  if (options.sudo === 'allowed') {
    await writeFile(sudoers, `${name} ALL=(root) NOPASSWD: ALL\n`, { mode: 0o440 });
  }
  return {
    name,
    async remove() {
      await rm(sudoers, { force: true });
      // userdel refuses while a process of the account ends: it may need a moment.
      await runTool('userdel', ['--remove', '--force', name]).catch(() => {});
    },
  };
}
