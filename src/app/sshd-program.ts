import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Argv } from '../core/command.ts';

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin', '/usr/local/bin', '/bin'];

/** Runs a program of this machine and returns what it printed; throws one line when it fails. */
export async function runTool(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args]);
    return stdout;
  } catch (error) {
    const detail = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new Error(`${program} failed: ${detail}`, { cause: error });
  }
}

/** The full path of a program, or null. */
export async function findProgram(name: string): Promise<string | null> {
  for (const folder of FOLDERS) {
    const path = `${folder}/${name}`;
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/** Installs a package by the system's package manager; false when that is not possible here. */
export async function installPackage(name: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const commands = await installCommands(name);
  for (const [program, ...args] of commands) await runTool(program, args);
  return commands.length > 0;
}

async function installCommands(name: string): Promise<readonly Argv[]> {
  if ((await findProgram('apt-get')) !== null) {
    const apt = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120'];
    return [
      ['env', ...apt, 'update'],
      ['env', 'DEBIAN_FRONTEND=noninteractive', ...apt, 'install', '--no-install-recommends', name],
    ];
  }
  if ((await findProgram('apk')) !== null) return [['apk', 'add', '--no-progress', name]];
  return [];
}

/**
 * sshd's full path (it re-executes itself, so it must be one); installed when it is missing and this
 * process may do that.
 * @throws Error with one clear line.
 */
export async function findSshd(): Promise<string> {
  const found = await findProgram('sshd');
  if (found !== null) return found;
  const why = await installPackage('openssh-server').then(
    (tried) => (tried ? 'installing openssh-server did not bring it' : 'install openssh-server'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const installed = await findProgram('sshd');
  if (installed === null) throw new Error(`there is no sshd on this machine: ${why}`);
  return installed;
}
