import type { RoomEvent, SaidMessage } from '../../../core/incident/room-event.ts';
import {
  chatMessage,
  isoTime,
  peopleOf,
  type SlackMessage,
  type Surroundings,
  TOMBSTONE,
} from '../chat/slack-message.ts';
import type { Given } from '../given.ts';

/** A `message` event as Slack sends it; which fields there are depends on its subtype. */
export interface MessageEvent extends SlackMessage {
  readonly channel: string;
  readonly event_ts?: string;
  readonly deleted_ts?: string;
  readonly message?: SlackMessage;
  readonly previous_message?: SlackMessage;
}

/** Says nothing of its own: the reply comes as a message too. */
const SILENT = new Set(['message_replied']);

/** What a `message` event tells; null: nothing that a reader of the room could see. */
export async function heardMessage(
  { slack }: Pick<Given, 'slack'>,
  event: MessageEvent,
  id: string,
): Promise<RoomEvent | null> {
  const { channel, subtype = '' } = event;
  if (SILENT.has(subtype)) return null;
  const changed = subtype === 'message_changed';
  const deleted = subtype === 'message_deleted';
  const now = changed ? event.message : deleted ? undefined : event;
  const was = event.previous_message;
  const around = await surroundings(slack, channel, [now, was]);
  const said = (message: SlackMessage | undefined): SaidMessage | undefined =>
    message?.ts === undefined ? undefined : saidMessage(message.ts, message, around);
  const before = said(was);
  const about = { id, channel, at: isoTime(event.event_ts ?? event.ts ?? '') };
  if (deleted || now?.subtype === TOMBSTONE) {
    const ts = event.deleted_ts ?? now?.ts ?? was?.ts;
    if (ts === undefined) return null;
    return { ...about, kind: 'deleted', ts, ...(before !== undefined && { before }) };
  }
  const message = said(now);
  if (message === undefined) return null;
  if (!changed) return { ...about, kind: 'said', message };
  // Slack also tells a preview that was added, a reply that was counted, a pin.
  if (before !== undefined && looksLike(before, message)) return null;
  // Our own edits come by the hundred, and what they replace was heard.
  const told = message.bot === true ? undefined : before;
  return { ...about, kind: 'edited', message, ...(told !== undefined && { before: told }) };
}

async function surroundings(
  slack: Given['slack'],
  channel: string,
  messages: readonly (SlackMessage | undefined)[],
): Promise<Surroundings> {
  const { user: me, url } = await slack.identity();
  const ids = new Set(
    messages.flatMap((message) => (message === undefined ? [] : peopleOf(message))),
  );
  const names = new Map<string, string>();
  for (const id of ids) {
    // A name that cannot be had now must not lose the message: the id stands for it.
    names.set(
      id,
      await slack.people.lookUp(id).then(
        ({ name }) => name,
        () => id,
      ),
    );
  }
  return { channel, me, names, ...(url !== undefined && { workspace: url }) };
}

function saidMessage(ts: string, message: SlackMessage, around: Surroundings): SaidMessage {
  const { reactions: _, pinnedBy: __, ...said } = chatMessage(ts, message, around);
  return said;
}

function looksLike(before: SaidMessage, now: SaidMessage): boolean {
  return (
    before.text === now.text && before.edited === now.edited && filesOf(before) === filesOf(now)
  );
}

function filesOf({ files }: SaidMessage): string {
  return JSON.stringify(files.map(({ id, name }) => [id, name]));
}

/** A reaction or a pin: about one message, by somebody. */
export function heardMark(
  event: {
    readonly user: string;
    readonly event_ts: string;
    readonly item: {
      readonly channel: string;
      readonly ts?: string;
      readonly message?: { readonly ts?: string };
    };
  },
  id: string,
): { id: string; channel: string; at: string; ts: string; user: string } | null {
  const { channel, ts = event.item.message?.ts } = event.item;
  // Files and comments can be marked too: they are not messages.
  if (ts === undefined) return null;
  return { id, channel, at: isoTime(event.event_ts), ts, user: event.user };
}
