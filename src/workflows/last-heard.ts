import type { RoomLog } from '../ports/room-log.ts';

/**
 * When a person last said something in an incident's room, ISO 8601; null: never. A room's log may be
 * long: what was found before is good as long as it is `enough`.
 */
export type LastHeard = (
  stream: string,
  enough: (at: string | null) => boolean,
) => Promise<string | null>;

/** Rooms remembered. */
const KEPT = 500;

export function createLastHeard(roomLog: Pick<RoomLog, 'all'>): LastHeard {
  const known = new Map<string, string>();
  return async (stream, enough) => {
    const before = known.get(stream) ?? null;
    if (before !== null && enough(before)) return before;
    const events = await roomLog.all(stream);
    const said = events.findLast(
      (event) =>
        (event.kind === 'said' || event.kind === 'edited') && isPerson(event.message.author),
    );
    if (said === undefined) return null;
    known.delete(stream);
    known.set(stream, said.at);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return said.at;
  };
}

/** A bot stands there by its name. */
function isPerson(author: string): boolean {
  return /^[UW][A-Z0-9]{2,}$/.test(author);
}
