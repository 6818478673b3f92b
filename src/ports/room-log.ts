import type { RoomEvent } from '../core/incident/room-event.ts';

/** What was said in an incident's room, as it happened: edits and deletions too. */
export interface RoomLog {
  /** Durable when it resolves. The same `id` again changes nothing: false. */
  add(stream: string, event: RoomEvent): Promise<boolean>;
  /** In the order in which they were added. */
  all(stream: string): Promise<readonly RoomEvent[]>;
  /** The `ts` of the latest message that was taken in; null: none yet. */
  latest(stream: string): Promise<string | null>;
}
