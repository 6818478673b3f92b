import type { Context } from '../context.ts';
import type { Channel, Message, User } from '../model.ts';
import { findChannel, findMessage } from '../state.ts';
import { type Call, need, Refusal, required } from './method.ts';

type Access = 'read' | 'history' | 'write' | 'invite' | 'topic';

/** Scopes per kind of channel; any of a list will do. */
const SCOPES: Readonly<Record<Access, Readonly<Record<Channel['kind'], readonly string[]>>>> = {
  read: { public: ['channels:read'], private: ['groups:read'], im: ['im:read'] },
  history: { public: ['channels:history'], private: ['groups:history'], im: ['im:history'] },
  write: { public: ['channels:manage'], private: ['groups:write'], im: ['im:write'] },
  invite: {
    public: ['channels:manage', 'channels:write.invites'],
    private: ['groups:write', 'groups:write.invites'],
    im: ['im:write'],
  },
  topic: {
    public: ['channels:manage', 'channels:write.topic'],
    private: ['groups:write', 'groups:write.topic'],
    im: ['im:write'],
  },
};

/** The channel of the `channel` argument, as far as the bot may know of it. */
export function channelOf(call: Call, access?: Access, argument = 'channel'): Channel {
  const { context } = call;
  const id = required(call, argument, 'channel_not_found');
  const channel = context.state.channels.get(id);
  if (!channel || !isKnown(context, channel)) throw new Refusal('channel_not_found');
  if (access) need(context, SCOPES[access][channel.kind]);
  return channel;
}

/** Where a message goes: an id, a `#name` of a channel, or a user's id for a direct message. */
export function destinationOf(call: Call, openDirect: (user: User) => Channel): Channel {
  const { context } = call;
  const id = required(call, 'channel', 'channel_not_found');
  const user = context.state.users.get(id);
  if (user) return openDirect(user);
  const channel = findChannel(context.state, id);
  if (!channel || !isKnown(context, channel)) throw new Refusal('channel_not_found');
  return channel;
}

/** A private channel without the bot does not exist for it. */
function isKnown(context: Context, channel: Channel): boolean {
  return channel.kind === 'public' || isBotIn(context, channel) || channel.isArchived;
}

export function isBotIn(context: Context, channel: Channel): boolean {
  return channel.members.has(context.state.bot.id);
}

export function mustBeMember(context: Context, channel: Channel): void {
  if (!isBotIn(context, channel)) throw new Refusal('not_in_channel');
}

export function mustBeOpen(channel: Channel): void {
  if (channel.isArchived) throw new Refusal('is_archived');
}

export function messageOf(call: Call, channel: Channel, argument: string): Message {
  const message = findMessage(channel, required(call, argument, 'message_not_found'));
  if (!message) throw new Refusal('message_not_found');
  return message;
}

export function userOf(call: Call, argument = 'user'): User {
  const user = call.context.state.users.get(required(call, argument, 'user_not_found'));
  if (!user) throw new Refusal('user_not_found');
  return user;
}
