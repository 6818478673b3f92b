import { findRedisServer } from '../src/app/redis-server-binary.ts';
import { findProgram, findSshd, installPackage } from '../src/app/sshd-program.ts';
import type { Log } from '../src/ports/log.ts';

const log: Log = {
  info: (_, message) => console.log(message),
  warn: (_, message) => console.log(message),
  error: (_, message) => console.log(message),
};

/**
 * Programs that the tests run for real: found, or installed where this user may. One line each. What
 * is missing is said here, and the tests that need it then fail or skip with that reason.
 */
export async function locatePrograms(): Promise<void> {
  console.log(`node          ${process.version} (${process.execPath})`);
  await locate('redis-server', () => findRedisServer(log));
  await locate('sshd', findSshd);
  await locate('chromium', findChromium);
}

async function locate(name: string, find: () => Promise<string>): Promise<void> {
  const found = await find().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return `missing: ${reason}`;
  });
  console.log(`${name.padEnd(13)} ${found}`);
}

async function findChromium(): Promise<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const look = async (): Promise<string | undefined> =>
    (await Promise.all(names.map(findProgram))).find((found) => found !== null) ?? undefined;
  const there = await look();
  if (there !== undefined) return there;
  await installPackage('chromium');
  const installed = await look();
  if (installed === undefined) throw new Error('install chromium for the browser tests');
  return installed;
}
