import type { HousecallError } from '../../core/errors.ts';
import type { Host } from '../../core/fleet/host.ts';
import type { Connection } from './connection.ts';
import type { Mode } from './request.ts';
import { noShell, slowShell } from './run-command.ts';
import { type Runner, SessionRefused } from './runner.ts';
import { messageOf, unreachable } from './unreachable.ts';

/** Stops waiting at the abort; what comes later all the same is released. */
export function abortable<T extends { readonly release: () => void }>(
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
      .then((value) => (signal.aborted ? undefined : resolve(value)))
      .catch(reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * A probe takes a spare reader. A change takes a new channel and waits until it answers: that proves
 * the connection alive and the rights given before anything is asked.
 * @throws HousecallError when the account or sudo is at fault, else what ssh2 said.
 */
export async function takeReader(
  connection: Connection,
  mode: Mode,
  signal: AbortSignal | undefined,
): Promise<Runner> {
  const sessions = connection.sessions();
  const options = signal === undefined ? {} : { signal };
  for (;;) {
    const runner = await sessions.take({ fresh: mode === 'change', ...options });
    try {
      if (mode === 'change') await proveReady(connection, runner);
      if (!runner.closed()) return runner;
      if (runner.current() === null) throw notStarted(connection, runner);
      // It was ready and ended while it waited (ChannelTimeout, an administrator): take another.
      sessions.release(runner);
    } catch (error) {
      runner.channel.end();
      sessions.release(runner);
      throw error;
    }
  }
}

async function proveReady(connection: Connection, runner: Runner): Promise<void> {
  const { host } = connection;
  const ready = await inTime(host.connectTimeoutSeconds, runner.ready, () => slowShell(host));
  if (ready === null) throw notStarted(connection, runner);
  if (host.sudo && ready.privilege === 'none') {
    const words = `sudo -n refused (${ready.sudoRefused ?? 'no reason given'}); nothing was run`;
    throw unreachable(host, 'sudo', words);
  }
}

function notStarted(connection: Connection, runner: Runner): Error {
  const reason = connection.lost();
  return reason === null ? noShell(connection.host, runner) : new Error(reason);
}

/** Logged in, but no channel for a command comes about. */
export function noSession(host: Host, error: unknown): HousecallError {
  const words =
    error instanceof SessionRefused
      ? 'the server allows no session (MaxSessions?)'
      : `the server does not run commands (${messageOf(error)})`;
  return unreachable(host, 'auth', words, error);
}

async function inTime<T>(seconds: number, value: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  return Promise.race([value, limit]).finally(() => clearTimeout(timer));
}
