import { HousecallError } from '../core/errors.ts';
import type { Config } from './config.ts';

export type StartRole = 'all' | 'web' | 'worker';

/** What a worker needs: Redis. */
export type WorkerConfig = Config & { readonly redis: { readonly url: string } };

/** What the web role needs besides: a bot token, and an app token or a signing secret. */
export type WebConfig = WorkerConfig & {
  readonly slack: NonNullable<Config['slack']> & { readonly botToken: string };
};

/**
 * What `housecall start` needs beyond `housecall diag`.
 * @throws HousecallError CONFIG_INVALID naming every missing key and its environment variable.
 */
export function requireForStart(config: Config, role: 'worker'): WorkerConfig;
export function requireForStart(config: Config, role?: 'all' | 'web'): WebConfig;
export function requireForStart(config: Config, role: StartRole): WorkerConfig;
export function requireForStart(config: Config, role: StartRole = 'all'): WorkerConfig {
  const problems = missing(config, role).map(({ key, what }) => {
    const variable = config.origin.unset.find((entry) => entry.key === key)?.variable;
    const why =
      variable === undefined ? 'missing' : `the environment variable ${variable} is not set`;
    return `${key}: ${why}; needed by the role ${role}: ${what}`;
  });
  if (problems.length > 0) {
    const { file } = config.origin;
    throw new HousecallError('CONFIG_INVALID', `${file}: ${problems.join(`\n${file}: `)}`, {
      context: { file, problems },
    });
  }
  return config as WorkerConfig;
}

function missing(config: Config, role: StartRole): readonly { key: string; what: string }[] {
  const needs: { key: string; what: string; there: boolean }[] = [
    {
      key: 'redis.url',
      what: 'the Redis that web and worker share',
      there: config.redis.url !== undefined,
    },
  ];
  if (role !== 'worker') {
    const { botToken, appToken, signingSecret } = config.slack ?? {};
    needs.push({
      key: 'slack.botToken',
      what: 'the bot token of the Slack app (xoxb-…)',
      there: botToken !== undefined,
    });
    needs.push({
      key: 'slack.appToken',
      what: 'an app-level token (xapp-…) for Socket Mode, or slack.signingSecret for HTTP',
      there: appToken !== undefined || signingSecret !== undefined,
    });
  }
  return needs.filter(({ there }) => !there);
}
