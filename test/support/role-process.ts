import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Times } from '../../src/app/times.ts';

/** A web or worker role in a process of its own. */
export interface RoleProcess {
  readonly name: string;
  readonly pid: number;
  /** `http://127.0.0.1:<port>` of the web role; '' for a worker. */
  readonly address: string;
  /** What it logged. */
  readonly lines: readonly string[];
  /** SIGKILL, as the kernel does when memory is out; at once, before anything else can happen. */
  killNow(): void;
  /** The same, and waits for its end. */
  kill(): Promise<void>;
  /** SIGTERM, as on a deployment. Exit status, or the signal that ended it. */
  terminate(): Promise<number | string>;
}

export interface RoleOptions {
  readonly role: 'web' | 'worker';
  readonly configPath: string;
  /** The command line itself, with the times of production. */
  readonly production?: boolean;
  /** Other than the short ones. */
  readonly times?: Partial<Times>;
}

/** On a machine that is busy with other tests. */
const READY_MS = 90_000;
const ROOT = join(import.meta.dirname, '../..');
let started = 0;

/** Starts it and waits until it says that it is ready. */
export async function startRoleProcess(options: RoleOptions): Promise<RoleProcess> {
  const { role, configPath, production = false, times = {} } = options;
  const program = production
    ? [join(ROOT, 'src/main.ts'), 'start', '--role', role]
    : [join(ROOT, 'test/support/start-role.ts'), role, configPath, JSON.stringify(times)];
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], {
    cwd: ROOT,
    env: { ...process.env, HOUSECALL_CONFIG: configPath },
    // A role that is not the command line itself ends when this pipe does.
    stdio: [production ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const orphan = (): boolean => child.kill('SIGKILL');
  process.once('exit', orphan);
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    process.removeListener('exit', orphan);
    return code ?? signal ?? 'gone';
  });
  started += 1;
  const name = `${role} ${started}`;
  const lines = linesOf(child);
  const address = await untilReady(child, lines).catch((error: unknown) => {
    orphan();
    throw new Error(`${name}: ${String(error)}\n${lines.join('\n')}`);
  });
  return {
    name,
    pid: child.pid ?? 0,
    address,
    lines,
    killNow: orphan,
    kill: async () => {
      orphan();
      await ended;
    },
    terminate: async () => {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

function linesOf(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
  }
  return lines;
}

async function untilReady(child: ChildProcess, lines: readonly string[]): Promise<string> {
  const until = Date.now() + READY_MS;
  while (Date.now() < until) {
    const line = lines.find((one) => one.includes('housecall is ready'));
    if (line !== undefined) return /http:\/\/[\d.:]+/.exec(line)?.[0] ?? '';
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended at once');
    await sleep(20);
  }
  throw new Error(`not ready in ${READY_MS / 1000} s`);
}
