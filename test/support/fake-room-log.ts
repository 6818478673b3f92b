import {
  isPersonsWord,
  type RoomEvent,
  slotOf,
  subjectOf,
} from '../../src/core/incident/room-event.ts';
import {
  EVENTS_PER_MESSAGE,
  EVENTS_PER_ROOM,
  FILES_PER_ROOM,
  type RoomLog,
} from '../../src/ports/room-log.ts';

interface FakeRoomLog {
  readonly events: RoomEvent[];
  readonly late: Map<string, RoomEvent>;
  latest: string | null;
}

/** What was said, in memory; `most`: how much of it. */
export function createFakeRoomLog(most = EVENTS_PER_ROOM): RoomLog {
  const rooms = new Map<string, FakeRoomLog>();
  const roomOf = (stream: string): FakeRoomLog => {
    const room = rooms.get(stream) ?? { events: [], late: new Map(), latest: null };
    rooms.set(stream, room);
    return room;
  };
  const about = (stream: string, subject: string): RoomEvent[] =>
    roomOf(stream).events.filter((event) => subjectOf(event) === subject);
  return {
    add: async (stream, given) => {
      const event = structuredClone(given);
      const room = roomOf(stream);
      if (room.events.some(({ id }) => id === event.id)) return false;
      if (isPersonsWord(event) && event.at > (room.latest ?? '')) room.latest = event.at;
      const subject = subjectOf(event);
      if (about(stream, subject).length >= EVENTS_PER_MESSAGE) {
        const slot = `${subject}|${slotOf(event)}`;
        const was = room.late.get(slot);
        if (was?.id === event.id) return false;
        if (was === undefined || was.at <= event.at) room.late.set(slot, event);
        return true;
      }
      const files = event.kind === 'kept' ? FILES_PER_ROOM : 0;
      if (room.events.length >= most + files) return false;
      room.events.push(event);
      return true;
    },
    all: async (stream) =>
      structuredClone([...roomOf(stream).events, ...roomOf(stream).late.values()]),
    about: async (stream, ts) => {
      const late = [...roomOf(stream).late.values()].filter((event) => subjectOf(event) === ts);
      return structuredClone([...about(stream, ts), ...late]);
    },
    latest: async (stream) => roomOf(stream).latest,
  };
}
