import { catchSignals } from '../catch-signals.ts';
import { errorText, exitCodeOf } from './exit-code.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires on Ctrl-C and SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal;
  readonly configPath: { readonly configPath?: string };
}

interface RunOptions {
  /** Exit status of an error that is neither usage nor configuration. */
  readonly otherwise: number;
  readonly configPath: { readonly configPath?: string };
  readonly colours: boolean;
}

/**
 * Runs a command and ends the process with its status, after everything printed has left. Commands
 * that keep running (`start`, `demo`) return when `signal` has fired and they have stopped.
 */
export async function runCommand(
  { otherwise, configPath, colours }: RunOptions,
  command: (context: CommandContext) => Promise<number>,
): Promise<void> {
  const terminal = processTerminal({ colours });
  const caught = catchSignals();
  const unwritten = watchOutput();
  let status: number;
  try {
    status = await command({ terminal, signal: caught.signal, configPath });
  } catch (error) {
    terminal.err(errorText(error));
    status = exitCodeOf(error, otherwise);
  }
  caught.release();
  await drained();
  const problem = unwritten();
  if (problem !== null) {
    terminal.err(`housecall: standard output could not be written: ${problem}\n`);
    status = otherwise;
    await drained();
  }
  process.exit(status);
}

/**
 * `housecall diag … | head` closes the pipe early: that changes nothing about what was found. A full disk
 * does: then a script has half a document, and must not read success.
 */
function watchOutput(): () => string | null {
  let problem: string | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') problem ??= error.message;
  });
  process.stderr.on('error', () => undefined);
  return () => problem;
}

/** Pipes are written in the background; ending earlier would cut them. */
async function drained(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
    ),
  );
}
