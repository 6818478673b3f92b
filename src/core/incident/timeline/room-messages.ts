import { messageTime, type RoomFile, type RoomMessage } from '../archive/archive-input.ts';
import type { KeptFile, RoomEvent, SaidMessage, SharedFile } from '../room-event.ts';
import { subjectOf } from '../room-event.ts';

/** A message and what stands at it, after everything that happened to it. */
export interface FoldedMessage {
  /** Null: it was marked or deleted, and nobody heard what it said. */
  readonly message: RoomMessage | null;
  readonly reactions: RoomMessage['reactions'];
  /** Who pinned it, '' where that was not seen; null: it is not pinned. */
  readonly pinnedBy: string | null;
}

/** Every message of the room as it stands in the end, oldest first, whatever order it was heard in. */
export function roomMessages(
  events: readonly RoomEvent[],
  lost: ReadonlyMap<string, string> = new Map(),
): readonly RoomMessage[] {
  const kept = keptFiles(events);
  return [...foldRoom(events).values()]
    .flatMap(({ message }) => (message === null ? [] : [message]))
    .map((message) => ({
      ...message,
      files: message.files.map((file) => archived(file, kept, lost)),
    }))
    .toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** By `ts` of the message. */
export function foldRoom(events: readonly RoomEvent[]): ReadonlyMap<string, FoldedMessage> {
  const about = new Map<string, RoomEvent[]>();
  for (const event of events) {
    if (event.kind === 'kept') continue;
    const subject = subjectOf(event);
    const others = about.get(subject);
    if (others === undefined) about.set(subject, [event]);
    else others.push(event);
  }
  return new Map([...about].map(([ts, own]) => [ts, foldMessage(own)]));
}

/** One message; all events are about it. */
export function foldMessage(events: readonly RoomEvent[]): FoldedMessage {
  const inOrder = events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const versions = versionsOf(inOrder);
  const last = versions.at(-1);
  const pin = inOrder.findLast(({ kind }) => kind === 'pinned' || kind === 'unpinned');
  const pinnedBy = pin?.kind === 'pinned' ? pin.user : null;
  const reactions = reactionsOf(inOrder);
  if (last === undefined) return { message: null, reactions, pinnedBy };
  const { edited: _, files: __, ...said } = last.message;
  const deleted = inOrder.find(({ kind }) => kind === 'deleted');
  const earlier = versions.slice(0, -1);
  return {
    message: {
      ...said,
      ...(last.at === '' ? {} : { edited: last.at }),
      ...(earlier.length === 0
        ? {}
        : {
            earlier: earlier.map(({ at, message }) => ({
              at: at === '' ? messageTime(message.ts) : at,
              text: message.text,
            })),
          }),
      ...(deleted === undefined ? {} : { deletedAt: deleted.at }),
      reactions,
      files: filesOf(versions.map(({ message }) => message)),
    },
    reactions,
    pinnedBy,
  };
}

interface Version {
  /** When it was written by an edit; '' for the first. */
  readonly at: string;
  readonly message: SaidMessage;
}

/** What it said, from first to last: each time that the text or the files became others. */
function versionsOf(events: readonly RoomEvent[]): readonly Version[] {
  const heard = events.flatMap((event): Version[] => {
    if (event.kind === 'said') return [{ at: event.message.edited ?? '', message: event.message }];
    // Slack's own time of an edit has no fraction of a second: two of them would be one.
    return event.kind === 'edited' ? [{ at: event.at, message: event.message }] : [];
  });
  // What it replaced, as Slack told it: counts where that was not heard itself.
  const texts = new Set(heard.map(({ message }) => message.text));
  const replaced = events.flatMap((event): Version[] => {
    const before = event.kind === 'edited' || event.kind === 'deleted' ? event.before : undefined;
    if (before === undefined || texts.has(before.text)) return [];
    return [{ at: before.edited ?? '', message: before }];
  });
  return [...replaced, ...heard]
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .filter(({ message }, n, all) => {
      const previous = all[n - 1]?.message;
      return (
        previous === undefined ||
        previous.text !== message.text ||
        previous.files.length !== message.files.length
      );
    });
}

function reactionsOf(events: readonly RoomEvent[]): RoomMessage['reactions'] {
  const names = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.kind !== 'reacted' && event.kind !== 'unreacted') continue;
    const users = names.get(event.reaction) ?? new Set();
    names.set(event.reaction, users);
    if (event.kind === 'reacted') users.add(event.user);
    else users.delete(event.user);
  }
  return [...names]
    .filter(([, users]) => users.size > 0)
    .map(([name, users]) => ({ name, users: [...users] }));
}

/** Every file that was ever in the message, as it was first told: a deleted one has lost its name. */
function filesOf(versions: readonly SaidMessage[]): readonly RoomFile[] {
  const files = new Map<string, RoomFile>();
  for (const { files: some } of versions) {
    for (const { download: _, ...file } of some) {
      const key = file.id ?? `${file.name} ${file.url}`;
      if (!files.has(key)) files.set(key, file);
    }
  }
  return [...files.values()];
}

/** Everything that was ever shared in the room, once, as it was first told. */
export function sharedFiles(events: readonly RoomEvent[]): readonly SharedFile[] {
  const files = new Map<string, SharedFile>();
  for (const event of events) {
    const said = event.kind === 'said' || event.kind === 'edited' ? [event.message] : [];
    const before = event.kind === 'edited' || event.kind === 'deleted' ? event.before : undefined;
    for (const message of [...said, ...(before === undefined ? [] : [before])]) {
      for (const file of message.files) {
        const known = files.get(file.id ?? file.url);
        if (known?.download === undefined) files.set(file.id ?? file.url, { ...file, ...known });
      }
    }
  }
  return [...files.values()];
}

/** By the chat's id. */
export function keptFiles(events: readonly RoomEvent[]): ReadonlyMap<string, KeptFile> {
  return new Map(
    events.flatMap((event) => (event.kind === 'kept' ? [[event.file.id, event.file]] : [])),
  );
}

function archived(
  file: RoomFile,
  kept: ReadonlyMap<string, KeptFile>,
  lost: ReadonlyMap<string, string>,
): RoomFile {
  const found = kept.get(file.id ?? '');
  if (found !== undefined) {
    const { path, bytes, sha256 } = found;
    return { ...file, path, bytes, sha256 };
  }
  const reason = lost.get(file.id ?? file.url);
  return reason === undefined ? file : { ...file, lost: reason };
}
