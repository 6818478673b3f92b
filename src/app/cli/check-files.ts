import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/load-config.ts';
import type { CheckLine } from './check-lines.ts';

/** Files and folders that this machine must have in order: keys closed to others, the archive writable. */
export async function checkFiles(config: Config): Promise<readonly CheckLine[]> {
  const { ssh, security, archive } = config;
  const lines = await Promise.all([
    privateFile('ssh.identityFile', ssh.identityFile),
    privateFile('security.approvalKeyFile', security.approvalKeyFile),
    writableFolder('archive.directory', archive.directory),
  ]);
  return lines.flatMap((line) => line ?? []);
}

/** What does not exist is told where it is used. */
async function privateFile(key: string, file: string | undefined): Promise<CheckLine | null> {
  const found = file === undefined ? null : await statOf(file);
  if (found === null || (found.mode & 0o077) === 0) return null;
  const mode = (found.mode & 0o777).toString(8);
  const text = `${key}: ${file} can be read by others (mode ${mode})\nRun chmod 600 on it.`;
  return { area: 'files', verdict: 'bad', text };
}

async function writableFolder(key: string, folder: string): Promise<CheckLine | null> {
  let existing = folder;
  while ((await statOf(existing)) === null && path.dirname(existing) !== existing) {
    existing = path.dirname(existing);
  }
  try {
    await access(existing, constants.W_OK);
    return null;
  } catch {
    const text = `${key}: ${folder} cannot be written\nGive this user the right to write ${existing}, or set another folder.`;
    return { area: 'files', verdict: 'bad', text };
  }
}

async function statOf(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
