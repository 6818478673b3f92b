import type { Log } from '../ports/log.ts';
import { type CloseAgainDeps, closeAgain } from '../workflows/closing/close-again.ts';
import { type Repeated, repeat } from './repeat.ts';

/** A bucket that is away may take minutes to say so; whoever starts next looks again. */
const GRACE_MS = 2_000;

/**
 * Looks again and again at open incidents that somebody wants closed and whose archive could not be
 * written. By itself: an archive that is slow to say that it is away must not keep a page waiting.
 */
export function startClosingAgain(
  deps: CloseAgainDeps & { readonly log: Log },
  everyMs: number,
): Repeated {
  const { journal, log } = deps;
  const look = async (stopped: () => boolean): Promise<void> => {
    for (const stream of await journal.open()) {
      if (stopped()) return;
      await closeAgain(deps, stream).catch((error: unknown) => {
        log.warn({ stream, error: String(error) }, 'closing: tried again at the next look');
      });
    }
  };
  const failed = (error: unknown): void => {
    log.warn({ error: String(error) }, 'closing: open incidents could not be read');
  };
  return repeat(look, { everyMs, failed, graceMs: GRACE_MS });
}
