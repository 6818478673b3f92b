import { setTimeout as sleep } from 'node:timers/promises';
import { catchUpRoom } from '../workflows/room/catch-up-room.ts';
import type { ObserveRoomDeps } from '../workflows/room/observe-room.ts';

/** Slack, or the record, may be away when the process starts. */
const AGAIN_MS = 60_000;
const GRACE_MS = 3_000;

/** Reads once, for every open incident, what was said while no process listened. */
export function startCatchingUp(deps: ObserveRoomDeps): { stop(): Promise<void> } {
  const { journal, log } = deps;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const catchUp = async (streams: () => Promise<readonly string[]>): Promise<void> => {
    let failed: readonly string[] | null = null;
    try {
      failed = [];
      for (const stream of await streams()) {
        if (stopped) return;
        await catchUpRoom(deps, stream).catch((error: unknown) => {
          log.warn({ incident: stream, error: String(error) }, 'a room could not be read yet');
          failed = [...(failed ?? []), stream];
        });
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'open incidents could not be read yet');
      failed = null;
    }
    const left = failed;
    if (stopped || left?.length === 0) return;
    timer = setTimeout(() => {
      current = catchUp(left === null ? streams : async () => left);
    }, AGAIN_MS);
    timer.unref();
  };

  let current = catchUp(() => journal.open());
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // A long look may wait for Slack for minutes; whoever starts next looks again.
      await Promise.race([current, sleep(GRACE_MS, undefined, { ref: false })]);
    },
  };
}

/** Runs work one after the other. */
export function createInTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
