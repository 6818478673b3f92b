import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { chatError } from './chat-error.ts';

/** The `slack` section of the configuration. */
export interface SlackConfig {
  readonly botToken: string;
  /** Present: Socket Mode. */
  readonly appToken?: string;
  /** Present without `appToken`: signed HTTP. */
  readonly signingSecret?: string;
  /** Another Slack than slack.com: `http://127.0.0.1:3001/api/`. */
  readonly apiUrl?: string;
}

/** Slack's Web API, with its errors as ours. */
export interface WebApi {
  /** For what people wait for: posts, dialogs. */
  readonly direct: WebClient;
  /** For reading in bulk: a 429 there must not hold up a post (web-api pauses a whole client). */
  readonly bulk: WebClient;
  /** Runs one call. `on`: the object it is about, for the message. Throws the errors of the Chat port. */
  call<T>(method: string, on: string, run: () => Promise<T>): Promise<T>;
}

const TIMEOUT_MS = 10_000;

export function createWebApi(deps: { config: SlackConfig; log: Log; metrics: Metrics }): WebApi {
  const { config, log, metrics } = deps;
  const options = clientOptions(config, log);
  return {
    direct: new WebClient(config.botToken, { ...options }),
    bulk: new WebClient(config.botToken, { ...options, maxRequestConcurrency: 5 }),
    async call(method, on, run) {
      try {
        const result = await run();
        metrics.count('housecall_slack_calls_total', { method, outcome: 'ok' });
        return result;
      } catch (error) {
        const mapped = chatError(method, on, error);
        const outcome = OUTCOMES[mapped.code] ?? 'refused';
        metrics.count('housecall_slack_calls_total', { method, outcome });
        if (outcome === 'rate_limited') {
          metrics.count('housecall_slack_rate_limited_total', { method });
        }
        throw mapped;
      }
    },
  };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  CHAT_RATE_LIMITED: 'rate_limited',
  CHAT_UNAVAILABLE: 'unavailable',
};

/**
 * No retries: web-api's own repeat posts that were processed already. Who calls decides, after a look.
 * A fresh object each time, because socket-mode 3.1 writes into the one it is given.
 */
export function clientOptions(config: SlackConfig, log: Log): WebClientOptions {
  return {
    ...(config.apiUrl !== undefined && { slackApiUrl: config.apiUrl.replace(/\/*$/, '/') }),
    retryConfig: { retries: 0 },
    timeout: TIMEOUT_MS,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: slackLogger(log),
  };
}

/** Warnings and errors of Slack's libraries in our log; debug output would hold tokens and texts. */
export function slackLogger(log: Log): Logger {
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => log.warn({ library: 'slack' }, line(parts)),
    error: (...parts) => log.error({ library: 'slack' }, line(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

function line(parts: readonly unknown[]): string {
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
}
