import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../core/fleet/host.ts';
import { findSshd, runTool } from './sshd-program.ts';

export interface LocalSshdOptions {
  /** Further lines of sshd_config; they win over ours, because sshd takes the first value it reads. */
  readonly config?: readonly string[];
  /** A command that runs sshd, for a namespace of its own: `['unshare', '--mount', …]`. */
  readonly under?: readonly string[];
  /** Default: a free port. */
  readonly port?: number;
  /** Key types of the server. Default: ed25519. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
}

/** A throw-away sshd on 127.0.0.1 with its own keys, in a folder of its own. */
export interface LocalSshd {
  readonly port: number;
  /** Keys, known hosts, log: gone after `stop()`. */
  readonly directory: string;
  /** The account that runs this process. */
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly authorizedKeysFile: string;
  readonly logFile: string;
  /** An inventory entry that reaches it. */
  host(name: string, overrides?: Partial<Host>): Host;
  /** Pids of the server's connection processes. */
  connections(): Promise<readonly number[]>;
  /** Ends the listener and every connection; the port stays reserved for `start()`. */
  kill(): Promise<void>;
  /** Starts the listener again on the same port with the same keys. */
  start(): Promise<void>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/**
 * Starts a real sshd as this user. As root it can log in to every account of the machine, else only to
 * the user's own.
 * @throws Error with one line when there is no sshd and none can be installed, or when it does not start.
 */
export async function startLocalSshd(options: LocalSshdOptions = {}): Promise<LocalSshd> {
  const program = await findSshd();
  const directory = await mkdtemp(join(tmpdir(), 'housecall-sshd-'));
  try {
    return await serve(program, directory, options);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function serve(
  program: string,
  directory: string,
  options: LocalSshdOptions,
): Promise<LocalSshd> {
  const at = (name: string): string => join(directory, name);
  const files = {
    identityFile: at('id_ed25519'),
    knownHostsFile: at('known_hosts'),
    authorizedKeysFile: at('authorized_keys'),
    logFile: at('sshd.log'),
  };
  // sshd reads authorized_keys as the account that logs in: it must be able to pass through.
  await chmod(directory, 0o711);
  const port = options.port ?? (await freePort());
  const types = options.hostKeys ?? ['ed25519'];
  await createKey(files.identityFile, 'ed25519');
  for (const type of types) await createKey(at(`host_${type}`), type);
  await writeFile(files.authorizedKeysFile, await readFile(`${files.identityFile}.pub`));
  await chmod(files.authorizedKeysFile, 0o644);
  await writeFile(files.knownHostsFile, '', { mode: 0o600 });
  for (const type of types) {
    const [kind, key] = (await readFile(at(`host_${type}.pub`), 'utf8')).split(' ');
    await appendFile(files.knownHostsFile, `[127.0.0.1]:${port} ${kind} ${key}\n`);
  }
  await writeFile(at('sshd_config'), configuration(at, port, types, options.config ?? []));

  let server: ChildProcess | null = null;
  // However this process ends, the listener does not outlive it (but for SIGKILL).
  const atExit = (): void => {
    server?.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  const kill = async (): Promise<void> => {
    const running = server;
    server = null;
    if (running?.pid === undefined) return;
    if (running.exitCode !== null || running.signalCode !== null) return;
    const connections = await childrenOf(running.pid);
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    for (const pid of connections) signal(pid, 'SIGTERM');
    await ended;
  };
  const start = async (): Promise<void> => {
    const argv = [program, '-D', '-f', at('sshd_config'), '-E', files.logFile];
    server = await listen([...(options.under ?? []), ...argv], files.logFile, port);
  };
  await start();
  const user = userInfo().username;
  return {
    ...files,
    port,
    directory,
    user,
    host: (name, overrides) => ({
      name,
      address: '127.0.0.1',
      port,
      user,
      groups: [],
      aliases: [],
      sudo: false,
      identityFile: files.identityFile,
      knownHostsFile: files.knownHostsFile,
      connectTimeoutSeconds: 8,
      ...overrides,
    }),
    connections: async () => (server?.pid === undefined ? [] : childrenOf(server.pid)),
    kill,
    start,
    async stop() {
      process.off('exit', atExit);
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(
  at: (name: string) => string,
  port: number,
  types: readonly string[],
  extra: readonly string[],
): string {
  return [
    ...extra,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...types.map((type) => `HostKey ${at(`host_${type}`)}`),
    `AuthorizedKeysFile ${at('authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PrintMotd no',
    // bash reads ~/.bashrc under sshd unless it is an inner shell: start files are not ours to run.
    'SetEnv SHLVL=2',
    'MaxStartups 1000',
    '',
  ].join('\n');
}

async function listen(
  argv: readonly string[],
  logFile: string,
  port: number,
): Promise<ChildProcess> {
  const [program = '', ...args] = argv;
  // sshd refuses to start as root without its privilege separation directory.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  await rm(logFile, { force: true });
  // In a process group of its own: Ctrl-C in the terminal is for who started it.
  const server = spawn(program, args, { stdio: 'ignore', detached: true });
  const failures: string[] = [];
  server.once('error', (error) => failures.push(error.message));
  server.once('exit', (code) => failures.push(`exit status ${code}`));
  const deadline = Date.now() + 10_000;
  const ready = `port ${port}.`;
  while (failures.length === 0 && Date.now() < deadline) {
    if ((await readLog(logFile)).includes(ready)) return server;
    await sleep(10);
  }
  server.kill('SIGKILL');
  const last = (await readLog(logFile)).trim().split('\n').at(-1) ?? '';
  throw new Error(
    `sshd on 127.0.0.1:${port} did not start: ${failures[0] ?? 'no answer in 10 s'} ${last}`,
  );
}

/** Direct children of a process, by /proc. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const ppid = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (Number(ppid) === parent) found.push(Number(entry));
  }
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

async function readLog(logFile: string): Promise<string> {
  return readFile(logFile, 'utf8').catch(() => '');
}

async function createKey(file: string, type: string): Promise<void> {
  await runTool('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'housecall', '-f', file]);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
