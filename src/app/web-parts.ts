import { createAlertApis } from '../adapters/alert-apis/create-alert-apis.ts';
import { createChartRenderer } from '../adapters/charts/create-chart-renderer.ts';
import { createMailer } from '../adapters/mail/create-mailer.ts';
import { createSlack } from '../adapters/slack/create-slack.ts';
import type { Desk } from '../adapters/slack/desk.ts';
import { alertSources } from '../alerts/registry.ts';
import type { WebConfig } from '../config/require-for-start.ts';
import { diagnostics } from '../diagnostics/registry.ts';
import { fixes } from '../fixes/registry.ts';
import type { Mailer } from '../ports/mailer.ts';
import { archiveIncident } from '../workflows/closing/archive-incident.ts';
import { createAddressBook } from '../workflows/paging/address-book.ts';
import { openSinks } from './archive-sinks.ts';
import { createInTurn } from './catching-up.ts';
import type { CoreParts } from './core-parts.ts';
import { diagDesk } from './desk/diag.ts';
import { fixDesk } from './desk/fix.ts';
import { formDesk } from './desk/forms.ts';
import { homeDesk } from './desk/home.ts';
import { incidentDesk } from './desk/incident.ts';
import { resolveRoles } from './desk/roles.ts';
import { roomDesk } from './desk/room.ts';

export type WebParts = Awaited<ReturnType<typeof createWebParts>>;

/** What the web role works with: Slack, the archive's sinks, mail, the APIs of alert sources. */
export async function createWebParts(config: WebConfig, parts: CoreParts) {
  const sinks = await openSinks(config.archive);
  const charts = createChartRenderer();
  const slack = slackOf(config, parts, charts);
  const mailer = mailerOf(config);
  const apis = createAlertApis(config.alerts.sources);
  const book = createAddressBook(slack.chat);
  /** What is said in rooms, and kept of it. */
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
  /** What jobs, senders and watches share. */
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
    archiveReady: async () => void (await Promise.all(sinks.map((sink) => sink.probe()))),
  };
  const deskParts = {
    ...parts,
    chat: slack.chat,
    book,
    diagnostics,
    fixes,
    roles: async () => resolveRoles(slack.chat, config.access, await slack.team()),
  };
  /** Whatever people ask for. */
  const desk: Desk = {
    ...diagDesk(deskParts),
    ...incidentDesk(deskParts),
    ...fixDesk(deskParts),
    ...formDesk(deskParts),
    ...homeDesk(deskParts),
    ...roomDesk(rooms),
  };
  return {
    slack,
    desk,
    rooms,
    deps,
    apis,
    close: async (): Promise<void> => {
      await Promise.all(sinks.map((sink) => sink.close()));
      await mailer?.close();
    },
  };
}

function slackOf(
  config: WebConfig,
  { log, metrics, known, store }: CoreParts,
  charts: ReturnType<typeof createChartRenderer>,
) {
  const { botToken, appToken, signingSecret, apiUrl } = config.slack;
  return createSlack({
    config: {
      botToken,
      ...(appToken !== undefined && { appToken }),
      ...(signingSecret !== undefined && { signingSecret }),
      ...(apiUrl !== undefined && { apiUrl }),
    },
    log,
    metrics,
    diagnostics: known.diagnostics,
    seen: store.seen,
    charts,
  });
}

/** Null: e-mail is not configured. */
function mailerOf({ email }: WebConfig): Mailer | null {
  const { smtpUrl, from } = email ?? {};
  return smtpUrl === undefined || from === undefined ? null : createMailer({ smtpUrl, from });
}
