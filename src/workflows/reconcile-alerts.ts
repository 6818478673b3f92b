import type { Alert } from '../core/alert.ts';
import { alertsHere, type Correction, type Corrections, reconcile } from '../core/reconcile.ts';
import type { AlertApi } from '../ports/alert-api.ts';
import type { AlertInbox } from '../ports/alert-inbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PastIncidents } from '../ports/past-incidents.ts';
import { readCase } from './transact.ts';

export interface ReconcileAlertsDeps {
  readonly journal: Journal;
  readonly inbox: AlertInbox;
  readonly past: PastIncidents;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What is missing at a source that cannot be asked for one alert, by source: the keys of the round before. */
export type Suspects = Map<string, ReadonlySet<string>>;

/** One by one is how a source is asked for details: the others have their turn in the next round. */
const ASKED_PER_ROUND = 50;

/** More than are closed in a day. */
const RECENT = 1_000;

/**
 * One round: every source that can be asked says what is open there. What its webhooks failed to tell is
 * put into the inbox as if they had: once, however many processes find it. A source that does not answer
 * changes nothing.
 */
export async function reconcileAlerts(
  deps: ReconcileAlertsDeps,
  apis: readonly AlertApi[],
  round: { readonly suspects: Suspects; readonly signal: AbortSignal },
): Promise<void> {
  for (const api of apis) {
    if (api.open === undefined || round.signal.aborted) continue;
    try {
      await reconcileSource(deps, api, round);
    } catch (error) {
      if (round.signal.aborted) return;
      const fields = { source: api.source, error: String(error) };
      deps.log.warn(fields, 'open alerts could not be compared; nothing changed, tried again');
    }
  }
}

async function reconcileSource(
  deps: ReconcileAlertsDeps,
  api: AlertApi,
  { suspects, signal }: { readonly suspects: Suspects; readonly signal: AbortSignal },
): Promise<void> {
  const { source } = api;
  const there = await api.open?.({ signal });
  if (there === undefined) return;
  // After the question: what came in meanwhile is known.
  const streams = await deps.journal.open();
  const states = await Promise.all(streams.map((stream) => readCase(deps.journal, stream)));
  const found = reconcile({
    there,
    here: alertsHere(states, source),
    closed: await closedLately(deps.past),
    found: `found by asking ${source}`,
    now: deps.clock.now(),
  });
  const before = suspects.get(source) ?? new Set();
  suspects.set(source, new Set(found.ended.map(({ key }) => key)));
  await take(deps, api, { ...found, ended: found.ended.filter(confirmable(api, before)) }, signal);
}

/** Without a word on one alert, what is missing twice in a row is over: lists are empty after a restart. */
function confirmable(api: AlertApi, before: ReadonlySet<string>) {
  return ({ key }: Correction): boolean => api.isClosed !== undefined || before.has(key);
}

async function take(
  deps: ReconcileAlertsDeps,
  api: AlertApi,
  found: Corrections,
  signal: AbortSignal,
): Promise<void> {
  for (const correction of found.acknowledged) await receive(deps, api, correction);
  const single = [
    ...found.missed.map((correction) => ({ correction, look: withDetails })),
    ...found.ended.map((correction) => ({ correction, look: ifClosed })),
  ];
  for (const { correction, look } of single.slice(0, ASKED_PER_ROUND)) {
    if (signal.aborted) return;
    const sure = await look(api, correction).catch((error: unknown) => {
      const fields = { source: api.source, key: correction.key, error: String(error) };
      deps.log.warn(fields, 'an alert could not be looked at; tried again');
      return null;
    });
    if (sure !== null) await receive(deps, api, sure);
  }
}

async function withDetails(api: AlertApi, correction: Correction): Promise<Correction> {
  const [firing, ...more] = correction.alerts;
  const whole = (await api.details?.(firing)) ?? firing;
  return { ...correction, alerts: [whole, ...more] };
}

async function ifClosed(api: AlertApi, correction: Correction): Promise<Correction | null> {
  const [{ fingerprint }] = correction.alerts;
  return (await api.isClosed?.(fingerprint)) === false ? null : correction;
}

async function receive(
  { inbox, clock, log, metrics }: ReconcileAlertsDeps,
  { source }: AlertApi,
  { alerts, key }: { readonly alerts: readonly Alert[]; readonly key: string },
): Promise<void> {
  const delivery = {
    id: clock.id(),
    source,
    receivedAt: clock.now().toISOString(),
    body: JSON.stringify(alerts),
    asked: true,
  } as const;
  if ((await inbox.receive(delivery, key)) === 'duplicate') return;
  metrics.count('housecall_alerts_received_total', { source, outcome: 'asked' });
  const said = alerts.map(({ action, fingerprint }) => `${action} ${fingerprint}`);
  log.info({ source, said }, 'found by asking the source; its webhook never came');
}

/** When the last incident of each alert was closed. */
async function closedLately(past: PastIncidents): Promise<ReadonlyMap<string, string>> {
  const closed = new Map<string, string>();
  // Latest first: the last one set would be the oldest.
  for (const { claims, closedAt } of (await past.recent(RECENT)).toReversed()) {
    for (const claim of claims) {
      if (claim.startsWith('alert:')) closed.set(claim.slice('alert:'.length), closedAt);
    }
  }
  return closed;
}
