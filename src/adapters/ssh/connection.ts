import type { Client } from 'ssh2';
import type { Host } from '../../core/fleet/host.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { messageOf } from './unreachable.ts';

/** A client that is logged in, shared by all who need this host. */
export interface Connection {
  readonly host: Host;
  readonly client: Client;
  /** Opened at the first use, so that no shell ever starts on a host that is only a bastion. */
  sessions(): Sessions;
  /** Why it is gone, or null while it stands. */
  lost(): string | null;
  /** Keeps it from being closed as idle until the returned function is called. */
  hold(): () => void;
  /** Ends it at once. */
  drop(reason: string): void;
  onClose(act: () => void): void;
}

export interface ConnectionOptions {
  readonly idleSeconds: number;
  readonly concurrency: number;
  readonly spares: number;
}

const POLITE_MS = 1000;

export function createConnection(
  host: Host,
  client: Client,
  options: ConnectionOptions,
): Connection {
  let sessions: Sessions | null = null;
  let gone: string | null = null;
  let holders = 0;
  let idle: NodeJS.Timeout | undefined;
  const watchers: (() => void)[] = [];
  const end = (reason: string): void => {
    if (gone !== null) return;
    gone = reason;
    clearTimeout(idle);
    for (const act of watchers) act();
  };
  client.on('error', (error: unknown) => {
    const message = messageOf(error);
    end(
      message === 'Keepalive timeout'
        ? 'the host stopped answering (keep-alive)'
        : `connection lost (${message})`,
    );
  });
  client.once('close', () => end('the connection was closed'));
  const rest = (): void => {
    clearTimeout(idle);
    if (holders > 0 || gone !== null) return;
    idle = setTimeout(() => {
      end('closed because it was idle');
      client.end();
      setTimeout(() => client.destroy(), POLITE_MS).unref();
    }, options.idleSeconds * 1000).unref();
  };
  rest();
  return {
    host,
    client,
    sessions: () =>
      (sessions ??= createSessions({
        client,
        sudo: host.sudo,
        openTimeoutSeconds: host.connectTimeoutSeconds,
        concurrency: options.concurrency,
        spares: options.spares,
      })),
    lost: () => gone,
    hold() {
      holders++;
      clearTimeout(idle);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holders--;
        rest();
      };
    },
    drop(reason) {
      end(reason);
      client.end();
      client.destroy();
    },
    onClose(act) {
      if (gone === null) watchers.push(act);
      else act();
    },
  };
}
