import { createAlertApis } from '../adapters/alert-apis/create-alert-apis.ts';
import { createChartRenderer } from '../adapters/charts/create-chart-renderer.ts';
import { createHttp } from '../adapters/http/create-http.ts';
import { createMailer } from '../adapters/mail/create-mailer.ts';
import { SETTINGS } from '../adapters/queue/settings.ts';
import { createSlack } from '../adapters/slack/create-slack.ts';
import { alertSources } from '../alerts/registry.ts';
import type { WebConfig } from '../config/require-for-start.ts';
import { HousecallError } from '../core/errors.ts';
import { diagnostics } from '../diagnostics/registry.ts';
import { fixes } from '../fixes/registry.ts';
import type { JobHandlers } from '../ports/job-queue.ts';
import type { Mailer } from '../ports/mailer.ts';
import { createAddressBook } from '../workflows/address-book.ts';
import { archiveIncident } from '../workflows/archive-incident.ts';
import { closeIncident } from '../workflows/close-incident.ts';
import { deliverOutbox } from '../workflows/deliver-outbox.ts';
import { findingCodes, findingPage } from '../workflows/describe-finding.ts';
import { createLastHeard } from '../workflows/last-heard.ts';
import { receiveAlert } from '../workflows/receive-alert.ts';
import { routeAlert } from '../workflows/route-alert.ts';
import { tellUnrouted } from '../workflows/tell-unrouted.ts';
import { openSinks } from './archive-sinks.ts';
import { askSources } from './ask-sources.ts';
import { createInTurn, startCatchingUp } from './catching-up.ts';
import type { CoreParts } from './core-parts.ts';
import { diagDesk } from './desk/diag.ts';
import { fixDesk } from './desk/fix.ts';
import { formDesk } from './desk/forms.ts';
import { homeDesk } from './desk/home.ts';
import { incidentDesk } from './desk/incident.ts';
import { resolveRoles } from './desk/roles.ts';
import { roomDesk } from './desk/room.ts';
import { registerGauges } from './gauges.ts';
import { startNudging } from './nudging.ts';

/** Tries of a routing job, as the queue is set. */
const ROUTE_TRIES = 8;

export type WebHandlers = Pick<JobHandlers, 'route-alert' | 'close-incident'>;

export interface Web {
  readonly handlers: WebHandlers;
  /** `http://host:port` that this role listens on. */
  readonly address: string;
  /** Takes no more work in; what was taken in is finished or stays on record. */
  stop(): Promise<void>;
}

/** Rows on their way to Slack at once: each lane is one place, and each waits for Slack. */
const SENDERS = 4;

/** The role that faces people and senders: Slack, webhooks, the outbox, the archive. */
export async function startWeb(config: WebConfig, parts: CoreParts): Promise<Web> {
  const { log, metrics, clock } = parts;
  const sinks = await openSinks(config.archive);
  const { botToken, appToken, signingSecret, apiUrl } = config.slack;
  const charts = createChartRenderer();
  const slack = createSlack({
    config: {
      botToken,
      ...(appToken !== undefined && { appToken }),
      ...(signingSecret !== undefined && { signingSecret }),
      ...(apiUrl !== undefined && { apiUrl }),
    },
    log,
    metrics,
    diagnostics: parts.known.diagnostics,
    seen: parts.store.seen,
    charts,
  });
  const book = createAddressBook(slack.chat);
  const deskParts = {
    ...parts,
    chat: slack.chat,
    book,
    diagnostics,
    fixes,
    roles: async () => resolveRoles(slack.chat, config.access, await slack.team()),
  };
  const apis = createAlertApis(config.alerts.sources);
  const rooms = {
    ...parts,
    sha256: parts.hashing.sha256,
    chat: slack.chat,
    team: () => slack.team(),
    sinks,
    charts,
    inTurn: createInTurn(),
    settleSeconds: parts.times.settleSeconds,
  };
  const mailer = createMailerOf(config);
  const deps = {
    ...parts,
    ...(mailer === null ? {} : { mailer }),
    book,
    chat: slack.chat,
    alertApi: (id: string) => apis.find(({ source }) => source === id),
    source: (id: string) => alertSources.find((source) => source.id === id),
    settleSeconds: parts.times.settleSeconds,
    leaseSeconds: parts.times.leaseSeconds,
    archive: (stream: string) => archiveIncident(rooms, stream),
  };
  await slack.start({
    ...diagDesk(deskParts),
    ...incidentDesk(deskParts),
    ...fixDesk(deskParts),
    ...formDesk(deskParts),
    ...homeDesk(deskParts),
    ...roomDesk(rooms),
  });
  registerGauges(parts);
  const catalog = { diagnostics, fixes };
  const http = await createHttp({
    ...config.http,
    log,
    metrics: () => metrics.text(),
    count: (name, labels) => metrics.count(name, labels),
    dependencies: [
      { name: 'redis', check: async () => (await parts.store.check()).problems[0] ?? null },
      { name: 'slack', check: async () => (slack.isListening() ? null : 'no connection to Slack') },
    ],
    alerts: {
      sources: alertSources,
      secrets: alertSecrets(config),
      receive: (webhook) => receiveAlert({ inbox: parts.inbox, clock, metrics }, webhook),
    },
    findings: {
      codes: findingCodes(catalog),
      page: (code) => findingPage(catalog, code),
    },
    ...(slack.requestListener === undefined ? {} : { slack: slack.requestListener }),
  });
  const catchingUp = startCatchingUp(rooms);
  const sending = new AbortController();
  const senders = Array.from({ length: SENDERS }, (_, n) =>
    deliverOutbox({ ...deps, owner: `${process.pid}-${clock.id()}-${n}` }, sending.signal),
  );
  const { signal } = sending;
  const asking = askSources(deps, apis, { everySeconds: config.alerts.reconcileSeconds, signal });
  const nudging = startNudging(
    { ...deps, lastHeard: createLastHeard(parts.store.roomLog) },
    parts.times.nudgeMs,
  );
  return {
    address: http.address,
    handlers: {
      'route-alert': (job, { attempt }) =>
        routeAlert(deps, job).catch(async (error: unknown) => {
          const passes = error instanceof HousecallError && error.retryable;
          if (!passes || attempt >= ROUTE_TRIES) {
            await tellUnrouted(deps, { ...job, reason: String(error) });
          }
          throw error;
        }),
      'close-incident': (job, { attempt }) =>
        closeIncident(deps, job, { lastTry: attempt >= SETTINGS.case.attempts }),
    },
    async stop() {
      await nudging.stop();
      await catchingUp.stop();
      await http.close();
      await slack.stop();
      sending.abort();
      await Promise.all([...senders, asking]);
      await Promise.all(sinks.map((sink) => sink.close()));
      await mailer?.close();
    },
  };
}

/** Null: e-mail is not configured. */
function createMailerOf({ email }: WebConfig): Mailer | null {
  const { smtpUrl, from } = email ?? {};
  return smtpUrl === undefined || from === undefined ? null : createMailer({ smtpUrl, from });
}

/** One secret or several (rotation), by source. */
function alertSecrets(config: WebConfig): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(config.alerts.sources).map(([id, source]) => {
      const given = source === undefined ? [] : 'token' in source ? source.token : undefined;
      const secret = source !== undefined && 'secret' in source ? source.secret : given;
      return [id, secret === undefined ? [] : [secret].flat()];
    }),
  );
}
