import type { Alert } from './alert.ts';
import { alertKey, type CaseState } from './incident/case.ts';

/** An alert that is open at its source. */
export interface OpenAlert {
  /** As its webhook would have said it; action `firing`, or `acknowledged`. */
  readonly alert: Alert;
  /** Whether its webhook would have come here; if that is not known it opens nothing. */
  readonly ours: boolean;
}

/** What a source says is open there. */
export interface OpenAlerts {
  readonly alerts: readonly OpenAlert[];
  /** False: there are more than were asked for, so what is missing may be open all the same. */
  readonly complete: boolean;
}

/** An alert of an open incident. */
export interface AlertHere {
  readonly stream: string;
  readonly alert: Alert;
  readonly firing: boolean;
  /** ISO 8601: when it last began or ceased to fire here. */
  readonly changedAt: string;
  /** Whether anybody ever acknowledged its incident: what came after that was meant so. */
  readonly acknowledged: boolean;
}

/** One thing that the source knows and we do not. */
export interface Correction {
  /** What its webhooks would have said, in order. */
  readonly alerts: readonly [Alert, ...Alert[]];
  /** The same for everybody who finds the same: it counts once. */
  readonly key: string;
}

export interface Corrections {
  readonly missed: readonly Correction[];
  readonly acknowledged: readonly Correction[];
  /** Not in the list: to be confirmed before they are believed. */
  readonly ended: readonly Correction[];
}

/** Webhooks on their way, and lists that lag behind, settle within this time. */
const GRACE_MS = 60_000;

/** What began before was there when somebody set up Housecall, or is nobody's emergency any more. */
const MISSED_WITHIN_MS = 24 * 3_600_000;

/**
 * Compares what a source says is open with what is open here. Whatever changed a moment ago on either
 * side is left alone.
 */
export function reconcile(input: {
  readonly there: OpenAlerts;
  /** Of this source. */
  readonly here: readonly AlertHere[];
  /** When the last incident of an alert was closed, by `<source>:<fingerprint>`. */
  readonly closed: ReadonlyMap<string, string>;
  /** Said of what is found: `found by asking opsgenie`. */
  readonly found: string;
  readonly now: Date;
}): Corrections {
  const { there, here, now, found } = input;
  const settled = (at: string): boolean => now.getTime() - Date.parse(at) >= GRACE_MS;
  const known = new Map(here.map((one) => [alertKey(one.alert), one]));
  const open = new Set(there.alerts.map(({ alert }) => alertKey(alert)));
  const news = there.alerts.flatMap((one) => {
    const mine = known.get(alertKey(one.alert));
    if (mine === undefined)
      return isMissed(one, input) ? [missed({ ...one.alert, found }, '')] : [];
    return mine.firing || !settled(mine.changedAt)
      ? []
      : [missed({ ...one.alert, found }, mine.changedAt)];
  });
  const acknowledged = there.alerts.flatMap(({ alert }) => {
    const mine = known.get(alertKey(alert));
    if (alert.action !== 'acknowledged' || mine?.firing !== true) return [];
    if (mine.acknowledged || !settled(mine.changedAt)) return [];
    return [correction([{ ...alert, found }], mine.stream)];
  });
  const ended = here.flatMap(({ alert, firing, changedAt }) => {
    const gone = there.complete && firing && !open.has(alertKey(alert)) && settled(changedAt);
    if (!gone) return [];
    const { actor: _, ...rest } = alert;
    return [correction([{ ...rest, action: 'resolved', found }], changedAt)];
  });
  return { missed: news, acknowledged, ended };
}

/** Nobody here ever heard of it. */
function isMissed(
  { alert, ours }: OpenAlert,
  { closed, now }: { readonly closed: ReadonlyMap<string, string>; readonly now: Date },
): boolean {
  const age = now.getTime() - Date.parse(alert.startsAt);
  const over = closed.get(alertKey(alert));
  // Somebody closed its incident knowing that it fires: it is not news.
  const settledHere = over !== undefined && Date.parse(over) >= Date.parse(alert.startsAt);
  return ours && age >= GRACE_MS && age <= MISSED_WITHIN_MS && !settledHere;
}

function missed(alert: Alert, since: string): Correction {
  const { actor: _, ...rest } = alert;
  const firing: Alert = { ...rest, action: 'firing' };
  const said: readonly [Alert, ...Alert[]] =
    alert.action === 'acknowledged' ? [firing, alert] : [firing];
  return { alerts: said, key: keyOf(firing, `${alert.startsAt}:${since}`) };
}

function correction(alerts: readonly [Alert], since: string): Correction {
  return { alerts, key: keyOf(alerts[0], since) };
}

function keyOf(alert: Alert, since: string): string {
  return `${alert.source}:asked:${alert.action}:${alert.fingerprint}:${since}`;
}

/** The alerts of open incidents; one that went on in another incident is found there. */
export function alertsHere(states: readonly CaseState[], source: string): readonly AlertHere[] {
  return states.flatMap(({ stream, incident, alerts }) => {
    if (incident === null || incident.mergedInto !== null) return [];
    return [...alerts.values()]
      .filter(({ alert }) => alert.source === source)
      .map(({ alert, firing, changes }) => ({
        stream,
        alert,
        firing,
        changedAt: changes.at(-1) ?? incident.openedAt,
        acknowledged: incident.firstAcknowledgedAt !== null,
      }));
  });
}

/**
 * Which installation an alert comes from, by its link: address and path before the page, and the organisation
 * (Grafana: `https://host/path/alerting/…?orgId=1`). Empty: it has no link.
 */
export function placeOf({ url = '' }: Pick<Alert, 'url'>): string {
  const [, origin = '', path = ''] = /^(https?:\/\/[^/?#]*)([^?#]*)/.exec(url) ?? [];
  const [before = ''] = path.split(/\/(?:alerting|d|d-solo|explore)\//);
  const root = before === path ? '' : before;
  const [, organisation = ''] = /[?&]orgId=(\d{1,9})(?:[&#]|$)/.exec(url) ?? [];
  return [origin + root, organisation].join(' ').trim();
}
