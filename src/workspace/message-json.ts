import type { Context } from './context.ts';
import type { Json } from './json.ts';
import type { Channel, Message } from './model.ts';

/** A message as the Web API and the events show it. */
export function messageJson(context: Context, channel: Channel, message: Message): Json {
  const { state } = context;
  const json: Json = {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: state.users.get(message.user)?.teamId ?? state.team.id,
  };
  if (message.subtype !== undefined)
    Object.assign(json, { subtype: message.subtype, ...message.details });
  if (message.fromBot) {
    json['bot_id'] = state.bot.botId;
    json['app_id'] = state.bot.appId;
    json['bot_profile'] = {
      id: state.bot.botId,
      app_id: state.bot.appId,
      name: state.bot.name,
      team_id: state.team.id,
      deleted: false,
    };
  }
  if (message.blocks.length > 0) json['blocks'] = message.blocks;
  if (message.attachments.length > 0) json['attachments'] = message.attachments;
  if (message.edited) json['edited'] = message.edited;
  if (message.files.length > 0)
    json['files'] = message.files
      .map((id) => fileJson(context, id))
      .filter((file) => file !== null);
  if (message.reactions.length > 0)
    json['reactions'] = message.reactions.map((reaction) => ({
      name: reaction.name,
      users: [...reaction.users],
      count: reaction.users.length,
    }));
  if (channel.pins.some((pin) => pin.ts === message.ts)) json['pinned_to'] = [channel.id];
  Object.assign(json, threadJson(channel, message));
  return structuredClone(json);
}

function threadJson(channel: Channel, message: Message): Json {
  if (message.threadTs !== undefined && message.threadTs !== message.ts) {
    const parent = channel.messages.find((other) => other.ts === message.threadTs);
    return { thread_ts: message.threadTs, ...(parent ? { parent_user_id: parent.user } : {}) };
  }
  const replies = channel.messages.filter(
    (other) => other.threadTs === message.ts && other.ts !== message.ts,
  );
  const latest = replies.at(-1);
  if (!latest) return {};
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: new Set(replies.map((reply) => reply.user)).size,
    reply_users: [...new Set(replies.map((reply) => reply.user))],
    latest_reply: latest.ts,
    subscribed: false,
  };
}

/** The `message` event of it. */
export function messageEvent(context: Context, channel: Channel, message: Message): Json {
  const channelType = { public: 'channel', private: 'group', im: 'im' }[channel.kind];
  return {
    ...messageJson(context, channel, message),
    channel: channel.id,
    channel_type: channelType,
    event_ts: message.ts,
  };
}

export function fileJson(context: Context, id: string): Json | null {
  const file = context.state.files.get(id);
  if (!file) return null;
  // Slack leaves an empty place where a file was.
  if (file.isDeleted) return { id: file.id, mode: 'tombstone' };
  const base = `${context.baseUrl()}/files/${file.id}`;
  const shares: Record<string, Record<string, Json[]>> = {};
  for (const share of file.shares) {
    const channel = context.state.channels.get(share.channel);
    const kind = channel?.kind === 'public' ? 'public' : 'private';
    const entry = {
      ts: share.ts,
      channel_name: channel?.name ?? '',
      team_id: context.state.team.id,
      ...(share.threadTs === undefined ? {} : { thread_ts: share.threadTs }),
    };
    ((shares[kind] ??= {})[share.channel] ??= []).push(entry);
  }
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: 'application/octet-stream',
    filetype: file.name.includes('.') ? file.name.slice(file.name.lastIndexOf('.') + 1) : 'text',
    size: file.content?.length ?? file.length,
    user: file.user,
    created: file.created,
    timestamp: file.created,
    mode: 'hosted',
    is_external: false,
    url_private: base,
    url_private_download: base,
    permalink: base,
    channels: file.shares.map((share) => share.channel),
    shares,
  };
}
