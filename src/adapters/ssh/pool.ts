import type { Client } from 'ssh2';
import { HousecallError } from '../../core/errors.ts';
import type { Host, Inventory } from '../../core/fleet/host.ts';
import { type Connection, type ConnectionOptions, createConnection } from './connection.ts';
import { routeTo } from './route.ts';
import { bastionFailed, stageOf } from './unreachable.ts';

export interface PoolOptions extends ConnectionOptions {
  readonly inventory: Inventory;
  readonly connect: (host: Host, bastion: Client | null) => Promise<Client>;
  /** `ok`, or how far a failed connection came. */
  readonly onConnect: (host: Host, outcome: string, connectMs: number) => void;
  readonly onLost: (host: Host, reason: string) => void;
}

/** One warm connection per host, made once for all who ask at the same time. */
export interface Pool {
  /** The connection to this host; its bastions are connected first. Held: call `release`. */
  acquire(name: string): Promise<{ connection: Connection; release: () => void }>;
  close(): void;
}

export function createPool(options: PoolOptions): Pool {
  const entries = new Map<string, Promise<Connection>>();
  const open = new Set<Connection>();
  let closed = false;

  const make = async (host: Host, bastion: Host | undefined): Promise<Connection> => {
    const hop =
      bastion === undefined
        ? null
        : await acquire(bastion.name).catch((error: unknown) => {
            throw bastionFailed(host, bastion, error);
          });
    const began = performance.now();
    try {
      const client = await options.connect(host, hop?.connection.client ?? null);
      const connection = createConnection(host, client, options);
      connection.onClose(() => {
        open.delete(connection);
        hop?.release();
        options.onLost(host, connection.lost() ?? '');
      });
      open.add(connection);
      options.onConnect(host, 'ok', Math.round(performance.now() - began));
      if (closed) connection.drop('shutting down');
      return connection;
    } catch (error) {
      hop?.release();
      const outcome = stageOf(error) ?? 'error';
      options.onConnect(host, outcome, Math.round(performance.now() - began));
      throw closed ? shuttingDown(host.name) : error;
    }
  };

  const acquire: Pool['acquire'] = async (name) => {
    const [host, bastion] = routeTo(options.inventory, name);
    if (closed) throw shuttingDown(name);
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = make(host, bastion);
      entries.set(name, entry);
      const forget = (): void => {
        if (entries.get(name) === entry) entries.delete(name);
      };
      entry.then((connection) => connection.onClose(forget), forget);
    }
    const connection = await entry;
    return { connection, release: connection.hold() };
  };

  return {
    acquire,
    close() {
      closed = true;
      for (const connection of open) connection.drop('shutting down');
    },
  };
}

function shuttingDown(name: string): HousecallError {
  return new HousecallError('CANCELLED', `ssh ${name}: shutting down`, { context: { host: name } });
}
