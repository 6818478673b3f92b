import { spawn } from 'node:child_process';
import type { Argv, CommandResult } from '../../src/core/command.ts';
import type { RemoteReader, RemoteWriter } from '../../src/ports/remote.ts';

export interface LocalShell {
  /** What runs instead of `sh`: `['busybox', 'sh']`. */
  readonly shell: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user id. */
  readonly uid?: number;
}

export interface LocalRemote extends RemoteReader, RemoteWriter {
  /** Every argv that changed something, in order. */
  readonly changes: Argv[];
}

/** Runs probes and steps of scripts on this very machine, without SSH: for tests of the scripts themselves. */
export function createLocalRemote(local: LocalShell): LocalRemote {
  const changes: Argv[] = [];
  return {
    changes,
    read: (_host, probe) => run(local, probe),
    change: (_host, step) => {
      changes.push(step.argv);
      return run(local, step);
    },
  };
}

interface Command {
  readonly argv: Argv;
  readonly stdin?: string;
  readonly timeoutSeconds: number;
}

function run(local: LocalShell, command: Command): Promise<CommandResult> {
  const [program, ...first] = local.shell;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...command.argv.slice(1)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...local.env },
      timeout: command.timeoutSeconds * 1000,
      ...(local.uid === undefined ? {} : { uid: local.uid, gid: local.uid }),
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode, signal) =>
      resolve({
        ...output,
        exitCode,
        signal,
        timedOut: false,
        outputTruncated: false,
        durationMs: performance.now() - started,
        privilege: (local.uid ?? 0) === 0 ? 'root' : 'none',
      }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(command.stdin ?? '');
  });
}
