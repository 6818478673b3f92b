import type { Context } from './context.ts';
import type { Channel } from './model.ts';

/** What happens to a channel, whoever does it: the change, the events, the page. */

export function archive(context: Context, channel: Channel, by: string): void {
  channel.isArchived = true;
  context.emit(
    {
      type: channel.kind === 'private' ? 'group_archive' : 'channel_archive',
      channel: channel.id,
      user: by,
      is_moved: 0,
    },
    channel,
  );
  // Slack ejects the bot: from now on it can neither read nor unarchive.
  channel.members.delete(context.state.bot.id);
  context.publish({ kind: 'channel', channel: channel.id });
}

/** By a person; the bot is not in the channel afterwards and has to be invited again. */
export function unarchive(context: Context, channel: Channel, by: string): void {
  channel.isArchived = false;
  channel.members.add(by);
  context.emit(
    {
      type: channel.kind === 'private' ? 'group_unarchive' : 'channel_unarchive',
      channel: channel.id,
      user: by,
    },
    channel,
  );
  context.publish({ kind: 'channel', channel: channel.id });
}

export function setTopicOrPurpose(
  context: Context,
  channel: Channel,
  change: { readonly which: 'topic' | 'purpose'; readonly value: string; readonly by: string },
): void {
  channel[change.which] = change.value;
  context.publish({ kind: 'channel', channel: channel.id });
  const ts = context.state.nextTs();
  const type = { public: 'channel', private: 'group', im: 'im' }[channel.kind];
  context.emit(
    {
      type: 'message',
      subtype: `channel_${change.which}`,
      user: change.by,
      [change.which]: change.value,
      channel: channel.id,
      channel_type: type,
      ts,
      event_ts: ts,
    },
    channel,
  );
}

export function tellJoined(
  context: Context,
  channel: Channel,
  who: { readonly user: string; readonly inviter?: string },
): void {
  context.publish({ kind: 'channel', channel: channel.id });
  context.emit(
    {
      type: 'member_joined_channel',
      user: who.user,
      channel: channel.id,
      channel_type: channel.kind === 'private' ? 'G' : 'C',
      team: context.state.team.id,
      ...(who.inviter === undefined ? {} : { inviter: who.inviter }),
      event_ts: context.state.nextTs(),
    },
    channel,
  );
}

export function tellLeft(context: Context, channel: Channel, user: string): void {
  context.publish({ kind: 'channel', channel: channel.id });
  context.emit(
    {
      type: 'member_left_channel',
      user,
      channel: channel.id,
      channel_type: channel.kind === 'private' ? 'G' : 'C',
      team: context.state.team.id,
      event_ts: context.state.nextTs(),
    },
    channel,
  );
}

export function tellRenamed(context: Context, channel: Channel, previous: string): void {
  context.publish({ kind: 'channel', channel: channel.id });
  context.emit(
    {
      type: channel.kind === 'private' ? 'group_rename' : 'channel_rename',
      channel: { id: channel.id, name: channel.name, created: channel.created, previous },
      event_ts: context.state.nextTs(),
    },
    channel,
  );
}
