import type {
  BlockAction,
  ButtonAction,
  Context,
  SlashCommand,
  ViewSubmitAction,
} from '@slack/bolt';
import type { Visit } from './edge.ts';

/** The property of Bolt's context under which the receivers name a request. */
export const ONCE = 'housecallOnce';

export function commandVisit(command: SlashCommand, context: Context): Visit {
  return {
    team: command.team_id,
    user: command.user_id,
    channel: command.channel_id,
    responseUrl: command.response_url,
    what: command.command,
    once: onceOf(context),
  };
}

export function clickVisit(body: BlockAction<ButtonAction>, what: string, context: Context): Visit {
  const thread = body.container['thread_ts'];
  return {
    team: body.user.team_id ?? body.team?.id ?? '',
    user: body.user.id,
    channel: body.channel?.id ?? '',
    ...(typeof thread === 'string' && { thread }),
    // A click in the App Home has none.
    ...(body.response_url && { responseUrl: body.response_url }),
    what,
    once: onceOf(context),
  };
}

export function submissionVisit(body: ViewSubmitAction, context: Context): Visit {
  return {
    team: body.user.team_id ?? body.team?.id ?? '',
    user: body.user.id,
    channel: '',
    what: body.view.callback_id,
    once: onceOf(context),
  };
}

/** Somebody opened the App Home. */
export function homeVisit(who: Pick<Visit, 'team' | 'user'>, context: Context): Visit {
  return { ...who, channel: '', what: 'App Home', once: onceOf(context) };
}

function onceOf(context: Context): string | undefined {
  const once: unknown = context[ONCE];
  return typeof once === 'string' ? once : undefined;
}
