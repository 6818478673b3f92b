import { setMaxListeners } from 'node:events';
import { EXIT_INTERRUPTED } from './cli/exit-code.ts';

export interface CaughtSignals {
  /** Fires at the first of them. */
  readonly signal: AbortSignal;
  /** From now on they do what they always do. */
  release(): void;
}

/** One Ctrl-C may come twice: from the terminal and, passed on, from npm. */
const SAME_SIGNAL_MS = 500;

/** SIGINT and SIGTERM ask this process to stop; a second one ends it at once. */
export function catchSignals(
  names: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'],
): CaughtSignals {
  const controller = new AbortController();
  // One listener per host that is looked at: no leak, and no warning about one.
  setMaxListeners(0, controller.signal);
  let first = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) first = Date.now();
    else if (Date.now() - first > SAME_SIGNAL_MS) process.exit(EXIT_INTERRUPTED);
    controller.abort(name);
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** Resolves when it fires, at once when it has. */
export async function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
