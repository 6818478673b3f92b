import type { Context } from './context.ts';
import type { Json } from './json.ts';
import { addMessage } from './messages.ts';
import type { Channel } from './model.ts';

/** What happens to a channel, whoever does it: the change, what Slack writes there, the events. */

export function archive(context: Context, channel: Channel, by: string): void {
  write(context, channel, { subtype: 'channel_archive', user: by, text: 'archived the channel' });
  channel.isArchived = true;
  emit(context, channel, 'archive', { channel: channel.id, user: by, is_moved: 0 });
  // Slack ejects the bot: from now on it can neither read nor unarchive.
  channel.members.delete(context.state.bot.id);
  context.publish({ kind: 'channel', channel: channel.id });
}

/** By a person; the bot is not in the channel afterwards and has to be invited again. */
export function unarchive(context: Context, channel: Channel, by: string): void {
  channel.isArchived = false;
  channel.members.add(by);
  emit(context, channel, 'unarchive', { channel: channel.id, user: by });
  context.publish({ kind: 'channel', channel: channel.id });
  write(context, channel, {
    subtype: 'channel_unarchive',
    user: by,
    text: 'un-archived the channel',
  });
}

export function setTopicOrPurpose(
  context: Context,
  channel: Channel,
  change: { readonly which: 'topic' | 'purpose'; readonly value: string; readonly by: string },
): void {
  const { which, value, by } = change;
  if (channel[which] === value) return;
  channel[which] = value;
  context.publish({ kind: 'channel', channel: channel.id });
  const noun = which === 'topic' ? 'topic' : 'description';
  const text = value === '' ? `cleared the channel ${noun}` : `set the channel ${noun}: ${value}`;
  write(context, channel, {
    subtype: `channel_${which}`,
    user: by,
    text,
    details: { [which]: value },
  });
}

export function tellJoined(
  context: Context,
  channel: Channel,
  who: { readonly user: string; readonly inviter?: string },
): void {
  const { user, inviter } = who;
  const by = inviter === undefined ? {} : { inviter };
  context.publish({ kind: 'channel', channel: channel.id });
  emitMember(context, channel, { type: 'member_joined_channel', user, ...by });
  const text = `<@${user}> has joined the channel`;
  write(context, channel, { subtype: 'channel_join', user, text, details: by });
}

export function tellLeft(context: Context, channel: Channel, user: string): void {
  context.publish({ kind: 'channel', channel: channel.id });
  emitMember(context, channel, { type: 'member_left_channel', user });
  write(context, channel, {
    subtype: 'channel_leave',
    user,
    text: `<@${user}> has left the channel`,
  });
}

export function tellRenamed(
  context: Context,
  channel: Channel,
  change: { readonly previous: string; readonly by: string },
): void {
  const { previous, by } = change;
  const { id, name, created } = channel;
  context.publish({ kind: 'channel', channel: id });
  emit(context, channel, 'rename', { channel: { id, name, created } });
  const text = `has renamed the channel from "${previous}" to "${name}"`;
  const details = { old_name: previous, name };
  write(context, channel, { subtype: 'channel_name', user: by, text, details });
}

interface Written {
  readonly subtype: string;
  readonly user: string;
  readonly text: string;
  readonly details?: Json;
}

/** The line that Slack writes into the channel; it stands in the history like any message. */
function write(context: Context, channel: Channel, line: Written): void {
  if (context.systemMessages) addMessage(context, channel, line);
}

function emit(context: Context, channel: Channel, what: string, fields: Json): void {
  const type = `${channel.kind === 'private' ? 'group' : 'channel'}_${what}`;
  context.emit({ type, ...fields, event_ts: context.state.nextTs() }, channel);
}

function emitMember(context: Context, channel: Channel, fields: Json): void {
  const { state } = context;
  const common = { channel: channel.id, team: state.team.id, event_ts: state.nextTs() };
  const type = channel.kind === 'private' ? 'G' : 'C';
  context.emit({ ...fields, ...common, channel_type: type }, channel);
}
