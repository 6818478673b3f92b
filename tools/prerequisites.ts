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
  for (const [program, debian] of LAB) await locate(program, () => findOrInstall(program, debian));
}

/** What the lab and the tests of probes use beside: program, and the Debian package that brings it. */
const LAB: readonly (readonly [program: string, debian: string])[] = [
  ['dockerd', 'docker.io'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['logrotate', 'logrotate'],
  ['sudo', 'sudo'],
  ['busybox', 'busybox'],
  ['python3', 'python3'],
  ['shellcheck', 'shellcheck'],
  ['prometheus-alertmanager', 'prometheus-alertmanager'],
];

async function findOrInstall(program: string, debian: string): Promise<string> {
  const there = await findProgram(program);
  if (there !== null) return there;
  await installPackage(debian);
  const installed = await findProgram(program);
  if (installed === null) throw new Error(`install ${debian}; tests that need it are skipped`);
  return installed;
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
