import type { Context } from '../context.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../model.ts';
import { isBotIn } from './lookup.ts';

export function channelJson(context: Context, channel: Channel): Json {
  const { state } = context;
  const note = (value: string): Json => ({
    value,
    creator: value === '' ? '' : channel.creator,
    last_set: 0,
  });
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.isArchived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
    context_team_id: state.team.id,
  };
  if (channel.kind === 'im')
    return {
      ...common,
      user: [...channel.members].find((id) => id !== state.bot.id),
      is_open: true,
    };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_private: channel.kind === 'private',
    is_mpim: false,
    is_general: channel.isGeneral,
    is_shared: false,
    is_ext_shared: false,
    is_member: isBotIn(context, channel),
    creator: channel.creator,
    unlinked: 0,
    topic: note(channel.topic),
    purpose: note(channel.purpose),
    previous_names: [],
    num_members: channel.members.size,
    shared_team_ids: [state.team.id],
    ...(channel.canvas === undefined
      ? {}
      : { properties: { canvas: { file_id: channel.canvas.id, is_empty: false } } }),
  };
}
