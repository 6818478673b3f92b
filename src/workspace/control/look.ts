import type { Context } from '../context.ts';
import type { Json } from '../json.ts';
import { fileJson } from '../message-json.ts';
import type { Bookmark, Canvas, Channel, Ephemeral, Message, User, View } from '../model.ts';
import { viewJson } from '../views.ts';

/** A message as a person sees it. */
export interface SeenMessage extends Message {
  readonly isPinned: boolean;
  readonly replies: number;
  readonly lastReplyTs: string | null;
  readonly replyUsers: readonly string[];
  readonly fileDetails: readonly Json[];
}

export interface SeenChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: Channel['kind'];
  readonly isArchived: boolean;
  readonly topic: string;
  readonly purpose: string;
  readonly creator: string;
  readonly members: readonly string[];
  readonly pins: readonly string[];
  readonly bookmarks: readonly Bookmark[];
  readonly lastTs: string | null;
  readonly canvas: Canvas | null;
}

export function seenChannel(channel: Channel): SeenChannel {
  const { id, name, kind, isArchived, topic, purpose, creator } = channel;
  return {
    id,
    name,
    kind,
    isArchived,
    topic,
    purpose,
    creator,
    members: [...channel.members],
    pins: channel.pins.map((pin) => pin.ts),
    bookmarks: [...channel.bookmarks],
    lastTs: channel.messages.at(-1)?.ts ?? null,
    canvas: structuredClone(channel.canvas ?? null),
  };
}

/** All messages of a channel; finds the replies of each once. */
export function seenMessages(context: Context, channel: Channel): readonly SeenMessage[] {
  const threads = new Map<string, Message[]>();
  for (const message of channel.messages) {
    const { threadTs, ts } = message;
    if (threadTs === undefined || threadTs === ts) continue;
    const replies = threads.get(threadTs);
    if (replies) replies.push(message);
    else threads.set(threadTs, [message]);
  }
  return channel.messages.map((message) =>
    seen(context, channel, { message, replies: threads.get(message.ts) ?? [] }),
  );
}

export function seenMessage(context: Context, channel: Channel, message: Message): SeenMessage {
  const replies = channel.messages.filter(
    (other) => other.threadTs === message.ts && other.ts !== message.ts,
  );
  return seen(context, channel, { message, replies });
}

function seen(
  context: Context,
  channel: Channel,
  { message, replies }: { readonly message: Message; readonly replies: readonly Message[] },
): SeenMessage {
  return structuredClone({
    ...message,
    isPinned: channel.pins.some((pin) => pin.ts === message.ts),
    replies: replies.length,
    lastReplyTs: replies.at(-1)?.ts ?? null,
    replyUsers: [...new Set(replies.map((reply) => reply.user))],
    fileDetails: message.files.map((id) => fileJson(context, id) ?? {}),
  });
}

export function seenView(context: Context, view: View): Json {
  return { ...viewJson(context, view), user: view.user };
}

/** Everything there is, for the page's first sight. */
export interface Snapshot {
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: { readonly id: string; readonly name: string };
  readonly users: readonly User[];
  readonly userGroups: readonly { readonly id: string; readonly handle: string }[];
  readonly commands: readonly {
    readonly command: string;
    readonly description: string;
    readonly usageHint?: string;
  }[];
  readonly channels: readonly SeenChannel[];
  readonly messages: readonly SeenMessage[];
  readonly ephemerals: readonly Ephemeral[];
  readonly views: readonly Json[];
  /** Sockets that take envelopes. */
  readonly connections: number;
  /** Where signed HTTP goes; null in Socket Mode. */
  readonly requestUrl: string | null;
}

export function snapshotOf(
  context: Context,
  link: Pick<Snapshot, 'connections' | 'requestUrl'>,
): Snapshot {
  const { state } = context;
  const channels = [...state.channels.values()];
  return {
    team: { id: state.team.id, name: state.team.name },
    bot: { id: state.bot.id, name: state.bot.name },
    users: [...state.users.values()],
    userGroups: state.userGroups.map(({ id, handle }) => ({ id, handle })),
    commands: context.commands,
    channels: channels.map(seenChannel),
    messages: channels.flatMap((channel) => seenMessages(context, channel)),
    ephemerals: structuredClone(state.ephemerals),
    views: [...state.views.values()].map((view) => seenView(context, view)),
    ...link,
  };
}
