import { messageTime } from '../../core/incident/archive/archive-input.ts';
import type { RoomEvent } from '../../core/incident/room-event.ts';
import { cleanEvent } from '../../core/incident/timeline/clean-event.ts';
import { sharedFiles } from '../../core/incident/timeline/room-messages.ts';
import type { Log } from '../../ports/log.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import { readCase } from '../record/transact.ts';
import { type BackfillRoomDeps, backfillRoom, rangeOf } from './backfill-room.ts';
import { type KeepSharedFilesDeps, keepSharedFiles } from './keep-shared-files.ts';
import { markTimeline } from './mark-timeline.ts';

export interface ObserveRoomDeps extends BackfillRoomDeps, KeepSharedFilesDeps {
  readonly chat: BackfillRoomDeps['chat'] & KeepSharedFilesDeps['chat'];
  readonly roomLog: RoomLog;
  readonly log: Log;
  /** One after the other: two files at once could both believe that there is room for them. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Something happened in the room of an open incident: it is kept first, then its files are, and a
 * :pushpin: or a pin puts the message on the timeline. Safe to repeat: the same event changes nothing.
 */
export async function observeRoom(
  deps: ObserveRoomDeps,
  stream: string,
  heard: RoomEvent,
): Promise<void> {
  const event = cleanEvent(heard, deps.redact);
  await deps.roomLog.add(stream, event);
  if (isMark(event)) {
    const { ts } = event;
    if (!(await markTimeline(deps, { stream, ts }))) await lookBack(deps, stream, ts);
    return;
  }
  await keepFiles(deps, stream, event);
}

/** A message further back is not looked for: a channel may be many years old. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60_000;

/** Marked is a message that nobody heard: it was said before we listened. */
async function lookBack(deps: ObserveRoomDeps, stream: string, ts: string): Promise<void> {
  const { incident } = await readCase(deps.journal, stream);
  const range = incident === null ? null : rangeOf(stream, incident);
  if (incident === null || range === null) return;
  const said = messageTime(ts);
  if (range.since === undefined || said >= range.since) {
    await backfillRoom(deps, range);
  } else if (Date.parse(incident.openedAt) - Date.parse(said) <= LOOK_BACK_MS) {
    await backfillRoom(deps, { ...range, since: said, only: ts });
  }
}

function isMark(
  event: RoomEvent,
): event is Extract<RoomEvent, { kind: 'reacted' | 'unreacted' | 'pinned' | 'unpinned' }> {
  switch (event.kind) {
    case 'reacted':
    case 'unreacted':
      return event.reaction === 'pushpin';
    case 'pinned':
    case 'unpinned':
      return true;
    default:
      return false;
  }
}

/** A file that could not be fetched now is tried again before the archive is written. */
async function keepFiles(deps: ObserveRoomDeps, stream: string, event: RoomEvent): Promise<void> {
  const files = sharedFiles([event]);
  if (files.length === 0) return;
  const { incident } = await readCase(deps.journal, stream);
  if (incident === null) return;
  const place = { stream, channel: event.channel, openedAt: incident.openedAt };
  const lost = await deps
    .inTurn(() => keepSharedFiles(deps, place, files))
    .catch((error: unknown) => {
      deps.log.warn({ incident: stream, error: String(error) }, 'a shared file is not kept yet');
      return new Map<string, string>();
    });
  for (const [file, reason] of lost) {
    deps.log.warn({ incident: stream, file, reason }, 'a shared file is not kept yet');
  }
}
