import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { TransactDeps } from '../workflows/record/transact.ts';
import { keepCanvas } from '../workflows/room/keep-canvas.ts';
import { type Repeated, repeat } from './repeat.ts';

/** Looks at every open incident again and again, and has its canvas written when that would say something else. */
export function startKeepingCanvases(
  deps: TransactDeps & { readonly journal: Journal; readonly log: Log },
  everyMs: number,
): Repeated {
  const { journal, log } = deps;
  /** What each canvas was last to say, by incident. A process that starts writes each once more. */
  const shown = new Map<string, string>();
  const look = async (stopped: () => boolean): Promise<void> => {
    const open = await journal.open();
    for (const stream of shown.keys()) if (!open.includes(stream)) shown.delete(stream);
    for (const stream of open) {
      if (stopped()) return;
      await keepCanvas(deps, stream, shown).catch((error: unknown) => {
        log.warn({ stream, error: String(error) }, 'canvas: looked at again later');
      });
    }
  };
  const failed = (error: unknown): void => {
    log.warn({ error: String(error) }, 'canvas: open incidents could not be read');
  };
  return repeat(look, { everyMs, failed });
}
