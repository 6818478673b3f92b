import type { Json } from '../json.ts';
import { addPin, addReaction, removePin, removeReaction } from '../marks.ts';
import { messageJson } from '../message-json.ts';
import type { Bookmark, Channel } from '../model.ts';
import { findMessage } from '../state.ts';
import { channelOf, messageOf, mustBeMember, mustBeOpen } from './lookup.ts';
import { type Call, type MethodTable, Refusal, refusal, required, text } from './method.ts';

export const markMethods: MethodTable = {
  'pins.add': { scopes: ['pins:write'], run: pin },
  'pins.remove': { scopes: ['pins:write'], run: unpin },
  'pins.list': { scopes: ['pins:read'], run: pins },
  'bookmarks.add': { scopes: ['bookmarks:write'], run: bookmark },
  'bookmarks.list': { scopes: ['bookmarks:read'], run: bookmarks },
  'reactions.add': { scopes: ['reactions:write'], run: react },
  'reactions.remove': { scopes: ['reactions:write'], run: unreact },
};

const MAX_PINS = 100;
const MAX_BOOKMARKS = 100;
const MAX_EMOJI = 23;

function writable(call: Call, argument = 'channel'): Channel {
  const channel = channelOf(call, undefined, argument);
  mustBeOpen(channel);
  mustBeMember(call.context, channel);
  return channel;
}

function pin(call: Call): Json {
  const channel = writable(call);
  const message = messageOf(call, channel, 'timestamp');
  if (channel.pins.some((entry) => entry.ts === message.ts)) throw new Refusal('already_pinned');
  if (channel.pins.length >= MAX_PINS) throw new Refusal('too_many_pins');
  addPin(call.context, channel, { ts: message.ts, user: call.context.state.bot.id });
  return {};
}

function unpin(call: Call): Json {
  const channel = writable(call);
  const message = messageOf(call, channel, 'timestamp');
  if (!removePin(call.context, channel, { ts: message.ts, user: call.context.state.bot.id }))
    throw new Refusal('no_pin');
  return {};
}

function pins(call: Call): Json {
  const channel = channelOf(call);
  mustBeMember(call.context, channel);
  return {
    items: channel.pins.flatMap((entry) => {
      const message = findMessage(channel, entry.ts);
      if (!message) return [];
      const json = messageJson(call.context, channel, message);
      return [
        {
          type: 'message',
          channel: channel.id,
          message: json,
          created: entry.created,
          created_by: entry.user,
        },
      ];
    }),
  };
}

function bookmark(call: Call): Json {
  const channel = writable(call, 'channel_id');
  const title = required(call, 'title');
  const type = required(call, 'type', 'invalid_bookmark_type');
  if (type !== 'link') throw new Refusal('invalid_bookmark_type');
  const link = required(call, 'link', 'invalid_link');
  if (!/^https?:\/\//.test(link)) throw new Refusal('invalid_link');
  if (title.length > 255)
    throw refusal('invalid_arguments', ['must be less than 256 characters [json-pointer:/title]']);
  if (channel.bookmarks.length >= MAX_BOOKMARKS) throw new Refusal('too_many_bookmarks');
  const emoji = text(call, 'emoji');
  const made: Bookmark = {
    id: call.context.state.nextId('Bk'),
    title,
    link,
    type,
    ...(emoji === undefined ? {} : { emoji }),
  };
  channel.bookmarks.push(made);
  call.context.publish({ kind: 'channel', channel: channel.id });
  return { bookmark: { channel_id: channel.id, ...made } };
}

function bookmarks(call: Call): Json {
  const channel = channelOf(call, undefined, 'channel_id');
  mustBeMember(call.context, channel);
  return { bookmarks: channel.bookmarks.map((entry) => ({ channel_id: channel.id, ...entry })) };
}

function reactionName(call: Call): string {
  const name = required(call, 'name', 'invalid_name');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name');
  return name;
}

function react(call: Call): Json {
  const channel = writable(call);
  const name = reactionName(call);
  const message = messageOf(call, channel, 'timestamp');
  const known = message.reactions.some((reaction) => reaction.name === name);
  if (!known && message.reactions.length >= MAX_EMOJI) throw new Refusal('too_many_emoji');
  if (!addReaction(call.context, channel, { message, name, user: call.context.state.bot.id }))
    throw new Refusal('already_reacted');
  return {};
}

function unreact(call: Call): Json {
  const channel = writable(call);
  const name = reactionName(call);
  const message = messageOf(call, channel, 'timestamp');
  if (!removeReaction(call.context, channel, { message, name, user: call.context.state.bot.id }))
    throw new Refusal('no_reaction');
  return {};
}
