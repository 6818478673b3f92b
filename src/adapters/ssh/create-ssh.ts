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
import { requestText } from './request.ts';
import { routeTo } from './route.ts';
import { type Command, runCommand } from './run-command.ts';
import type { Runner } from './runner.ts';
import { type ScannedHostKey, scanHostKey } from './scan-host-key.ts';
import { stopCommand } from './stop-command.ts';
import { abortable, noSession, takeReader } from './take-reader.ts';
import { cancelled, unreachable } from './unreachable.ts';

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
        const runner = await takeReader(connection, command.mode, signal);
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
        if (connection.lost() === null) throw noSession(connection.host, error);
        if (attempt === 2) {
          throw unreachable(connection.host, 'timeout', connection.lost() ?? '', error);
        }
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
    // An argument that cannot be sent is refused before anything is opened.
    requestText('', { ...command, limitSeconds: command.timeoutSeconds });
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
