import type { Incident } from '../../core/incident/case.ts';
import { type RoomEvent, subjectOf } from '../../core/incident/room-event.ts';
import { cleanEvent } from '../../core/incident/timeline/clean-event.ts';
import { missedEvents } from '../../core/incident/timeline/missed-events.ts';
import { foldRoom } from '../../core/incident/timeline/room-messages.ts';
import type { Chat, ThreadHead } from '../../ports/chat.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import { readCase } from '../record/transact.ts';
import { heldBy, type MarkTimelineDeps, markTimeline } from './mark-timeline.ts';

export interface BackfillRoomDeps extends MarkTimelineDeps {
  readonly chat: Pick<Chat, 'history'>;
  readonly roomLog: RoomLog;
  readonly redact: (text: string) => string;
  /** How long the chat may take to show a message in its history. */
  readonly settleSeconds: number;
}

/**
 * Each thread is one call, and Slack allows fifty a minute. That a reply was edited is seen nowhere but
 * in its thread: of those that look just as they were heard the latest so many are read all the same.
 */
const KNOWN_THREADS_READ = 150;

export interface Backfill {
  readonly missed: readonly RoomEvent[];
  /** How many threads look as they were heard, and were not read again. */
  readonly unread: number;
}

/** A room, and from when on it is one. */
export interface RoomRange {
  readonly stream: string;
  readonly channel: string;
  /** ISO 8601; absent: from the beginning of the channel. */
  readonly since?: string;
}

/** What led to the incident in a channel that was there before; older talk there is nobody's business. */
const BEFORE_MS = 60 * 60_000;

export function rangeOf(stream: string, { room, openedAt }: Incident): RoomRange | null {
  if (room === null) return null;
  const { channel, adopted } = room;
  if (!adopted) return { stream, channel };
  return { stream, channel, since: new Date(Date.parse(openedAt) - BEFORE_MS).toISOString() };
}

/**
 * Reads what the chat has of the room, and adds to the log what it lacks: messages, and edits,
 * deletions and marks that happened while nobody listened; of the message `only`, if one is named.
 */
export async function backfillRoom(
  deps: BackfillRoomDeps,
  { stream, channel, since, only }: RoomRange & { readonly only?: string },
): Promise<Backfill> {
  const { chat, roomLog, clock } = deps;
  const log = await roomLog.all(stream);
  const threads = knownThreads(log);
  const unread = new Set<string>();
  let toRead = KNOWN_THREADS_READ;
  const looked = clock.now();
  const isKnown = ({ ts, replies, latest }: ThreadHead): boolean => {
    const known = threads.get(ts);
    if (known === undefined || known.replies !== replies || known.latest !== latest) return false;
    toRead -= 1;
    if (toRead >= 0) return false;
    unread.add(ts);
    return true;
  };
  const range = since === undefined ? {} : { since };
  const history = await chat.history(channel, { isKnown, ...range });
  const look = {
    channel,
    at: looked.toISOString(),
    settled: new Date(looked.getTime() - deps.settleSeconds * 1_000).toISOString(),
    unread,
    ...range,
  };
  const missed = missedEvents(log, history, look)
    .filter((event) => only === undefined || subjectOf(event) === only)
    .map((event) => cleanEvent(event, deps.redact));
  for (const event of missed) await roomLog.add(stream, event);
  await settleMarks(deps, stream, [...log, ...missed]);
  return { missed, unread: unread.size };
}

/** How each thread was heard: by `ts` of its first message. */
function knownThreads(
  log: readonly RoomEvent[],
): ReadonlyMap<string, { readonly replies: number; readonly latest: string }> {
  const threads = new Map<string, { replies: number; latest: string }>();
  for (const [ts, { message }] of foldRoom(log)) {
    if (message?.thread === undefined || message.deletedAt !== undefined) continue;
    const before = threads.get(message.thread) ?? { replies: 0, latest: '' };
    const latest = ts > before.latest ? ts : before.latest;
    threads.set(message.thread, { replies: before.replies + 1, latest });
  }
  return threads;
}

/** The timeline as the marks of all messages say. */
async function settleMarks(
  deps: BackfillRoomDeps,
  stream: string,
  events: readonly RoomEvent[],
): Promise<void> {
  const { incident } = await readCase(deps.journal, stream);
  for (const [ts, folded] of foldRoom(events)) {
    const held = [...heldBy(folded).keys()].toSorted().join();
    const told = [...(incident?.timeline.get(ts)?.marks ?? [])].toSorted().join();
    if (held !== told) await markTimeline(deps, { stream, ts });
  }
}
