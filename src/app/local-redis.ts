import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HousecallError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import { findRedisServer } from './redis-server-binary.ts';

export interface LocalRedisOptions {
  /** Where Redis keeps its append-only file; made when it is missing, used again when it is not. */
  readonly directory: string;
  readonly log: Log;
  /** Path of the server program; otherwise it is looked for, and installed when that is possible. */
  readonly binary?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Further settings: `['--maxmemory', '3mb']`. */
  readonly settings?: readonly string[];
}

export interface LocalRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_MS = 10_000;
const STOP_MS = 5_000;
const PID_FILE = 'redis.pid';
/** Holds the process that started the server. */
const OWNER_FILE = 'owner.pid';

/**
 * A Redis server of one's own on this machine, on 127.0.0.1 only, which loses nothing: for the demo and
 * for tests. Throws CONFIG_INVALID when no server program is there and none could be installed, and when
 * another process uses the directory.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { directory, log } = options;
  const binary = options.binary ?? (await findRedisServer(log));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await stopLeftOver(directory, log);
  await writeFile(join(directory, OWNER_FILE), String(process.pid));
  // Between finding a free port and using it somebody else may take it.
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const { child, said } = launch(binary, { ...options, port });
    try {
      const pid = await answering(child, port);
      return { url: `redis://127.0.0.1:${port}`, port, pid, stop: () => stop(child) };
    } catch (error) {
      await stop(child);
      if (attempt === 3 || options.port) {
        throw new HousecallError(
          'CONFIG_INVALID',
          `${binary} did not start: ${said() || String(error)}`,
          {
            cause: error,
          },
        );
      }
    }
  }
}

function launch(
  binary: string,
  { directory, port, settings = [] }: LocalRedisOptions & { port: number },
): { child: ChildProcess; said: () => string } {
  const values = {
    bind: '127.0.0.1',
    port: String(port),
    dir: directory,
    pidfile: join(directory, PID_FILE),
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const child = spawn(
    binary,
    [...Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]), ...settings],
    // In a process group of its own: Ctrl-C in the terminal is for who started it.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const listen = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-2000);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  child.on('error', (error) => listen(Buffer.from(error.message)));
  const orphan = (): void => {
    child.kill('SIGTERM');
  };
  process.once('exit', orphan);
  child.once('close', () => process.removeListener('exit', orphan));
  return { child, said: () => output.trim() };
}

/** Waits for PONG, so that nobody connects to a server that still reads its file. */
async function answering(child: ChildProcess, port: number): Promise<number> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (child.pid === undefined || child.exitCode !== null) throw new Error('it ended at once');
    if (await pongs(port)) return child.pid;
    await sleep(20);
  }
  throw new Error(`no PONG on port ${port} in ${START_MS / 1000} s`);
}

async function pongs(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (pong: boolean): void => {
      socket.destroy();
      resolve(pong);
    };
    socket.setTimeout(500, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('connect', () => socket.write('PING\r\n'));
    // A password is asked for: it is up, too.
    socket.on('data', (data) => finish(/^(\+PONG|-NOAUTH)/.test(data.toString())));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await closed;
  clearTimeout(timer);
}

/**
 * Two servers that write to the same file would destroy it. One whose parent is gone is stopped; one
 * that somebody uses is left alone, and the start is refused.
 */
async function stopLeftOver(directory: string, log: Log): Promise<void> {
  const pid = await readPid(join(directory, PID_FILE));
  if (pid === null || !(await isRedis(pid))) return;
  const owner = await readPid(join(directory, OWNER_FILE));
  if (owner !== null && isAlive(owner)) {
    throw new HousecallError(
      'CONFIG_INVALID',
      `${directory} is in use by process ${owner} (its Redis is process ${pid}): stop that first`,
    );
  }
  log.warn({ pid, directory }, 'stopping a Redis that an earlier start left behind');
  process.kill(pid, 'SIGTERM');
  const until = Date.now() + STOP_MS;
  while (await isRedis(pid)) {
    if (Date.now() > until) process.kill(pid, 'SIGKILL');
    await sleep(50);
  }
}

async function readPid(path: string): Promise<number | null> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isRedis(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command !== '') return /redis|valkey/.test(command);
  if (process.platform === 'linux') return false;
  return await new Promise((resolve) => {
    const ps = spawn('ps', ['-o', 'command=', '-p', String(pid)]);
    let output = '';
    ps.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    ps.on('error', () => resolve(false));
    ps.on('close', () => resolve(/redis|valkey/.test(output)));
  });
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
