import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { createSlack, type Slack } from '../../src/adapters/slack/create-slack.ts';
import type { Caller, Desk } from '../../src/adapters/slack/desk.ts';
import type { Document } from '../../src/core/document/document.ts';
import type { RoomEvent } from '../../src/core/incident/room-event.ts';
import type { ChartRenderer } from '../../src/ports/chart-renderer.ts';
import { createWorkspace, type Workspace } from '../../src/workspace/create-workspace.ts';
import type { WorkspaceOptions } from '../../src/workspace/settings.ts';

export const PEOPLE = {
  ada: 'U0ADA00001',
  grace: 'U0GRACE001',
  robot: 'U0ROBOT001',
  guest: 'U0GUEST001',
  gone: 'U0GONE0001',
  stranger: 'U0STRANGE1',
} as const;

export const ON_CALL = 'S0ONCALL01';

const manifest = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));

/** What manifest.yml asks for: the workspace refuses every call that needs more. */
export const MANIFEST_SCOPES: readonly string[] = manifest.oauth_config.scopes.bot;

/** And tells no event but these. */
const MANIFEST_EVENTS: readonly string[] = manifest.settings.event_subscriptions.bot_events;

/** A workspace with one of each kind of person. */
export const SITE: WorkspaceOptions = {
  rateLimits: 'off',
  botScopes: MANIFEST_SCOPES,
  botEvents: MANIFEST_EVENTS,
  users: [
    { id: PEOPLE.ada, name: 'ada', realName: 'Ada Lovelace' },
    { id: PEOPLE.grace, name: 'grace', realName: 'Grace Hopper' },
    { id: PEOPLE.robot, name: 'robot', isBot: true },
    { id: PEOPLE.guest, name: 'guest', isGuest: true },
    { id: PEOPLE.gone, name: 'gone', isDeleted: true },
    { id: PEOPLE.stranger, name: 'stranger', teamId: 'T0OTHER001' },
  ],
  userGroups: [
    { id: ON_CALL, handle: 'oncall', name: 'On call', users: [PEOPLE.ada, PEOPLE.robot] },
  ],
};

export interface DeskCall {
  readonly verb: keyof Desk;
  readonly request: unknown;
  readonly caller: Partial<Caller>;
}

export interface FakeDesk extends Desk {
  readonly calls: DeskCall[];
  /** What was said and marked, wherever it was. */
  readonly heard: RoomEvent[];
  /** What the next calls of a verb do; by default they give null. */
  on(verb: keyof Desk, act: () => Promise<Document | null>): void;
}

export function createFakeDesk(): FakeDesk {
  const calls: DeskCall[] = [];
  const heard: RoomEvent[] = [];
  const acts = new Map<keyof Desk, () => Promise<Document | null>>();
  const verb =
    (name: keyof Desk) =>
    async (request: unknown, caller: Partial<Caller>): Promise<Document | null> => {
      calls.push({ verb: name, request, caller });
      return (await acts.get(name)?.()) ?? null;
    };
  return {
    calls,
    heard,
    on: (name, act) => void acts.set(name, act),
    diag: verb('diag'),
    incident: verb('incident'),
    acknowledge: verb('acknowledge'),
    resolve: verb('resolve'),
    cancelRun: verb('cancelRun'),
    nextRun: verb('nextRun'),
    reviewFix: verb('reviewFix'),
    requestFix: verb('requestFix'),
    approveFix: verb('approveFix'),
    denyFix: verb('denyFix'),
    keepOpen: verb('keepOpen'),
    close: verb('close'),
    form: async (which, value, caller) => {
      calls.push({ verb: 'form', request: { which, value }, caller });
      return { id: which, title: which, blocks: [], inputs: [], metadata: '' };
    },
    submit: async (which, request, caller) => {
      calls.push({ verb: 'submit', request: { which, ...request }, caller });
      return (await acts.get('submit')?.()) ?? null;
    },
    home: async (caller) => {
      calls.push({ verb: 'home', request: null, caller });
      return (await acts.get('home')?.()) ?? { summary: 'home', blocks: [] };
    },
    observe: async (_channel, read) => {
      const event = await read();
      if (event !== null) heard.push(event);
    },
  };
}

export interface SlackSite {
  readonly workspace: Workspace;
  readonly slack: Slack;
  readonly desk: FakeDesk;
  readonly logged: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[];
  readonly counted: string[];
  /** Where Slack sends to, over HTTP. */
  readonly requestUrl: string | null;
  stop(): Promise<void>;
}

/** A workspace and the Slack adapter in front of a desk that only writes down. */
export async function startSlackSite(
  options: {
    over?: 'socket' | 'http';
    workspace?: WorkspaceOptions;
    start?: boolean;
    charts?: ChartRenderer;
  } = {},
): Promise<SlackSite> {
  const { over = 'socket', start = true } = options;
  const workspace = await createWorkspace({ ...SITE, ...options.workspace });
  const logged: SlackSite['logged'] = [];
  const counted: string[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push({ level, fields, message });
  const slack = createSlack({
    config: {
      botToken: workspace.botToken,
      apiUrl: workspace.apiUrl,
      ...(over === 'socket'
        ? { appToken: workspace.appToken }
        : { signingSecret: workspace.signingSecret }),
    },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count: (name, labels) =>
        void counted.push(`${name} ${labels['method']} ${labels['outcome'] ?? ''}`.trim()),
      observe: () => {},
    },
    diagnostics: ['disk', 'logs', 'ports'],
    ...(options.charts === undefined ? {} : { charts: options.charts }),
  });
  const desk = createFakeDesk();
  const server = over === 'http' ? await serve(slack) : null;
  if (start) await slack.start(desk);
  const requestUrl = server === null ? null : `http://127.0.0.1:${portOf(server)}/slack/events`;
  if (start && requestUrl !== null) await workspace.control.setRequestUrl(requestUrl);
  return {
    workspace,
    slack,
    desk,
    logged,
    counted,
    requestUrl,
    async stop() {
      await slack.stop(1);
      server?.closeAllConnections();
      await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
      await workspace.close();
    },
  };
}

async function serve(slack: Slack): Promise<Server> {
  const server = createServer((request, response) => slack.requestListener?.(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
