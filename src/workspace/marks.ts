import type { Context } from './context.ts';
import type { Channel, Message } from './model.ts';

/** Reactions and pins, whoever makes them. Each returns whether anything changed. */

export interface Mark {
  readonly message: Message;
  readonly name: string;
  readonly user: string;
}

export function addReaction(context: Context, channel: Channel, mark: Mark): boolean {
  const { message, name, user } = mark;
  const reaction = message.reactions.find((entry) => entry.name === name);
  if (reaction?.users.includes(user)) return false;
  if (reaction) reaction.users.push(user);
  else message.reactions.push({ name, users: [user] });
  tellReaction(context, channel, { ...mark, type: 'reaction_added' });
  return true;
}

export function removeReaction(context: Context, channel: Channel, mark: Mark): boolean {
  const { message, name, user } = mark;
  const reaction = message.reactions.find((entry) => entry.name === name);
  if (!reaction?.users.includes(user)) return false;
  reaction.users.splice(reaction.users.indexOf(user), 1);
  if (reaction.users.length === 0) message.reactions.splice(message.reactions.indexOf(reaction), 1);
  tellReaction(context, channel, { ...mark, type: 'reaction_removed' });
  return true;
}

function tellReaction(
  context: Context,
  channel: Channel,
  mark: Mark & { readonly type: string },
): void {
  context.publish({ kind: 'message', channel: channel.id, ts: mark.message.ts });
  context.emit(
    {
      type: mark.type,
      user: mark.user,
      reaction: mark.name,
      item_user: mark.message.user,
      item: { type: 'message', channel: channel.id, ts: mark.message.ts },
      event_ts: context.state.nextTs(),
    },
    channel,
  );
}

export interface Pin {
  readonly ts: string;
  readonly user: string;
}

export function addPin(context: Context, channel: Channel, pin: Pin): boolean {
  if (channel.pins.some((entry) => entry.ts === pin.ts)) return false;
  channel.pins.push({ ...pin, created: Math.floor(context.now() / 1000) });
  tellPin(context, channel, { ...pin, type: 'pin_added' });
  return true;
}

export function removePin(context: Context, channel: Channel, pin: Pin): boolean {
  const index = channel.pins.findIndex((entry) => entry.ts === pin.ts);
  if (index < 0) return false;
  channel.pins.splice(index, 1);
  tellPin(context, channel, { ...pin, type: 'pin_removed' });
  return true;
}

function tellPin(context: Context, channel: Channel, pin: Pin & { readonly type: string }): void {
  context.publish({ kind: 'message', channel: channel.id, ts: pin.ts });
  const message = channel.messages.find((candidate) => candidate.ts === pin.ts);
  context.emit(
    {
      type: pin.type,
      user: pin.user,
      channel_id: channel.id,
      item: {
        type: 'message',
        channel: channel.id,
        created: Math.floor(context.now() / 1000),
        created_by: pin.user,
        message: { type: 'message', ts: pin.ts, user: message?.user, text: message?.text },
      },
      item_user: message?.user,
      pin_count: channel.pins.length,
      event_ts: context.state.nextTs(),
    },
    channel,
  );
}
