import { SETTINGS } from '../adapters/queue/settings.ts';
import type { WebConfig } from '../config/require-for-start.ts';
import { HousecallError } from '../core/errors.ts';
import type { JobHandlers } from '../ports/job-queue.ts';
import { routeAlert } from '../workflows/alert/route-alert.ts';
import { tellUnrouted } from '../workflows/alert/tell-unrouted.ts';
import { closeIncident } from '../workflows/closing/close-incident.ts';
import { deliverOutbox } from '../workflows/outbox/deliver-outbox.ts';
import { createLastHeard } from '../workflows/paging/last-heard.ts';
import { askSources } from './ask-sources.ts';
import { startCatchingUp } from './catching-up.ts';
import { startClosingAgain } from './closing-again.ts';
import type { CoreParts } from './core-parts.ts';
import { registerGauges } from './gauges.ts';
import { startKeepingCanvases } from './keeping-canvases.ts';
import { startNudging } from './nudging.ts';
import { startHttp } from './web-http.ts';
import { createWebParts, type WebParts } from './web-parts.ts';

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
  const web = await createWebParts(config, parts);
  await web.slack.start(web.desk);
  registerGauges(parts);
  const http = await startHttp(config, parts, web.slack);
  const watches = startWatches(config, parts, web);
  return {
    address: http.address,
    handlers: handlersOf(web),
    async stop() {
      await watches.stopLooking();
      await http.close();
      await web.slack.stop();
      await watches.stopSending();
      await web.close();
    },
  };
}

function handlersOf({ deps }: WebParts): WebHandlers {
  return {
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
  };
}

/** What goes on without anybody asking: the outbox is sent, sources are asked, people are called. */
function startWatches(config: WebConfig, { clock, store, times }: CoreParts, web: WebParts) {
  const { deps, rooms, apis } = web;
  const sending = new AbortController();
  const { signal } = sending;
  const senders = Array.from({ length: SENDERS }, (_, n) =>
    deliverOutbox({ ...deps, owner: `${process.pid}-${clock.id()}-${n}` }, signal),
  );
  const asking = askSources(deps, apis, { everySeconds: config.alerts.reconcileSeconds, signal });
  const catchingUp = startCatchingUp(rooms);
  const nudging = startNudging(
    { ...deps, lastHeard: createLastHeard(store.roomLog) },
    times.nudgeMs,
  );
  // Each look writes to every sink: no oftener than the first try is due.
  const closing = startClosingAgain(deps, times.minuteMs);
  const canvases = config.incidents.canvas ? startKeepingCanvases(deps, times.canvasMs) : null;
  return {
    stopLooking: async (): Promise<void> => {
      await nudging.stop();
      await closing.stop();
      await canvases?.stop();
      await catchingUp.stop();
    },
    stopSending: async (): Promise<void> => {
      sending.abort();
      await Promise.all([...senders, asking]);
    },
  };
}
