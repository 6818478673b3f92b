import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

export interface SpawnedWorker {
  readonly child: ChildProcess;
  /** Lines it has printed. */
  readonly lines: readonly string[];
  /** Waits for a line that begins so. */
  said(beginning: string): Promise<void>;
  /** Sends the signal and waits for its end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `worker-process.ts` and waits until it takes jobs. */
export async function spawnWorker(
  url: string,
  namespace: string,
  behaviour: 'hang' | 'deaf' | 'die',
): Promise<SpawnedWorker> {
  const program = join(import.meta.dirname, 'worker-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, url, namespace, behaviour], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const said = async (beginning: string): Promise<void> => {
    await expect
      .poll(() => lines.some((line) => line.startsWith(beginning)), {
        timeout: 15_000,
        interval: 20,
        message: `the worker says "${beginning}"; it said: ${lines.join(', ')}`,
      })
      .toBe(true);
  };
  await said('ready');
  return {
    child,
    lines,
    said,
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
