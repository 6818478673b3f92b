import type { RoomLog } from '../../ports/room-log.ts';

/** When a person last said something in an incident's room, ISO 8601; null: never. */
export type LastHeard = (stream: string) => Promise<string | null>;

export function createLastHeard(roomLog: Pick<RoomLog, 'latest'>): LastHeard {
  return (stream) => roomLog.latest(stream);
}
