import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRedis, startLocalRedis } from '../../src/app/local-redis.ts';
import type { Log } from '../../src/ports/log.ts';

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  pid(): number;
  /** A key prefix that nobody else uses: several tests can share one server. */
  namespace(): string;
  /** SIGKILL, as in a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

let namespaces = 0;

/** A real redis-server of the test's own, on a free port, with its data in a temporary folder. */
export async function startTestRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'housecall-redis-'));
  const log = silentLog;
  const binary = process.env['REDIS_SERVER_BIN'];
  const options = { directory, log, settings, ...(binary === undefined ? {} : { binary }) };
  let server: LocalRedis = await startLocalRedis(options);
  const { url, port } = server;
  return {
    url,
    port,
    directory,
    pid: () => server.pid,
    namespace: () => `t${process.pid}x${++namespaces}`,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    restart: async () => {
      await server.stop();
      server = await startLocalRedis({ ...options, port });
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
