import { messageTime } from '../archive/archive-input.ts';
import type { RoomEvent, SaidMessage } from '../room-event.ts';
import { type FoldedMessage, foldRoom } from './room-messages.ts';

/** A message as the chat's history shows it now. */
export type SeenMessage = SaidMessage & {
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  /** Who pinned it; '' where that cannot be seen. */
  readonly pinnedBy?: string;
};

/** One look at the history. */
export interface Look {
  readonly channel: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** What was said after this (ISO 8601) may be missing from the history although it is there. */
  readonly settled: string;
  /** What was said before this (ISO 8601) was not read. */
  readonly since?: string;
  /** Threads whose replies were not read. */
  readonly unread: ReadonlySet<string>;
}

/** Slack names only some of the users of a popular reaction. */
const ALL_USERS_SHOWN = 20;

/** What the log lacks: messages, edits, deletions, reactions and pins that nobody heard of. */
export function missedEvents(
  log: readonly RoomEvent[],
  history: readonly SeenMessage[],
  look: Look,
): readonly RoomEvent[] {
  const known = foldRoom(log);
  const seen = new Set(history.map(({ ts }) => ts));
  const gone = [...known].flatMap(([ts, { message }]) => {
    if (message === null || message.deletedAt !== undefined || seen.has(ts)) return [];
    const { thread = '' } = message;
    const said = messageTime(ts);
    if (look.unread.has(thread) || said > look.settled || said < (look.since ?? '')) return [];
    return [event(look, `${ts} gone`, { kind: 'deleted', ts })];
  });
  return [...history.flatMap((now) => changes(now, known.get(now.ts), look)), ...gone];
}

function changes(
  now: SeenMessage,
  known: FoldedMessage | undefined,
  look: Look,
): readonly RoomEvent[] {
  const { reactions: _, pinnedBy, ...message } = now;
  const { ts } = now;
  return [
    ...textChanges(message, known, look),
    ...reactionChanges(now, known, look),
    ...(pinnedBy !== undefined && (known?.pinnedBy ?? null) === null
      ? [event(look, `${ts} pinned`, { kind: 'pinned', ts, user: pinnedBy })]
      : []),
    ...(pinnedBy === undefined && known !== undefined && known.pinnedBy !== null
      ? [event(look, `${ts} unpinned`, { kind: 'unpinned', ts, user: '' })]
      : []),
  ];
}

function textChanges(
  message: SaidMessage,
  known: FoldedMessage | undefined,
  look: Look,
): readonly RoomEvent[] {
  const before = known?.message ?? null;
  if (before === null) {
    const at = messageTime(message.ts);
    return [{ id: `seen ${message.ts}`, channel: look.channel, at, kind: 'said', message }];
  }
  const { edited = '' } = message;
  // A person's name may have changed since: only an edit makes what a person said another text.
  const other = message.bot === true ? before.text !== message.text : false;
  if (!other && (edited === '' || edited <= (before.edited ?? ''))) return [];
  const at = edited > (before.edited ?? '') ? edited : look.at;
  return [
    {
      id: `seen ${message.ts} ${at}`,
      channel: look.channel,
      at,
      kind: 'edited',
      message: { ...message, edited: at },
    },
  ];
}

function reactionChanges(
  { ts, reactions }: SeenMessage,
  known: FoldedMessage | undefined,
  look: Look,
): readonly RoomEvent[] {
  const before = new Map(known?.reactions.map(({ name, users }) => [name, users]));
  const now = new Map(reactions.map(({ name, users }) => [name, users]));
  const added = [...now].flatMap(([reaction, users]) =>
    users
      .filter((user) => before.get(reaction)?.includes(user) !== true)
      .map((user) =>
        event(look, `${ts} +${reaction} ${user}`, { kind: 'reacted', ts, reaction, user }),
      ),
  );
  const removed = [...before].flatMap(([reaction, users]) => {
    const left = now.get(reaction) ?? [];
    if (left.length >= ALL_USERS_SHOWN) return [];
    return users
      .filter((user) => !left.includes(user))
      .map((user) =>
        event(look, `${ts} -${reaction} ${user}`, { kind: 'unreacted', ts, reaction, user }),
      );
  });
  return [...added, ...removed];
}

type Happened = RoomEvent extends infer One
  ? One extends RoomEvent
    ? Omit<One, 'id' | 'channel' | 'at'>
    : never
  : never;

/** Nobody knows when it happened: the look is the first that was known of it. */
function event(look: Look, name: string, happened: Happened): RoomEvent {
  return { id: `seen ${name} ${look.at}`, channel: look.channel, at: look.at, ...happened };
}
