import { randomBytes } from 'node:crypto';
import type { Channel, Ephemeral, Message, SlackFile, User, UserGroup, View } from './model.ts';
import { DEFAULT_USERS, type UserOption, type WorkspaceOptions } from './settings.ts';

/** Everything the workspace remembers; lives and dies with the process. */
export interface State {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly bot: User & { readonly botId: string; readonly appId: string };
  readonly users: Map<string, User>;
  readonly userGroups: readonly UserGroup[];
  readonly channels: Map<string, Channel>;
  readonly ephemerals: Ephemeral[];
  readonly views: Map<string, View>;
  readonly files: Map<string, SlackFile>;
  /** Ids of canvases that somebody deleted. */
  readonly deletedCanvases: Set<string>;
  /** A new message timestamp, always later than the last. */
  nextTs(): string;
  nextId(prefix: string): string;
}

export function createState(options: WorkspaceOptions, now: () => number): State {
  const team = {
    id: options.teamId ?? 'T0HOUSE001',
    name: options.teamName ?? 'Housecall',
    domain: 'housecall',
  };
  const botName = options.botName ?? 'housecall';
  const bot = {
    ...person({ id: 'U0HOUSEBOT', name: botName, realName: 'Housecall', isBot: true }, team.id),
    botId: 'B0HOUSEBOT',
    appId: 'A0HOUSEAPP',
  };
  const users = new Map<string, User>([[bot.id, bot]]);
  for (const option of options.users ?? DEFAULT_USERS) {
    const user = person({ id: nextId('U'), ...option }, team.id);
    users.set(user.id, user);
  }
  const people = [...users.values()].filter((user) => !user.isBot && !user.isDeleted);
  const state: State = {
    team,
    bot,
    users,
    userGroups: options.userGroups ?? [
      {
        id: 'S0ONCALL01',
        handle: 'oncall',
        name: 'On call',
        users: people.slice(0, 2).map((u) => u.id),
      },
    ],
    channels: new Map(),
    ephemerals: [],
    views: new Map(),
    files: new Map(),
    deletedCanvases: new Set(),
    nextTs: timestamps(now),
    nextId,
  };
  const members = people.map((user) => user.id);
  const creator = members[0] ?? bot.id;
  const first = { kind: 'public', creator, created: Math.floor(now() / 1000) } as const;
  addChannel(state, { ...first, id: 'C0GENERAL1', name: 'general', isGeneral: true, members });
  const incidents = {
    ...first,
    id: 'C0INCIDENT',
    name: 'incidents',
    members: [...members, bot.id],
  };
  addChannel(state, incidents).topic = 'What is on fire, and who has it';
  return state;
}

export function addChannel(
  state: State,
  channel: Pick<Channel, 'id' | 'name' | 'kind' | 'creator' | 'created'> & {
    readonly members: readonly string[];
    readonly isGeneral?: boolean;
  },
): Channel {
  const made: Channel = {
    ...channel,
    isGeneral: channel.isGeneral ?? false,
    isArchived: false,
    topic: '',
    purpose: '',
    members: new Set(channel.members),
    messages: [],
    pins: [],
    bookmarks: [],
  };
  state.channels.set(made.id, made);
  return made;
}

export function findMessage(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

/** By id, `#name` or bare name; undefined when there is none. */
export function findChannel(state: State, idOrName: string): Channel | undefined {
  const name = idOrName.replace(/^#/, '');
  return (
    state.channels.get(idOrName) ??
    [...state.channels.values()].find((channel) => channel.name === name && channel.kind !== 'im')
  );
}

/** By id, `@name` or bare name. */
export function findUser(state: State, idOrName: string): User | undefined {
  const name = idOrName.replace(/^@/, '');
  return state.users.get(idOrName) ?? [...state.users.values()].find((user) => user.name === name);
}

function person(option: UserOption & { readonly id: string }, teamId: string): User {
  return {
    id: option.id,
    name: option.name,
    realName: option.realName ?? option.name,
    title: option.title ?? '',
    email: option.email ?? `${option.name}@example.org`,
    teamId: option.teamId ?? teamId,
    isBot: option.isBot ?? false,
    isGuest: option.isGuest ?? option.isSingleChannelGuest ?? false,
    isSingleChannelGuest: option.isSingleChannelGuest ?? false,
    isDeleted: option.isDeleted ?? false,
    timeZone: option.timeZone ?? 'Etc/UTC',
  };
}

function nextId(prefix: string): string {
  return prefix + randomBytes(5).toString('hex').toUpperCase();
}

function timestamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now() * 1000);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
