import type { ArchiveSink } from '../../archives/contract.ts';
import type { RoomMessage } from '../../core/incident/archive/archive-input.ts';
import { fittingMessages, roomGaps } from '../../core/incident/archive/room-gaps.ts';
import type { KeptFile } from '../../core/incident/room-event.ts';
import {
  keptFiles,
  roomMessages,
  sharedFiles,
} from '../../core/incident/timeline/room-messages.ts';
import { archiveKey } from '../closing/archive-key.ts';
import { type BackfillRoomDeps, backfillRoom } from './backfill-room.ts';
import { type KeepSharedFilesDeps, keepSharedFiles, type RoomPlace } from './keep-shared-files.ts';

export type ReadRoomDeps = BackfillRoomDeps & KeepSharedFilesDeps;

export interface WholeRoom {
  /** Oldest first, deleted ones too. */
  readonly messages: readonly RoomMessage[];
  /** Shared files that are in every sink, read back. */
  readonly kept: readonly KeptFile[];
  /** What of the room may be missing here, in sentences; empty: nothing is known to. */
  readonly gaps: readonly string[];
}

/** Everything that was said and shared in the room; what nobody heard is read from the chat's history. */
export async function readRoom(deps: ReadRoomDeps, place: RoomPlace): Promise<WholeRoom> {
  const { missed, unread } = await backfillRoom(deps, place);
  const log = await deps.roomLog.all(place.stream);
  // A log that is full takes nothing more: what was missed counts all the same.
  const known = new Set(log.map(({ id }) => id));
  const beyond = missed.filter(({ id }) => !known.has(id));
  const events = [...log, ...beyond];
  const lost = new Map(await keepSharedFiles(deps, place, sharedFiles(events)));
  const kept = keptFiles(await deps.roomLog.all(place.stream));
  const good: KeptFile[] = [];
  for (const file of kept.values()) {
    if (await isEverywhere(deps, place, file)) good.push(file);
    else lost.set(file.id, 'it was kept, and is no longer in the archive as it was');
  }
  const there = good.map((file) => ({
    id: `good ${file.id}`,
    channel: place.channel,
    at: '',
    kind: 'kept' as const,
    file,
  }));
  const said = events.filter(({ kind }) => kind !== 'kept');
  const { messages, left } = fittingMessages(roomMessages([...said, ...there], lost));
  return { messages, kept: good, gaps: roomGaps({ unread, beyond: beyond.length, left }) };
}

/** One file at a time: all of them together may be larger than the memory. */
async function isEverywhere(
  deps: ReadRoomDeps,
  place: RoomPlace,
  file: KeptFile,
): Promise<boolean> {
  const key = archiveKey(place.openedAt, place.stream, file.path);
  const copy = async (sink: ArchiveSink): Promise<Uint8Array | null> => {
    const found = await sink.get(key);
    return found !== null && deps.sha256(found) === file.sha256 ? found : null;
  };
  const without: ArchiveSink[] = [];
  let body: Uint8Array | null = null;
  for (const sink of deps.sinks) {
    const found = await copy(sink);
    if (found === null) without.push(sink);
    else body = found;
  }
  if (body === null) return false;
  for (const sink of without) {
    // Configured since, or lost there.
    await sink.put({ key, mediaType: 'application/octet-stream', body });
    if ((await copy(sink)) === null) return false;
  }
  return true;
}
