import type { Argv, CommandResult } from '../../core/command.ts';
import type { Host } from '../../core/fleet/host.ts';
import { createHeadTail } from './head-tail.ts';
import { type Mode, requestText } from './request.ts';
import type { Runner } from './runner.ts';
import { cancelled, lost, unreachable } from './unreachable.ts';

export interface Command {
  readonly mode: Mode;
  readonly argv: Argv;
  readonly stdin?: string;
  readonly timeoutSeconds: number;
  readonly outputLimitBytes: number;
}

export interface CommandContext {
  readonly host: Host;
  readonly signal?: AbortSignal;
  /** Why the connection is gone, or null while it stands. */
  readonly connectionLost: () => string | null;
  /** Kills the command with its children; resolves when that was done or could not be. */
  readonly stop: () => Promise<void>;
}

/** A flood is stopped once this many times its limit, and at least this much, was printed. */
const FLOOD_FACTOR = 4;
const FLOOD_BYTES = 8 * 1024 * 1024;
/** A child in the background may hold the output open after the command's end. */
const QUIET_MS = { read: 2000, change: 1000 } as const;
const DRAIN_MS = 5000;
/** The host kills by itself at the limit; this much later we no longer rely on that. */
const BACKSTOP_MS = 6000;
const GIVE_UP_MS = 5000;

/** Hands the command to a waiting reader and settles in every case, exactly once. */
export function runCommand(
  runner: Runner,
  command: Command,
  context: CommandContext,
): Promise<CommandResult> {
  const { host, signal } = context;
  const limitSeconds = Math.max(1, Math.ceil(command.timeoutSeconds));
  const request = requestText(runner.nonce, { ...command, limitSeconds });
  const output = {
    stdout: createHeadTail(command.outputLimitBytes),
    stderr: createHeadTail(command.outputLimitBytes),
  };
  const flood = Math.max(FLOOD_BYTES, FLOOD_FACTOR * command.outputLimitBytes);

  return new Promise((resolve, reject) => {
    const writtenAt = performance.now();
    const startedAt = new Date().toISOString();
    let readyAt = runner.current() === null ? null : writtenAt;
    let exitAt: number | null = null;
    let overdue = false;
    let cut = false;
    let over = false;
    let stopping: Promise<void> | null = null;
    const timers = new Set<NodeJS.Timeout>();
    const after = (ms: number, act: () => void): NodeJS.Timeout => {
      const timer = setTimeout(act, ms);
      timers.add(timer);
      return timer;
    };
    const settle = (act: () => void): void => {
      if (over) return;
      over = true;
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      act();
      if (!runner.closed()) runner.channel.close();
    };
    const stop = (): Promise<void> => (stopping ??= context.stop());

    const result = (): CommandResult => {
      const ready = runner.current();
      const ending = runner.ending() ?? { exitCode: null, signal: null };
      const end = exitAt ?? performance.now();
      const limitMs = limitSeconds * 1000;
      const killed = ['SIGTERM', 'SIGKILL'].includes(ending.signal ?? '');
      const late = end - writtenAt >= limitMs;
      return {
        stdout: output.stdout.text(),
        stderr: output.stderr.text(),
        ...ending,
        // A login shell that is slow to start does not count against a command that then was quick.
        timedOut: overdue || (late && (killed || end - (readyAt ?? end) >= limitMs)),
        outputTruncated: cut || output.stdout.truncated() || output.stderr.truncated(),
        durationMs: Math.round(end - writtenAt),
        startedAt,
        privilege: ready?.privilege ?? 'none',
        ...(ready?.sudoRefused === undefined ? {} : { sudoRefused: ready.sudoRefused }),
      };
    };
    const finish = (): void => {
      if (signal?.aborted)
        return settle(() => reject(cancelled(host, 'the command was cancelled')));
      if (overdue || (runner.ending() !== null && runner.current() !== null)) {
        return settle(() => resolve(result()));
      }
      const reason = context.connectionLost();
      if (reason !== null) return settle(() => reject(lost(host, reason)));
      if (runner.current() === null) return settle(() => reject(noShell(host, runner)));
      settle(() => reject(lost(host, 'the command ended without an exit status')));
    };
    const abort = (): void => {
      void stop().then(() =>
        settle(() => reject(cancelled(host, 'the command was cancelled and killed'))),
      );
    };
    let quiet: NodeJS.Timeout | undefined;
    const drain = (): void => {
      clearTimeout(quiet);
      quiet = after(QUIET_MS[command.mode], giveUpOutput);
    };
    const giveUpOutput = (): void => {
      cut = true;
      finish();
    };

    const take = (kind: 'stdout' | 'stderr') => (chunk: Buffer) => {
      output[kind].add(chunk);
      if (exitAt !== null) drain();
      const total = output.stdout.total() + output.stderr.total();
      if (command.mode === 'read' && total > flood) void stop();
    };
    runner.listen({ stdout: take('stdout'), stderr: take('stderr') });
    runner.channel.once('exit', () => {
      exitAt = performance.now();
      after(DRAIN_MS, giveUpOutput);
      drain();
    });
    runner.channel.once('close', finish);
    void runner.ready.then(() => (readyAt ??= performance.now()));
    after(host.connectTimeoutSeconds * 1000, () => {
      if (runner.current() === null) settle(() => reject(slowShell(host)));
    });
    after(limitSeconds * 1020 + BACKSTOP_MS, () => {
      overdue = true;
      after(GIVE_UP_MS, finish);
      void stop();
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    runner.channel.write(request);
    runner.channel.end(command.stdin ?? '');
  });
}

/** The reader never came to reading: nothing was started. */
export function noShell(host: Host, runner: Runner): Error {
  const said = runner.foreword().split('\n')[0]?.trim().slice(0, 200) ?? '';
  const words = said === '' ? '' : `: "${said}"`;
  return unreachable(host, 'auth', `the account ${host.user} does not run commands${words}`);
}

/** Logged in, but even a shell does not start: typical of a host that is out of memory or stuck on I/O. */
export function slowShell(host: Host): Error {
  const what = host.sudo ? 'its shell or sudo' : 'its shell';
  const words = `logged in, but ${what} did not start in ${host.connectTimeoutSeconds} s`;
  return unreachable(host, { stage: 'timeout', reason: 'stuck' }, words);
}
