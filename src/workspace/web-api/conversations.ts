import {
  archive,
  setTopicOrPurpose,
  tellJoined,
  tellLeft,
  tellRenamed,
} from '../channel-changes.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../model.ts';
import { addChannel } from '../state.ts';
import { channelJson } from './channel-json.ts';
import { openDirect } from './direct.ts';
import { invite } from './invite.ts';
import { channelOf, isBotIn, mustBeMember, mustBeOpen, userOf } from './lookup.ts';
import {
  type Call,
  flag,
  type MethodTable,
  need,
  page,
  Refusal,
  required,
  text,
} from './method.ts';

export const conversationMethods: MethodTable = {
  'conversations.create': { run: create },
  'conversations.invite': { run: invite },
  'conversations.setTopic': { run: (call) => note(call, 'topic') },
  'conversations.setPurpose': { run: (call) => note(call, 'purpose') },
  'conversations.rename': { run: rename },
  'conversations.archive': { run: archiveChannel },
  'conversations.unarchive': { run: unarchiveChannel },
  'conversations.join': { scopes: ['channels:join'], run: join },
  'conversations.leave': { run: leave },
  'conversations.kick': { run: kick },
  'conversations.info': { run: info },
  'conversations.open': { scopes: ['im:write'], run: open },
  'conversations.list': { run: list },
  'conversations.members': { run: members },
};

/** Slack's rules for a channel's name, each with its own error. */
function nameOf(call: Call, own?: Channel): string {
  const name = text(call, 'name');
  if (name === undefined) throw new Refusal('invalid_name_required');
  if (name.length > 80) throw new Refusal('invalid_name_maxlength');
  if (/^[-_]+$/.test(name)) throw new Refusal('invalid_name_punctuation');
  if (!/^[a-z0-9_-]+$/.test(name)) throw new Refusal('invalid_name_specials');
  // An archived channel keeps its name.
  for (const other of call.context.state.channels.values())
    if (other !== own && other.name === name) throw new Refusal('name_taken');
  return name;
}

function create(call: Call): Json {
  const { context } = call;
  const isPrivate = flag(call, 'is_private');
  need(context, isPrivate ? ['groups:write'] : ['channels:manage']);
  const channel = addChannel(context.state, {
    id: context.state.nextId('C'),
    name: nameOf(call),
    kind: isPrivate ? 'private' : 'public',
    creator: context.state.bot.id,
    created: Math.floor(context.now() / 1000),
    members: [context.state.bot.id],
  });
  tellJoined(context, channel, { user: context.state.bot.id });
  return { channel: channelJson(context, channel) };
}

function note(call: Call, which: 'topic' | 'purpose'): Json {
  const channel = channelOf(call, 'topic');
  mustBeOpen(channel);
  mustBeMember(call.context, channel);
  const value = typeof call.args[which] === 'string' ? call.args[which] : '';
  if (value.length > 250) throw new Refusal('too_long');
  setTopicOrPurpose(call.context, channel, { which, value, by: call.context.state.bot.id });
  return { channel: channelJson(call.context, channel), [which]: value };
}

function rename(call: Call): Json {
  const channel = channelOf(call, 'write');
  mustBeOpen(channel);
  mustBeMember(call.context, channel);
  if (channel.creator !== call.context.state.bot.id) throw new Refusal('not_authorized');
  const previous = channel.name;
  channel.name = nameOf(call, channel);
  tellRenamed(call.context, channel, { previous, by: call.context.state.bot.id });
  return { channel: channelJson(call.context, channel) };
}

function archiveChannel(call: Call): Json {
  const channel = channelOf(call, 'write');
  if (channel.isArchived) throw new Refusal('already_archived');
  if (channel.isGeneral) throw new Refusal('cant_archive_general');
  mustBeMember(call.context, channel);
  archive(call.context, channel, call.context.state.bot.id);
  return {};
}

/** The archiving has ejected the bot, and only a member may unarchive: a person has to. */
function unarchiveChannel(call: Call): Json {
  const channel = channelOf(call, 'write');
  if (!channel.isArchived) throw new Refusal('not_archived');
  throw new Refusal('not_in_channel');
}

function join(call: Call): Json {
  const { context } = call;
  const channel = channelOf(call);
  if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
  mustBeOpen(channel);
  const bot = context.state.bot.id;
  if (channel.members.has(bot))
    return { channel: channelJson(context, channel), warning: 'already_in_channel' };
  channel.members.add(bot);
  tellJoined(context, channel, { user: bot });
  return { channel: channelJson(context, channel) };
}

function leave(call: Call): Json {
  const channel = channelOf(call, 'write');
  mustBeOpen(channel);
  if (channel.isGeneral) throw new Refusal('cant_leave_general');
  const bot = call.context.state.bot.id;
  if (!channel.members.delete(bot)) return { not_in_channel: true };
  tellLeft(call.context, channel, bot);
  return {};
}

function kick(call: Call): Json {
  const channel = channelOf(call, 'write');
  mustBeOpen(channel);
  mustBeMember(call.context, channel);
  const user = userOf(call);
  if (user.id === call.context.state.bot.id) throw new Refusal('cant_kick_self');
  if (channel.isGeneral) throw new Refusal('cant_kick_from_general');
  if (!channel.members.delete(user.id)) throw new Refusal('not_in_channel');
  tellLeft(call.context, channel, user.id);
  return { errors: {} };
}

function info(call: Call): Json {
  const channel = channelOf(call, 'read');
  return { channel: channelJson(call.context, channel) };
}

function open(call: Call): Json {
  const user = call.context.state.users.get(required(call, 'users', 'users_list_not_supplied'));
  if (!user) throw new Refusal('user_not_found');
  if (user.id === call.context.state.bot.id) throw new Refusal('cannot_dm_bot');
  const channel = openDirect(call.context, user);
  return {
    channel: flag(call, 'return_im') ? channelJson(call.context, channel) : { id: channel.id },
  };
}

function list(call: Call): Json {
  const { context } = call;
  const types = (text(call, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds: Channel['kind'][] = [];
  for (const type of types) {
    if (type === 'public_channel') kinds.push('public');
    else if (type === 'private_channel') kinds.push('private');
    else if (type === 'im') kinds.push('im');
    else if (type !== 'mpim') throw new Refusal('invalid_types');
  }
  if (kinds.includes('public')) need(context, ['channels:read']);
  if (kinds.includes('private')) need(context, ['groups:read']);
  if (kinds.includes('im')) need(context, ['im:read']);
  const all = [...context.state.channels.values()].filter(
    (channel) =>
      kinds.includes(channel.kind) &&
      (channel.kind === 'public' || isBotIn(context, channel)) &&
      !(flag(call, 'exclude_archived') && channel.isArchived),
  );
  const { items, next } = page(call, all, { fallback: 100, max: 999 });
  return {
    channels: items.map((channel) => channelJson(context, channel)),
    response_metadata: { next_cursor: next },
  };
}

function members(call: Call): Json {
  const channel = channelOf(call, 'read');
  const { items, next } = page(call, [...channel.members], { fallback: 100, max: 999 });
  return { members: items, response_metadata: { next_cursor: next } };
}
