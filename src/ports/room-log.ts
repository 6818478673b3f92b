import type { RoomEvent } from '../core/incident/room-event.ts';

/** So many events are kept of one message; of those after it, the latest of each kind. */
export const EVENTS_PER_MESSAGE = 200;
/** So many events are kept of one room; what is said after them is read from the chat's history. */
export const EVENTS_PER_ROOM = 100_000;
/** So many shared files are kept of one room; there is room to note them in a log that is full otherwise. */
export const FILES_PER_ROOM = 2_000;

/** What was said in an incident's room, as it happened: edits and deletions too. */
export interface RoomLog {
  /** Durable when it resolves. The same `id` again changes nothing: false. */
  add(stream: string, event: RoomEvent): Promise<boolean>;
  /** In the order in which they were added. */
  all(stream: string): Promise<readonly RoomEvent[]>;
  /** Events about one message (its `ts`), in the order in which they were added. */
  about(stream: string, ts: string): Promise<readonly RoomEvent[]>;
  /** When a person last wrote or edited something, ISO 8601; null: never. What bots say keeps nothing alive. */
  latest(stream: string): Promise<string | null>;
}
