import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import type { Control } from './control/control.ts';
import { createControlRoutes } from './control/control-routes.ts';
import { createControl } from './control/create-control.ts';
import { eventCallback, mayReceive } from './delivery/events.ts';
import { createSocketMode } from './delivery/socket-mode.ts';
import { createTransport } from './delivery/transport.ts';
import { createFaults } from './faults.ts';
import { createFeed } from './feed.ts';
import { createAppRoutes } from './http/app-routes.ts';
import { listen, portOf } from './http/server.ts';
import { createResponseUrls, createTriggers } from './interactivity/triggers.ts';
import type { Json } from './json.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';
import {
  DEFAULT_COMMANDS,
  DEFAULT_EVENTS,
  DEFAULT_SCOPES,
  type WorkspaceOptions,
} from './settings.ts';
import { createState } from './state.ts';
import { createMethods } from './web-api/methods.ts';

export interface Workspace {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** For `slackApiUrl`: ends in `/api/`. */
  readonly apiUrl: string;
  /** The page, with its token. */
  readonly pageUrl: string;
  readonly pageToken: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly botUserId: string;
  readonly teamId: string;
  readonly control: Control;
  /** Every call the app made, oldest first. */
  readonly requestLog: readonly LoggedRequest[];
  close(): Promise<void>;
}

/** Events that are remembered. */
const EVENTS = 50_000;

const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/**
 * A strict Slack on this machine, for tests and the demo: Web API, Socket Mode or signed HTTP, people
 * who type and click (`control`), and a page where a person can do that in a browser.
 */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { now } = Date;
  const { secrets = {} } = options;
  const tokens = {
    bot: secrets.botToken ?? `xoxb-${randomBytes(18).toString('hex')}`,
    app: secrets.appToken ?? `xapp-1-${randomBytes(18).toString('hex')}`,
  };
  const signingSecret = secrets.signingSecret ?? randomBytes(16).toString('hex');
  const pageToken = secrets.pageToken ?? randomBytes(24).toString('base64url');
  const state = createState(options, now);
  const feed = createFeed();
  const sockets = createSocketMode(state.bot.appId, () => feed.publish({ kind: 'connection' }));
  const transport = createTransport({
    sockets,
    signingSecret,
    ackTimeoutMs: options.ackTimeoutMs ?? 3000,
    retryDelaysMs: options.eventRetryDelaysMs ?? [0, 60_000, 300_000],
  });
  let baseUrl = '';
  const events: Json[] = [];
  const underWay = new Set<Promise<void>>();
  const scopes = options.botScopes ?? DEFAULT_SCOPES;
  const subscription = { events: options.botEvents ?? DEFAULT_EVENTS, scopes, bot: state.bot.id };
  const context: Context = {
    state,
    scopes,
    plan: options.plan ?? 'pro',
    charts: options.charts ?? true,
    canvases: options.canvases ?? 'all',
    commands: options.slashCommands ?? DEFAULT_COMMANDS,
    systemMessages: options.systemMessages ?? false,
    baseUrl: () => baseUrl,
    now,
    publish: (change) => feed.publish(change),
    emit: (event, channel) => {
      events.push(structuredClone(event));
      if (events.length > EVENTS) events.shift();
      if (!mayReceive(event, channel, subscription)) return;
      const sending = transport.send(eventCallback(state, event, now()));
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
    },
    triggers: createTriggers(options.triggerLifeMs ?? 3000, now),
    responseUrls: createResponseUrls(options.responseUrlLifeMs ?? RESPONSE_URL_LIFE_MS, {
      now,
      baseUrl: () => baseUrl,
    }),
    transport,
  };
  const faults = createFaults(options.faults ?? []);
  const log = createRequestLog(now);
  const idle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  const control = createControl({ context, feed, faults, sockets, transport, events, idle });
  const controlRoutes = createControlRoutes(context, control, log);
  const api = {
    context,
    methods: createMethods((ticket) => sockets.urlFor(ticket, baseUrl)),
    tokens,
    faults,
    rateLimits: createRateLimits(options.rateLimits ?? 'burst', now),
  };
  const server = await listen(
    {
      context,
      app: createAppRoutes(api, log),
      control: controlRoutes,
      sockets,
      pageToken,
      botToken: tokens.bot,
    },
    options.port ?? 0,
  );
  baseUrl = `http://127.0.0.1:${portOf(server)}`;
  const close = async (): Promise<void> => {
    transport.close();
    controlRoutes.close();
    await sockets.close();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
  try {
    if (options.requestUrl !== undefined) await transport.setRequestUrl(options.requestUrl);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: baseUrl,
    apiUrl: `${baseUrl}/api/`,
    pageUrl: `${baseUrl}/?token=${pageToken}`,
    pageToken,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    botUserId: state.bot.id,
    teamId: state.team.id,
    control,
    requestLog: log.entries,
    close,
  };
}
