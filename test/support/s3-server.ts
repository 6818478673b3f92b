import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const S3_BUCKET = 'incidents';

export interface S3Server {
  readonly endpoint: string;
  readonly port: number;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve('s3rver/bin/s3rver.js');
const STORE_WAITS = path.join(import.meta.dirname, 's3-store-waits.cjs');

/** What s3rver takes as access key and secret. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

/** An S3 server as a process of its own, with one bucket, on this port or a free one of this machine. */
export async function startS3Server(wanted = 0): Promise<S3Server> {
  const directory = await mkdtemp(path.join(tmpdir(), 'housecall-s3-'));
  const args = [
    '--require',
    STORE_WAITS,
    PROGRAM,
    '-d',
    directory,
    '-a',
    '127.0.0.1',
    '-p',
    String(wanted),
    '--no-vhost-buckets',
    '-s',
  ];
  const child = spawn(process.execPath, [...args, '--configure-bucket', S3_BUCKET], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`s3rver ended: ${said}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { endpoint: `http://127.0.0.1:${port}`, port, stop };
}

/** Sets what the SDK reads of the environment; the function puts back what was there. */
export function useS3Credentials(more: Readonly<Record<string, string>> = {}): () => void {
  const wanted = { ...CREDENTIALS, AWS_EC2_METADATA_DISABLED: 'true', ...more };
  const before = Object.keys(wanted).map((key) => [key, process.env[key]] as const);
  Object.assign(process.env, wanted);
  return () => {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  };
}
