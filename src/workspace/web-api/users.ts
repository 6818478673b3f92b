import type { Json } from '../json.ts';
import type { Channel, User } from '../model.ts';
import { channelJson } from './channel-json.ts';
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

export const userMethods: MethodTable = {
  'users.info': { scopes: ['users:read'], run: info },
  'users.list': { scopes: ['users:read'], run: list },
  'users.lookupByEmail': { scopes: ['users:read.email'], run: lookupByEmail },
  'users.conversations': { run: conversations },
  'usergroups.list': { scopes: ['usergroups:read'], run: listGroups },
  'usergroups.users.list': { scopes: ['usergroups:read'], run: listGroupUsers },
};

function userJson(call: Call, user: User): Json {
  const { context } = call;
  const hasEmail = context.scopes.includes('users:read.email') && !user.isBot;
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    real_name: user.realName,
    deleted: user.isDeleted,
    tz: user.timeZone,
    is_admin: false,
    is_owner: false,
    is_bot: user.isBot,
    is_app_user: user.isBot,
    is_restricted: user.isGuest,
    is_ultra_restricted: user.isSingleChannelGuest,
    is_stranger: user.teamId !== context.state.team.id,
    updated: 1,
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      title: user.title,
      team: user.teamId,
      ...(hasEmail ? { email: user.email } : {}),
      ...(user.isBot
        ? { bot_id: context.state.bot.botId, api_app_id: context.state.bot.appId }
        : {}),
    },
  };
}

function info(call: Call): Json {
  const user = call.context.state.users.get(required(call, 'user', 'user_not_found'));
  if (!user) throw new Refusal('user_not_found');
  return { user: userJson(call, user) };
}

function list(call: Call): Json {
  const users = [...call.context.state.users.values()];
  const { items, next } = page(call, users, { fallback: 100, max: 999 });
  return {
    members: items.map((user) => userJson(call, user)),
    cache_ts: Math.floor(call.context.now() / 1000),
    response_metadata: { next_cursor: next },
  };
}

function lookupByEmail(call: Call): Json {
  const email = required(call, 'email', 'users_not_found').toLowerCase();
  for (const user of call.context.state.users.values())
    if (user.email.toLowerCase() === email && !user.isBot && !user.isDeleted)
      return { user: userJson(call, user) };
  throw new Refusal('users_not_found');
}

/** The channels that a person, by default the bot, is in. */
function conversations(call: Call): Json {
  const { context } = call;
  const bot = context.state.bot.id;
  const user = text(call, 'user') ?? bot;
  if (!context.state.users.has(user)) throw new Refusal('user_not_found');
  const types = (text(call, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds: Readonly<Record<Channel['kind'], string>> = {
    public: 'public_channel',
    private: 'private_channel',
    im: 'im',
  };
  if (types.includes('public_channel')) need(context, ['channels:read']);
  if (types.includes('private_channel')) need(context, ['groups:read']);
  const found = [...context.state.channels.values()].filter(
    (channel) =>
      types.includes(kinds[channel.kind]) &&
      channel.members.has(user) &&
      (channel.kind === 'public' || channel.members.has(bot)) &&
      !(flag(call, 'exclude_archived') && channel.isArchived),
  );
  const { items, next } = page(call, found, { fallback: 100, max: 999 });
  return {
    channels: items.map((channel) => channelJson(context, channel)),
    response_metadata: { next_cursor: next },
  };
}

function paidPlan(call: Call): void {
  if (call.context.plan === 'free') throw new Refusal('plan_upgrade_required');
}

function listGroups(call: Call): Json {
  paidPlan(call);
  const { state } = call.context;
  return {
    usergroups: state.userGroups.map((group) => ({
      id: group.id,
      team_id: state.team.id,
      is_usergroup: true,
      name: group.name,
      handle: group.handle,
      user_count: group.users.length,
      date_delete: 0,
      ...(flag(call, 'include_users') ? { users: [...group.users] } : {}),
    })),
  };
}

function listGroupUsers(call: Call): Json {
  paidPlan(call);
  const id = required(call, 'usergroup', 'no_such_subteam');
  const group = call.context.state.userGroups.find((candidate) => candidate.id === id);
  if (!group) throw new Refusal('no_such_subteam');
  return { users: [...group.users] };
}
