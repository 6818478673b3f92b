import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../ports/log.ts';
import { type CloseAgainDeps, closeAgain } from '../workflows/closing/close-again.ts';

/** At the end a look that waits for an archive is not waited for longer. */
const GRACE_MS = 2_000;

/**
 * Looks again and again at open incidents that somebody wants closed and whose archive could not be
 * written. By itself: an archive that is slow to say that it is away must not keep a page waiting.
 */
export function startClosingAgain(
  deps: CloseAgainDeps & { readonly log: Log },
  everyMs: number,
): { stop(): Promise<void> } {
  const { journal, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    for (const stream of await journal.open()) {
      if (stopped) return;
      await closeAgain(deps, stream).catch((error: unknown) => {
        log.warn({ stream, error: String(error) }, 'closing: tried again at the next look');
      });
    }
  };
  const round = async (): Promise<void> => {
    await look().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'closing: open incidents could not be read');
    });
    if (!stopped) timer = setTimeout(again, everyMs);
  };
  let current = Promise.resolve();
  const again = (): void => {
    current = round();
  };
  again();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // A bucket that is away may take minutes to say so; whoever starts next looks again.
      await Promise.race([current, sleep(GRACE_MS, undefined, { ref: false })]);
    },
  };
}
