import type { CaseEvent, TimelineMark } from '../../core/incident/event.ts';
import { type FoldedMessage, foldMessage } from '../../core/incident/timeline/room-messages.ts';
import type { Actor } from '../../core/person.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import { type TransactDeps, transact } from '../record/transact.ts';

export interface MarkTimelineDeps extends TransactDeps {
  readonly roomLog: Pick<RoomLog, 'about'>;
  /** The workspace of everybody in the room. */
  readonly team: () => Promise<string>;
}

const PUSHPIN = 'pushpin';
/** Characters of a message that the record holds; the whole of it is in the archive. */
const TEXT = 3_000;
/** So often the marks may change while they are being recorded. */
const ROUNDS = 10;

/** How people hold a message on the timeline, and who did first. */
export function heldBy({ reactions, pinnedBy }: FoldedMessage): ReadonlyMap<TimelineMark, string> {
  const pushed = reactions.find(({ name }) => name === PUSHPIN)?.users[0];
  const held = new Map<TimelineMark, string>();
  if (pushed !== undefined) held.set('pushpin', pushed);
  if (pinnedBy !== null) held.set('pin', pinnedBy);
  return held;
}

/**
 * Puts a message on the timeline, or takes it off, as its :pushpin: reactions and its pin say now:
 * the same again changes nothing, and of two at once the last one looks again. False: nobody heard
 * what the message says.
 */
export async function markTimeline(
  deps: MarkTimelineDeps,
  { stream, ts }: { readonly stream: string; readonly ts: string },
): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const folded = foldMessage(await deps.roomLog.about(stream, ts));
    const held = heldBy(folded);
    if (folded.message === null && held.size > 0) return false;
    let changed = false;
    for (const via of ['pushpin', 'pin'] as const) {
      const user = held.get(via);
      const actor = await actorOf(deps, user);
      await transact(deps, { stream, actor }, ({ incident }) => {
        const marks = incident?.timeline.get(ts)?.marks ?? [];
        changed ||= marks.includes(via) !== (user !== undefined);
        if (incident === null || incident.state === 'closed') return null;
        if (marks.includes(via) === (user !== undefined)) return null;
        return { events: [user === undefined ? removed(ts, via) : added(folded, ts, via)] };
      });
    }
    if (!changed) return true;
  }
  return true;
}

async function actorOf(deps: MarkTimelineDeps, user: string | undefined): Promise<Actor> {
  if (user === undefined || user === '') return HOUSECALL;
  return { kind: 'person', team: await deps.team(), user };
}

function removed(ts: string, via: TimelineMark): CaseEvent {
  return { type: 'timeline.removed', ts, via };
}

function added({ message }: FoldedMessage, ts: string, via: TimelineMark): CaseEvent {
  const { author = '', text = '', permalink } = message ?? {};
  const cut = text.length > TEXT ? `${text.slice(0, TEXT - 1)}…` : text;
  return {
    type: 'timeline.added',
    ts,
    via,
    author,
    text: cut,
    ...(permalink === undefined ? {} : { permalink }),
  };
}
