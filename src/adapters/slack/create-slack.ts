import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '@slack/bolt';
import { HousecallError } from '../../core/errors.ts';
import type { ChartRenderer } from '../../ports/chart-renderer.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { createChat } from './chat/create-chat.ts';
import { refusalOf } from './chat-error.ts';
import type { Desk } from './desk.ts';
import { createEdge, createSeen, type Seen } from './edge.ts';
import { registerListeners } from './listeners.ts';
import { createHttpReceiver } from './receivers/http.ts';
import { createSocketModeReceiver } from './receivers/socket-mode.ts';
import { createReply } from './respond.ts';
import { clientOptions, createWebApi, type SlackConfig, slackLogger } from './web-api.ts';

export interface Slack {
  readonly chat: Chat;
  /** Id of the bot's workspace. Asks Slack once. */
  team(): Promise<string>;
  /**
   * Listens from now on. Rejects when Slack refuses the token; when Slack is away, Socket Mode goes on
   * trying by itself.
   */
  start(desk: Desk): Promise<void>;
  /** No new requests; those under way get `graceSeconds`. */
  stop(graceSeconds?: number): Promise<void>;
  /** Whether requests can arrive: a socket is open, or HTTP is mounted. */
  isListening(): boolean;
  /** HTTP only: to be mounted at POST /slack/events, before anything reads the body. */
  readonly requestListener?: RequestListener;
}

export interface SlackDeps {
  readonly config: SlackConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Known diagnostics, for `/diag`. */
  readonly diagnostics: readonly string[];
  /** Draws what Slack does not; absent: such a chart is a table. */
  readonly charts?: ChartRenderer;
  /** Remembers requests by name for ten minutes, best across processes; default: within this one. */
  readonly seen?: Seen;
}

const GRACE_SECONDS = 10;

/** Slack as a chat to write to, and as people who ask. */
export function createSlack(deps: SlackDeps): Slack {
  const { config, log, metrics, diagnostics, seen = createSeen() } = deps;
  const api = createWebApi({ config, log, metrics });
  const slack = createChat(api, log, deps.charts);
  const edge = createEdge({ slack, reply: createReply(config, api), seen, log });
  const { receiver, isOpen, requestListener } = createReceiver(config, log);
  const underWay = new Set<Promise<void>>();
  let prepared = false;
  let listening = false;

  const app = new App({
    receiver,
    authorize: async () => {
      const { team, user, bot } = await slack.identity();
      return { botToken: config.botToken, botId: bot, botUserId: user, teamId: team };
    },
    clientOptions: clientOptions(config, log),
    logger: slackLogger(log),
    convoStore: false,
    // What Housecall says itself belongs to the record of a room, too.
    ignoreSelf: false,
    deferInitialization: true,
  });
  app.use(async ({ next }) => {
    const work = next();
    underWay.add(work);
    await work.finally(() => underWay.delete(work));
  });
  app.error(async (error) => log.error({ error }, 'slack: a listener failed'));

  return {
    chat: slack.chat,
    team: async () => (await slack.identity()).team,
    isListening: () => listening && isOpen(),
    async start(desk) {
      if (!prepared) registerListeners(app, { edge, desk, api, slack, diagnostics });
      prepared = true;
      await app.init();
      await slack.identity().catch((error: unknown) => {
        // Away is not refused: everything else may start, and Slack is asked again when needed.
        if (refusalOf(error) !== null) throw error;
        log.warn({ error }, 'slack: not reachable yet');
      });
      if (requestListener === undefined) await receiver.start();
      listening = true;
    },
    async stop(graceSeconds = GRACE_SECONDS) {
      listening = false;
      if (requestListener === undefined) await receiver.stop();
      const drained = Promise.allSettled(underWay);
      await Promise.race([drained, sleep(graceSeconds * 1_000, undefined, { ref: false })]);
    },
    ...(requestListener !== undefined && {
      requestListener: (request, response) => {
        if (listening) requestListener(request, response);
        else response.writeHead(503).end();
      },
    }),
  };
}

function createReceiver(config: SlackConfig, log: Log) {
  const { appToken, signingSecret } = config;
  if (appToken !== undefined) {
    const receiver = createSocketModeReceiver({ ...config, appToken }, log);
    return { receiver, isOpen: () => receiver.open() > 0, requestListener: undefined };
  }
  if (signingSecret !== undefined) {
    const { receiver, requestListener } = createHttpReceiver(signingSecret, log);
    return { receiver, isOpen: () => true, requestListener };
  }
  throw new HousecallError(
    'CONFIG_INVALID',
    'slack: appToken (Socket Mode) or signingSecret (HTTP) is needed',
    { context: { key: 'slack.appToken' } },
  );
}
