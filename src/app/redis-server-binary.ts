import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { HousecallError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** System folders that are not always on the PATH of a plain user. */
const FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

const INSTALL_MS = 300_000;

/** Ways to install that ask nothing. Each line runs after the one before it succeeded. */
const INSTALLERS: readonly { tool: string; root: boolean; lines: readonly string[][] }[] = [
  {
    tool: 'apt-get',
    root: true,
    lines: [
      ['apt-get', 'update', '-q'],
      [
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        'install',
        '-q',
        '-y',
        '--no-install-recommends',
        'redis-server',
      ],
    ],
  },
  { tool: 'apk', root: true, lines: [['apk', 'add', '--no-cache', 'redis']] },
  { tool: 'brew', root: false, lines: [['brew', 'install', 'redis']] },
];

/**
 * The path of `redis-server` or `valkey-server`: from PATH, else installed with the system's package
 * manager where that works without asking, else CONFIG_INVALID with what to do.
 */
export async function findRedisServer(log: Log): Promise<string> {
  const there = await findProgram(PROGRAMS);
  if (there !== null) return there;
  const tried = await install(log);
  const installed = await findProgram(PROGRAMS);
  if (installed !== null) return installed;
  throw new HousecallError(
    'CONFIG_INVALID',
    `no redis-server on this machine${tried}: install the package redis-server (Debian, Ubuntu), redis (Alpine, Fedora, brew) or valkey, or run "docker compose up -d redis" and set REDIS_URL=redis://127.0.0.1:6379`,
  );
}

/** By the shell, which knows the PATH; then in the folders that a plain user's PATH may lack. */
async function findProgram(names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const found = await run(['sh', '-c', 'command -v "$1"', 'sh', name]);
    if (found.ok && isAbsolute(found.said)) return found.said;
    for (const folder of FOLDERS) {
      const path = join(folder, name);
      if (await executable(path)) return path;
    }
  }
  return null;
}

async function executable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Returns what was tried, for the message of the failure. */
async function install(log: Log): Promise<string> {
  for (const { tool, root, lines } of INSTALLERS) {
    if ((await findProgram([tool])) === null) continue;
    if (root && process.getuid?.() !== 0) return '';
    log.info({ with: tool }, `no redis-server here: installing it with ${tool}`);
    for (const line of lines) {
      const { ok, said } = await run(line);
      if (!ok) return `, and "${line.join(' ')}" failed (${said})`;
    }
    return '';
  }
  return '';
}

/** `said` is the last line that it printed. */
async function run([program = '', ...args]: readonly string[]): Promise<{
  readonly ok: boolean;
  readonly said: string;
}> {
  return await new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_MS,
    });
    let output = '';
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-1000);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => resolve({ ok: false, said: error.message }));
    child.on('close', (code) =>
      resolve({
        ok: code === 0,
        said: output.trim().split('\n').at(-1) || `exit status ${code}`,
      }),
    );
  });
}
