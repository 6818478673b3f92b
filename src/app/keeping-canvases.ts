import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { TransactDeps } from '../workflows/record/transact.ts';
import { keepCanvas } from '../workflows/room/keep-canvas.ts';

/** Looks at every open incident again and again, and has its canvas written when that would say something else. */
export function startKeepingCanvases(
  deps: TransactDeps & { readonly journal: Journal; readonly log: Log },
  everyMs: number,
): { stop(): Promise<void> } {
  const { journal, log } = deps;
  /** What each canvas was last to say, by incident. A process that starts writes each once more. */
  const shown = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const open = await journal.open();
    for (const stream of shown.keys()) if (!open.includes(stream)) shown.delete(stream);
    for (const stream of open) {
      if (stopped) return;
      await keepCanvas(deps, stream, shown).catch((error: unknown) => {
        log.warn({ stream, error: String(error) }, 'canvas: looked at again later');
      });
    }
  };
  const round = async (): Promise<void> => {
    await look().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'canvas: open incidents could not be read');
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
      await current;
    },
  };
}
