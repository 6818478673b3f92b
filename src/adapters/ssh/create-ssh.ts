import { setMaxListeners } from 'node:events';
import type { Argv, CommandResult, Privilege } from '../../core/command.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RemoteOptions, RemoteReader, RemoteWriter } from '../../ports/remote.ts';
import { connectHost } from './connect-host.ts';
import type { Connection } from './connection.ts';
import { createLogins } from './identity.ts';
import { createKnownHostsReader } from './known-hosts-file.ts';
import { createPool } from './pool.ts';
import { routeTo } from './route.ts';
import { type Command, noShell, runCommand, slowShell } from './run-command.ts';
import { type Runner, SessionRefused } from './runner.ts';
import { type ScannedHostKey, scanHostKey } from './scan-host-key.ts';
import { stopCommand } from './stop-command.ts';
import { cancelled, messageOf, unreachable } from './unreachable.ts';

export interface SshOptions {
  readonly inventory: Inventory;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** An unused connection is closed after this. Default 300. */
  readonly idleSeconds?: number;
  /** A frozen host is noticed after four of these. Default 5. */
  readonly keepaliveSeconds?: number;
  /** Commands at the same time on one host; more wait. Default 4. */
  readonly concurrency?: number;
  /** Readers that wait for commands which follow each other quickly. Default 3. */
  readonly spares?: number;
}

/** What `housecall check` says about one host. */
export interface HostCheck {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Bastions on the way, the nearest to the host first. */
  readonly via: readonly string[];
  readonly privilege: Privilege;
  readonly sudoRefused?: string;
  readonly connectMs: number;
  readonly roundTripMs: number;
}

export interface Ssh extends RemoteReader, RemoteWriter {
  /** Connects and runs `true`. Throws as `read` does. */
  check(host: string): Promise<HostCheck>;
  /** The key that a host offers, to be asked about; record it with `appendKnownHost`. */
  scanHostKey(host: string): Promise<ScannedHostKey>;
  /** Ends every connection; what runs is rejected. */
  close(): Promise<void>;
}

const CHANGE_OUTPUT_BYTES = 1024 * 1024;
const CHECK: Argv = ['true'];

/** Hosts over SSH. Host keys are always verified against the host's known hosts file. */
export function createSsh(options: SshOptions): Ssh {
  const { inventory, log, metrics } = options;
  const readKnownHosts = createKnownHostsReader();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const deps = {
    logins: createLogins(),
    readKnownHosts,
    keepaliveSeconds: options.keepaliveSeconds ?? 5,
    signal: closing.signal,
  };
  const pool = createPool({
    inventory,
    connect: (host, bastion) => connectHost(host, bastion, deps),
    idleSeconds: options.idleSeconds ?? 300,
    concurrency: options.concurrency ?? 4,
    spares: options.spares ?? 3,
    onConnect: (host, outcome, connectMs) => {
      metrics?.count('housecall_ssh_connects_total', { outcome });
      log.info({ host: host.name, outcome, connectMs }, 'ssh connect');
    },
    onLost: (host, reason) => log.info({ host: host.name, reason }, 'ssh connection ended'),
  });

  /** A reader that has been asked nothing yet: until then a dead connection is replaced once. */
  const take = async (
    name: string,
    command: Command,
    signal: AbortSignal | undefined,
  ): Promise<{ connection: Connection; runner: Runner; release: () => void }> => {
    for (let attempt = 1; ; attempt++) {
      const { connection, release } = await abortable(pool.acquire(name), signal, () =>
        cancelled(routeTo(inventory, name)[0], 'cancelled while connecting'),
      );
      try {
        const runner = await takeReader(connection, command, signal);
        if (runner.closed()) {
          connection.sessions().release(runner);
          throw runner.current() === null ? noShell(connection.host, runner) : new Error('closed');
        }
        return {
          connection,
          runner,
          release: () => {
            connection.sessions().release(runner);
            release();
          },
        };
      } catch (error) {
        release();
        if (signal?.aborted) throw cancelled(connection.host, 'cancelled before it was started');
        if (error instanceof HousecallError) throw error;
        const { host } = connection;
        if (connection.lost() === null) {
          const words =
            error instanceof SessionRefused
              ? 'the server allows no session (MaxSessions?)'
              : `the server does not run commands (${messageOf(error)})`;
          throw unreachable(host, 'auth', words, error);
        }
        if (attempt === 2) throw unreachable(host, 'timeout', connection.lost() ?? '', error);
      }
    }
  };

  const run = async (
    name: string,
    command: Command,
    signal: AbortSignal | undefined,
  ): Promise<CommandResult> => {
    if (signal?.aborted)
      throw cancelled(routeTo(inventory, name)[0], 'cancelled before it was started');
    const { connection, runner, release } = await take(name, command, signal);
    try {
      return await runCommand(runner, command, {
        host: connection.host,
        ...(signal === undefined ? {} : { signal }),
        connectionLost: () => connection.lost(),
        stop: () => stopCommand(connection, runner, command.mode),
      });
    } finally {
      release();
    }
  };

  return {
    read: (host, probe, { signal }: RemoteOptions = {}) =>
      run(host, { ...probe, mode: 'read' }, signal),
    change: (host, { argv, stdin, timeoutSeconds }, { signal }: RemoteOptions = {}) =>
      run(
        host,
        {
          mode: 'change',
          argv,
          ...(stdin === undefined ? {} : { stdin }),
          timeoutSeconds,
          outputLimitBytes: CHANGE_OUTPUT_BYTES,
        },
        signal,
      ),
    async check(name) {
      const [host, ...via] = routeTo(inventory, name);
      const began = performance.now();
      const { release } = await pool.acquire(name);
      const connectMs = Math.round(performance.now() - began);
      try {
        const probe: Command = {
          mode: 'read',
          argv: CHECK,
          timeoutSeconds: host.connectTimeoutSeconds,
          outputLimitBytes: 4096,
        };
        const result = await run(name, probe, undefined);
        return {
          host: host.name,
          address: host.address,
          port: host.port,
          user: host.user,
          via: via.map((hop) => hop.name),
          privilege: result.privilege,
          ...(result.sudoRefused === undefined ? {} : { sudoRefused: result.sudoRefused }),
          connectMs,
          roundTripMs: result.durationMs,
        };
      } finally {
        release();
      }
    },
    async scanHostKey(name) {
      const [host, bastion] = routeTo(inventory, name);
      if (bastion === undefined) return scanHostKey(host, null, deps);
      const { connection, release } = await pool.acquire(bastion.name);
      return scanHostKey(host, connection.client, deps).finally(release);
    },
    async close() {
      pool.close();
      closing.abort();
    },
  };
}

/** Stops waiting at the abort; what comes later all the same is released. */
function abortable<T extends { readonly release: () => void }>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
  reason: () => Error,
): Promise<T> {
  if (signal === undefined) return pending;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(reason());
      pending.then(({ release }) => release()).catch(() => {});
    };
    signal.addEventListener('abort', abort, { once: true });
    pending
      .then((value) => {
        if (!signal.aborted) resolve(value);
      })
      .catch(reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * A probe takes a spare reader. A change takes a new channel and waits until it answers: that proves
 * the connection alive and the rights given before anything is asked.
 */
async function takeReader(
  connection: Connection,
  command: Command,
  signal: AbortSignal | undefined,
): Promise<Runner> {
  const { host } = connection;
  const sessions = connection.sessions();
  const fresh = command.mode === 'change';
  const taking = sessions.take({ fresh, ...(signal === undefined ? {} : { signal }) });
  const runner = await taking;
  if (!fresh) return runner;
  try {
    const ready = await inTime(host.connectTimeoutSeconds, runner.ready, () => slowShell(host));
    if (ready === null) {
      if (connection.lost() !== null) throw new Error('the connection was closed');
      throw noShell(host, runner);
    }
    if (host.sudo && ready.privilege === 'none') {
      const words = `sudo -n refused (${ready.sudoRefused ?? 'no reason given'}); nothing was run`;
      throw unreachable(host, 'sudo', words);
    }
    return runner;
  } catch (error) {
    runner.channel.end();
    sessions.release(runner);
    throw error;
  }
}

async function inTime<T>(seconds: number, value: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  return Promise.race([value, limit]).finally(() => clearTimeout(timer));
}
