import type { Json } from '../json.ts';
import { textOf } from '../json.ts';
import type { Channel } from '../model.ts';
import type { State } from '../state.ts';

/** What an event needs to reach the app: a subscription, and a scope as in Slack's reference. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  pin_added: ['pins:read'],
  pin_removed: ['pins:read'],
  file_shared: ['files:read'],
};

/** Events about a public channel that come without the bot being in it. */
const ANYWHERE = new Set([
  'channel_archive',
  'channel_unarchive',
  'channel_rename',
  'channel_created',
  'app_home_opened',
]);

export interface Subscription {
  readonly events: readonly string[];
  readonly scopes: readonly string[];
}

export function mayReceive(
  event: Json,
  channel: Channel | null,
  app: Subscription & { readonly bot: string },
): boolean {
  const type = textOf(event['type']);
  const name = type === 'message' ? messageSubscription(channel) : type;
  if (!app.events.includes(name)) return false;
  const needed = SCOPES[name] ?? [];
  if (needed.length > 0 && !needed.some((scope) => app.scopes.includes(scope))) return false;
  if (channel === null) return true;
  return channel.members.has(app.bot) || (channel.kind === 'public' && ANYWHERE.has(type));
}

function messageSubscription(channel: Channel | null): string {
  if (channel?.kind === 'private') return 'message.groups';
  return channel?.kind === 'im' ? 'message.im' : 'message.channels';
}

/** The body that carries an event. */
export function eventCallback(state: State, event: Json, now: number): Json {
  return {
    token: 'unused',
    team_id: state.team.id,
    context_team_id: state.team.id,
    context_enterprise_id: null,
    api_app_id: state.bot.appId,
    event: structuredClone(event),
    type: 'event_callback',
    event_id: state.nextId('Ev'),
    event_time: Math.floor(now / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: state.team.id,
        user_id: state.bot.id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: state.nextId('EC'),
  };
}
