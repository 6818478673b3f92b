import { setTimeout as sleep } from 'node:timers/promises';
import { createCache } from '../../adapters/slack/cache.ts';
import type { Desk } from '../../adapters/slack/desk.ts';
import { HousecallError } from '../../core/errors.ts';
import { catchUpRoom } from '../../workflows/room/catch-up-room.ts';
import { type ObserveRoomDeps, observeRoom } from '../../workflows/room/observe-room.ts';

/** An incident that is closed is no longer listened to after this time. */
const OPEN_TTL_MS = 2_000;
/** Waits before each try again: Slack has its answer already and tells nothing twice. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** What is said in rooms, as it is said. */
export function roomDesk(deps: ObserveRoomDeps): Pick<Desk, 'observe'> {
  const { journal, log } = deps;
  const open = createCache<boolean>({ ttlMs: OPEN_TTL_MS, max: 1_000 });
  /** Rooms of which something was missed. */
  const missed = new Set<string>();

  const roomOf = async (channel: string): Promise<string | null> => {
    const stream = await journal.owner(`channel:${channel}`);
    if (stream === null) return null;
    const isOpen = await open.get(stream, async () => (await journal.open()).includes(stream));
    return isOpen ? stream : null;
  };

  return {
    async observe(channel, read) {
      try {
        const stream = await patiently(() => roomOf(channel));
        if (stream === null) return;
        const event = await patiently(read);
        if (event === null) return;
        await patiently(() => observeRoom(deps, stream, event));
        if (missed.delete(channel)) await catchUpRoom(deps, stream);
      } catch (error) {
        missed.add(channel);
        log.error(
          { channel, error: String(error) },
          'something that was said in a room was missed; it is read from its history later',
        );
      }
    },
  };
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HousecallError) || !error.retryable) throw error;
      await sleep(wait, undefined, { ref: false });
    }
  }
  return work();
}
