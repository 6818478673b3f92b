import { tellJoined } from '../channel-changes.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../model.ts';
import { channelJson } from './channel-json.ts';
import { channelOf, mustBeMember, mustBeOpen } from './lookup.ts';
import { type Call, flag, ids, Refusal } from './method.ts';

/** Up to 100 users; without `force` one bad user fails the call, with it the good ones are invited. */
export function invite(call: Call): Json {
  const { context } = call;
  const channel = channelOf(call, 'invite');
  mustBeOpen(channel);
  mustBeMember(context, channel);
  const users = ids(call, 'users');
  if (users.length === 0) throw new Refusal('no_user');
  if (users.length > 100) throw new Refusal('too_many_users');
  const problems = new Map<string, string>();
  for (const user of users) {
    const problem = problemOf(call, channel, user);
    if (problem !== null) problems.set(user, problem);
  }
  const errors = [...problems].map(([user, error]) => ({ user, ok: false, error }));
  const good = users.filter((user) => !problems.has(user));
  const first = errors[0];
  if (first && (!flag(call, 'force') || good.length === 0))
    throw new Refusal(first.error, { errors });
  for (const user of good) {
    channel.members.add(user);
    tellJoined(context, channel, { user, inviter: context.state.bot.id });
  }
  return { channel: channelJson(context, channel), ...(first ? { errors } : {}) };
}

function problemOf(call: Call, channel: Channel, id: string): string | null {
  const { state } = call.context;
  const user = state.users.get(id);
  if (!user || user.isDeleted) return 'user_not_found';
  if (user.id === state.bot.id) return 'cant_invite_self';
  if (channel.members.has(id)) return 'already_in_channel';
  if (user.isSingleChannelGuest && isElsewhere(call, id)) return 'ura_max_channels';
  if (user.teamId !== state.team.id) return 'user_is_restricted';
  return null;
}

function isElsewhere(call: Call, user: string): boolean {
  return [...call.context.state.channels.values()].some(
    (channel) => channel.kind !== 'im' && channel.members.has(user),
  );
}
