import { sharedFiles } from '../../core/incident/timeline/room-messages.ts';
import { readCase } from '../record/transact.ts';
import { backfillRoom, rangeOf } from './backfill-room.ts';
import { keepSharedFiles } from './keep-shared-files.ts';
import type { ObserveRoomDeps } from './observe-room.ts';

/** After a time in which nobody listened: what was said, marked and shared in the room meanwhile. */
export async function catchUpRoom(deps: ObserveRoomDeps, stream: string): Promise<void> {
  const { incident } = await readCase(deps.journal, stream);
  if (incident === null || incident.state === 'closed') return;
  const range = rangeOf(stream, incident);
  if (range === null) return;
  const { missed } = await backfillRoom(deps, range);
  const place = { ...range, openedAt: incident.openedAt };
  const files = sharedFiles(await deps.roomLog.all(stream));
  const lost = await deps.inTurn(() => keepSharedFiles(deps, place, files));
  if (missed.length > 0) {
    deps.log.info(
      { incident: stream, missed: missed.length, files: files.length, lost: lost.size },
      'what was said in a room while nobody listened is on record',
    );
  }
}
