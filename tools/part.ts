import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

/** One thing that is checked by a program of its own. */
export interface Part {
  readonly name: string;
  /** Program of `node_modules/.bin` or of the PATH, and its arguments. */
  readonly argv: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

export interface PartResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Everything it printed; empty when it was shown while it ran. */
  readonly output: string;
}

const running = new Set<ReturnType<typeof spawn>>();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exitCode = 130;
  });
}

/** Runs a part; `show` prints while it runs, otherwise its output is kept. */
export async function runPart(part: Part, options: { show: boolean }): Promise<PartResult> {
  const [program, ...args] = part.argv;
  const started = process.hrtime.bigint();
  const bin = path.join(ROOT, 'node_modules/.bin');
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
      ...part.env,
    },
  });
  running.add(child);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const problem = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? null : `ended with ${code ?? signal}`),
    );
  });
  running.delete(child);
  return {
    name: part.name,
    ok: problem === null,
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    output: `${Buffer.concat(chunks).toString()}${problem === null ? '' : `\n(${problem})`}`,
  };
}
