import type { Alert } from '../../core/alert.ts';
import {
  type AlertHere,
  alertsHere,
  type Correction,
  type Corrections,
  type OpenAlerts,
  placeOf,
  reconcile,
} from '../../core/reconcile.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import type { AlertInbox } from '../../ports/alert-inbox.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import { readCase } from '../record/transact.ts';

export interface ReconcileAlertsDeps {
  readonly journal: Journal;
  readonly inbox: AlertInbox;
  readonly past: PastIncidents;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a process remembers of a source from one round to the next. */
interface Memory {
  /** Keys of what was missing there in the round before. */
  readonly missing: ReadonlySet<string>;
  /** Keys of what was looked at and taken in. */
  readonly taken: Set<string>;
  /** Keys of what was looked at since everything had its turn. */
  readonly looked: Set<string>;
}

/** By source. */
export type Suspects = Map<string, Memory>;

/** One by one is how a source is asked for details; of what began and of what ended so many in a round. */
const ASKED_PER_ROUND = 25;

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

/**
 * A source that tells of one alert whether it is closed is asked for that. Of another, what is missing
 * twice in a row is over, for lists are empty after a restart; and only where that list has ever held an
 * alert of ours from the same place: the list of a key or an address that belongs to somebody else never does.
 */
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
  const here = alertsHere(states, source);
  const found = reconcile({
    there,
    here,
    closed: await closedLately(deps.past),
    found: `found by asking ${source}`,
    now: deps.clock.now(),
  });
  const before = suspects.get(source);
  const keys = new Set([...found.missed, ...found.ended].map(({ key }) => key));
  const memory: Memory = {
    missing: new Set(found.ended.map(({ key }) => key)),
    taken: new Set([...(before?.taken ?? [])].filter((key) => keys.has(key))),
    looked: new Set([...(before?.looked ?? [])].filter((key) => keys.has(key))),
  };
  suspects.set(source, memory);
  const gone = found.ended.filter(({ key }) => before?.missing.has(key) === true);
  const ended =
    api.isClosed === undefined ? await ofItsOwn(deps, api, { gone, there, here }) : found.ended;
  await take(deps, api, { found: { ...found, ended }, memory, signal });
}

/** What is gone from a list that has held alerts of the same place; what it holds now is remembered. */
async function ofItsOwn(
  { inbox }: ReconcileAlertsDeps,
  { source, list = source }: AlertApi,
  seen: {
    readonly gone: readonly Correction[];
    readonly there: OpenAlerts;
    readonly here: readonly AlertHere[];
  },
): Promise<readonly Correction[]> {
  const listed = new Set(seen.there.alerts.map(({ alert }) => alert.fingerprint));
  const nameOf = (alert: Alert): string => `${source} ${list} ${placeOf(alert)}`;
  const known = seen.here.filter(({ alert }) => listed.has(alert.fingerprint));
  for (const name of new Set(known.map(({ alert }) => nameOf(alert)))) await inbox.markListed(name);
  const names = new Set(seen.gone.map(({ alerts: [alert] }) => nameOf(alert)));
  const own = new Set<string>();
  for (const name of names) if (await inbox.hasListed(name)) own.add(name);
  return seen.gone.filter(({ alerts: [alert] }) => own.has(nameOf(alert)));
}

async function take(
  deps: ReconcileAlertsDeps,
  api: AlertApi,
  round: { readonly found: Corrections; readonly memory: Memory; readonly signal: AbortSignal },
): Promise<void> {
  const { found, memory, signal } = round;
  for (const correction of found.acknowledged) await receive(deps, api, correction);
  const single = [
    ...inTurn(found.missed, memory).map((correction) => ({ correction, look: withDetails })),
    ...inTurn(found.ended, memory).map((correction) => ({ correction, look: ifClosed })),
  ];
  for (const { correction, look } of single) {
    if (signal.aborted) return;
    const { key } = correction;
    memory.looked.add(key);
    const sure = await look(api, correction).catch((error: unknown) => {
      const fields = { source: api.source, key, error: String(error) };
      deps.log.warn(fields, 'an alert could not be looked at; tried again');
      return null;
    });
    if (sure === null) continue;
    await receive(deps, api, sure);
    memory.taken.add(key);
  }
}

/** What was not taken in yet, a round's share of it; what cannot be had does not keep the others from their turn. */
function inTurn(
  corrections: readonly Correction[],
  { taken, looked }: Memory,
): readonly Correction[] {
  const left = corrections.filter(({ key }) => !taken.has(key));
  const next = left.filter(({ key }) => !looked.has(key));
  if (next.length > 0) return next.slice(0, ASKED_PER_ROUND);
  for (const { key } of left) looked.delete(key);
  return left.slice(0, ASKED_PER_ROUND);
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
