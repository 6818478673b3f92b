import { HousecallError } from '../../core/errors.ts';
import type { WebApi } from './web-api.ts';

/** Who the bot is, as Slack knows it. */
export interface Identity {
  readonly team: string;
  readonly user: string;
  readonly bot: string;
  /** Address of the workspace, with `/` at its end. */
  readonly url?: string;
}

/** Asked once and remembered; asked again when it failed. */
export function createIdentity(api: WebApi): () => Promise<Identity> {
  let known: Promise<Identity> | null = null;
  const ask = async (): Promise<Identity> => {
    const answer = await api.call('auth.test', '', () => api.direct.auth.test());
    const { team_id: team, user_id: user, bot_id: bot } = answer;
    if (team === undefined || user === undefined || bot === undefined) {
      throw new HousecallError('CHAT_REFUSED', 'slack auth.test: slack.botToken is no bot token', {
        context: { method: 'auth.test', error: 'not_a_bot' },
      });
    }
    return { team, user, bot, ...workspaceUrl(answer.url) };
  };
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

function workspaceUrl(url: string | undefined): { url?: string } {
  if (url === undefined || !/^https?:\/\/[^\s<>|]+$/.test(url)) return {};
  return { url: url.replace(/\/*$/, '/') };
}
