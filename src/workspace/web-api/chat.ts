import type { Json } from '../json.ts';
import { messageJson } from '../message-json.ts';
import { addEphemeral, addMessage, editMessage, removeMessage } from '../messages.ts';
import type { Channel, Message } from '../model.ts';
import { findMessage } from '../state.ts';
import { contentOf, mustHaveContent, UPDATE_TEXT } from './content.ts';
import { openDirect } from './direct.ts';
import { channelOf, destinationOf, isBotIn, messageOf } from './lookup.ts';
import { type Call, type MethodTable, Refusal, required, text } from './method.ts';

export const chatMethods: MethodTable = {
  'chat.postMessage': { scopes: ['chat:write'], run: postMessage },
  'chat.update': { scopes: ['chat:write'], run: update },
  'chat.delete': { scopes: ['chat:write'], run: remove },
  'chat.postEphemeral': { scopes: ['chat:write'], run: postEphemeral },
  'chat.getPermalink': { run: getPermalink },
};

/** Posting to a public channel without being in it takes `chat:write.public`. */
function mayPost(call: Call, channel: Channel): void {
  if (channel.isArchived) throw new Refusal('is_archived');
  if (isBotIn(call.context, channel)) return;
  if (channel.kind !== 'public') throw new Refusal('channel_not_found');
  if (!call.context.scopes.includes('chat:write.public')) throw new Refusal('not_in_channel');
}

function threadOf(call: Call, channel: Channel): string | undefined {
  const threadTs = text(call, 'thread_ts');
  if (threadTs === undefined) return undefined;
  if (!/^\d{10}\.\d{6}$/.test(threadTs)) throw new Refusal('invalid_thread_ts');
  const parent = findMessage(channel, threadTs);
  if (!parent) throw new Refusal('thread_not_found');
  if (parent.threadTs !== undefined && parent.threadTs !== parent.ts)
    throw new Refusal('cannot_reply_to_message');
  return threadTs;
}

function postMessage(call: Call): Json {
  const { context } = call;
  const channel = destinationOf(call, (user) => openDirect(context, user));
  mayPost(call, channel);
  const content = contentOf(call);
  mustHaveContent(content);
  const threadTs = threadOf(call, channel);
  const message = addMessage(context, channel, {
    ...content,
    user: context.state.bot.id,
    lateMs: call.lateMs,
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  const json = withMetadata(messageJson(context, channel, message), message);
  return { channel: channel.id, ts: message.ts, message: json };
}

export function withMetadata(json: Json, message: Message): Json {
  return message.metadata ? { ...json, metadata: structuredClone(message.metadata) } : json;
}

function update(call: Call): Json {
  const { context } = call;
  const channel = channelOf(call);
  if (channel.isArchived) throw new Refusal('is_inactive');
  const message = messageOf(call, channel, 'ts');
  if (!message.fromBot) throw new Refusal('cant_update_message');
  if (channel.kind !== 'public' && !isBotIn(context, channel))
    throw new Refusal('channel_not_found');
  const given = text(call, 'text');
  if (given !== undefined && given.length > UPDATE_TEXT) throw new Refusal('msg_too_long');
  const content = contentOf(call);
  mustHaveContent(content);
  // A text alone takes the blocks away, as in Slack.
  editMessage(context, channel, message, { ...content, blocks: content.blocks ?? [] });
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: withMetadata(messageJson(context, channel, message), message),
  };
}

function remove(call: Call): Json {
  const channel = channelOf(call);
  if (channel.isArchived) throw new Refusal('is_archived');
  const message = messageOf(call, channel, 'ts');
  if (!message.fromBot) throw new Refusal('cant_delete_message');
  removeMessage(call.context, channel, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(call: Call): Json {
  const { context } = call;
  const channel = channelOf(call);
  mayPost(call, channel);
  const user = required(call, 'user', 'user_not_found');
  if (!context.state.users.has(user)) throw new Refusal('user_not_found');
  if (!channel.members.has(user)) throw new Refusal('user_not_in_channel');
  const content = contentOf(call);
  mustHaveContent(content);
  const threadTs = threadOf(call, channel);
  const { ts } = addEphemeral(context, {
    channel: channel.id,
    user,
    text: content.text,
    ...(content.blocks ? { blocks: content.blocks } : {}),
    ...(threadTs === undefined ? {} : { threadTs }),
    via: 'chat.postEphemeral',
  });
  return { message_ts: ts };
}

function getPermalink(call: Call): Json {
  const channel = channelOf(call);
  const message = messageOf(call, channel, 'message_ts');
  const path = `${call.context.baseUrl()}/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const thread = message.threadTs;
  const permalink = thread === undefined ? path : `${path}?thread_ts=${thread}&cid=${channel.id}`;
  return { channel: channel.id, permalink };
}
