import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { createWebApi, type SlackConfig } from './web-api.ts';

/** What the bot token must be allowed to do, and for what: the scopes of `manifest.yml`. */
export const REQUIRED_SCOPES: Readonly<Record<string, string>> = {
  commands: '/diag and /incident',
  'channels:manage': 'opening, naming and archiving incident channels',
  'channels:read': 'finding channels',
  'channels:join': 'looking for lost posts in the announcement channel',
  'groups:write': 'private incident channels',
  'groups:read': 'private channels',
  'chat:write': 'posting',
  'chat:write.public': 'posting in the announcement channel',
  'channels:history': 'the transcript',
  'groups:history': 'the transcript of a private channel',
  'metadata.message:read': 'finding a post again before it is sent twice',
  'users:read': 'names, and keeping guests and bots from acting',
  'im:read': 'commands in direct messages',
  'im:history': 'finding lost answers in direct messages',
  'im:write': 'calling people in direct messages',
  'users:read.email': 'calling people by e-mail',
  'usergroups:read': 'user groups as operators and approvers',
  'pins:write': "pinning the incident's panel",
  'pins:read': 'putting pinned messages on the timeline',
  'reactions:read': 'putting messages with :pushpin: on the timeline',
  'files:read': 'keeping shared files with the archive',
  'files:write': 'charts as pictures, where Slack has none of its own',
  'bookmarks:write': 'links to the alert and the runbook',
  'bookmarks:read': 'adding no link twice',
};

/** Asked for by `manifest.yml` too; only `incidents.canvas` needs them. */
export const CANVAS_SCOPES: Readonly<Record<string, string>> = {
  'canvases:write': 'the handover canvas of a room',
  'canvases:read': 'finding its own part in that canvas',
};

export interface SlackCheck {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** `team Example, as housecall`. */
  readonly summary: string;
}

/**
 * Whether the bot token is accepted and allowed enough. Throws CHAT_REFUSED for a bad token,
 * CHAT_UNAVAILABLE when Slack does not answer.
 */
export async function checkSlack(deps: {
  config: SlackConfig;
  log: Log;
  metrics: Metrics;
  /** `incidents.canvas`. */
  canvas?: boolean;
}): Promise<SlackCheck> {
  const api = createWebApi(deps);
  const { team, user, response_metadata } = await api.call('auth.test', '', () =>
    api.direct.auth.test(),
  );
  const summary = `team ${team ?? '?'}, as ${user ?? '?'}`;
  const granted = response_metadata?.scopes;
  if (granted === undefined) {
    const warning = 'Slack did not say which scopes the bot token has; compare with manifest.yml';
    return { problems: [], warnings: [warning], summary };
  }
  const problems = Object.entries(REQUIRED_SCOPES)
    .filter(([scope]) => !granted.includes(scope))
    .map(
      ([scope, why]) =>
        `the scope ${scope} is missing (${why})\nUpdate the app from manifest.yml and install it to the workspace again.`,
    );
  const warnings = Object.entries(deps.canvas === true ? CANVAS_SCOPES : {})
    .filter(([scope]) => !granted.includes(scope))
    .map(
      ([scope, why]) =>
        `the optional scope ${scope} is missing (${why})\nUpdate the app from manifest.yml and install it again, or set incidents.canvas: false.`,
    );
  return { problems, warnings, summary };
}
