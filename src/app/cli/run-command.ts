import { EXIT_INTERRUPTED, errorText, exitCodeOf } from './exit-code.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires on Ctrl-C and SIGTERM; a second Ctrl-C ends at once. */
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
 * that keep running (`start`, `demo`) handle signals themselves and return when they have stopped.
 */
export async function runCommand(
  { otherwise, configPath, colours }: RunOptions,
  command: (context: CommandContext) => Promise<number>,
): Promise<void> {
  const terminal = processTerminal({ colours });
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupt.abort();
  };
  // `housecall diag … | head` closes the pipe early: nobody reads any more, so that is the end.
  process.stdout.on('error', () => process.exit(0));
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let status: number;
  try {
    status = await command({ terminal, signal: interrupt.signal, configPath });
  } catch (error) {
    terminal.err(errorText(error));
    status = exitCodeOf(error, otherwise);
  }
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  await drained();
  process.exit(status);
}

/** Pipes are written in the background; ending earlier would cut them. */
async function drained(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
    ),
  );
}
