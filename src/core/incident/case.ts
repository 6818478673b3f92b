import type { Alert } from '../alert.ts';
import { type FixState, reduceFix } from '../approval/fix-state.ts';
import type { HostReport, Status } from '../finding.ts';
import type { Actor } from '../person.ts';
import type { EventRecord, FixEvent, RunAfter, RunEvent, RunReason } from './event.ts';
import { type Incident, reduceIncident } from './incident.ts';

export type { Incident } from './incident.ts';

/** One alert attached to the incident, as its source last said. */
export interface AttachedAlert {
  readonly alert: Alert;
  readonly hosts: readonly string[];
  readonly firing: boolean;
  readonly deliveries: number;
  /** ISO 8601, oldest first: when it began or ceased to fire; the latest twenty. */
  readonly changes: readonly string[];
  /** Its coming and going is not told any more. */
  readonly flapping: boolean;
  /** `startsAt` of the latest time that it fired and ended; absent: it has not ended yet. */
  readonly ended?: string;
}

/** How many changes are remembered of one alert. */
const CHANGES = 20;

export interface Run {
  readonly id: string;
  readonly diagnostic: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts: readonly string[];
  readonly lane: string;
  readonly thread: string | null;
  readonly reason: RunReason;
  readonly after?: RunAfter;
  readonly startedAt: string;
  readonly startedBy: Actor;
  readonly cancelled: boolean;
  /** Null while it runs. */
  readonly finished: {
    readonly status: Status;
    readonly durationMs: number;
    readonly reports: readonly HostReport[];
  } | null;
}

/** Everything known about a case: a fold over its records, never written by hand. */
export interface CaseState {
  readonly stream: string;
  /** Sequence number of the last record; 0: there is none. */
  readonly seq: number;
  /** Hash of the last record; 64 zeros: there is none. */
  readonly head: string;
  /** Null for a run outside an incident. */
  readonly incident: Incident | null;
  /** By `<source>:<fingerprint>`. */
  readonly alerts: ReadonlyMap<string, AttachedAlert>;
  /** `<delivery id>:<alert key>` of everything attached: a delivery routed twice counts once. */
  readonly deliveries: ReadonlySet<string>;
  readonly runs: ReadonlyMap<string, Run>;
  readonly fixes: ReadonlyMap<string, FixState>;
}

export function emptyCase(stream: string): CaseState {
  return {
    stream,
    seq: 0,
    head: '0'.repeat(64),
    incident: null,
    alerts: new Map(),
    deliveries: new Set(),
    runs: new Map(),
    fixes: new Map(),
  };
}

export function alertKey(alert: Alert): string {
  return `${alert.source}:${alert.fingerprint}`;
}

export function reduceCase(state: CaseState, record: EventRecord): CaseState {
  const { event } = record;
  const next: CaseState = { ...state, seq: record.seq, head: record.hash };
  if (event.type.startsWith('run.')) {
    const incident = reduceIncident(state.incident, record);
    return reduceRun({ ...next, incident }, record, event as RunEvent);
  }
  if (event.type.startsWith('fix.')) {
    const fixEvent = event as FixEvent;
    const fix = reduceFix(state.fixes.get(fixEvent.fix), { ...record, event: fixEvent });
    const incident = reduceIncident(state.incident, record);
    return { ...next, incident, fixes: new Map(state.fixes).set(fixEvent.fix, fix) };
  }
  const incident = reduceIncident(state.incident, record);
  return { ...next, incident, ...reduceAlerts(state, record) };
}

function reduceRun(state: CaseState, record: EventRecord, event: RunEvent): CaseState {
  const before = state.runs.get(event.run);
  const having = (run: Run): CaseState => ({
    ...state,
    runs: new Map(state.runs).set(run.id, run),
  });
  if (event.type === 'run.started') {
    const { type: _, run: id, thread, ...rest } = event;
    return having({
      ...rest,
      id,
      thread: thread ?? null,
      startedAt: record.at,
      startedBy: record.actor,
      cancelled: false,
      finished: null,
    });
  }
  if (before === undefined) return state;
  if (event.type === 'run.cancelled') return having({ ...before, cancelled: true });
  const { status, durationMs, reports } = event;
  return having({ ...before, finished: { status, durationMs, reports } });
}

type Alerts = Pick<CaseState, 'alerts' | 'deliveries'>;

function reduceAlerts(state: CaseState, { event, at }: EventRecord): Alerts {
  const { alerts, deliveries } = state;
  switch (event.type) {
    case 'alert.received': {
      const key = alertKey(event.alert);
      const seen = new Set(deliveries).add(`${event.delivery}:${key}`);
      const before = alerts.get(key);
      // A remark about an alert that was never heard of does not make it fire.
      if (before === undefined && event.alert.action === 'note')
        return { alerts, deliveries: seen };
      return { alerts: new Map(alerts).set(key, attached(before, event, at)), deliveries: seen };
    }
    case 'alert.flapping': {
      const flapping = alerts.get(event.alert);
      if (flapping === undefined) return { alerts, deliveries };
      return {
        alerts: new Map(alerts).set(event.alert, { ...flapping, flapping: true }),
        deliveries,
      };
    }
    case 'incident.absorbed': {
      const next = new Map(alerts);
      for (const one of event.alerts) {
        const key = alertKey(one.alert);
        const fresh = { deliveries: 1, changes: [at], flapping: false };
        // The other incident was the one that its source's word reached: it knows better.
        next.set(key, { ...(alerts.get(key) ?? fresh), ...one });
      }
      return { alerts: next, deliveries };
    }
    default:
      return { alerts, deliveries };
  }
}

function attached(
  before: AttachedAlert | undefined,
  event: Extract<EventRecord['event'], { type: 'alert.received' }>,
  at: string,
): AttachedAlert {
  const { alert, hosts } = event;
  const said = {
    firing: before === undefined || before.firing || !isLate(before, alert, at),
    resolved: before?.firing === true && beganBefore(alert, before.alert.startsAt),
    acknowledged: null,
    unacknowledged: null,
    note: null,
  }[alert.action];
  const firing = said ?? before?.firing ?? true;
  const changes = before?.changes ?? [];
  const ended =
    alert.action === 'resolved' && !beganBefore(alert, before?.ended)
      ? alert.startsAt
      : before?.ended;
  const older = before !== undefined && beganBefore(alert, before.alert.startsAt);
  return {
    // A follow-up delivery may carry only its id: what the first one told stays.
    alert: before === undefined || (alert.action === 'firing' && !older) ? alert : before.alert,
    hosts: hosts.length > 0 ? hosts : (before?.hosts ?? []),
    firing,
    deliveries: (before?.deliveries ?? 0) + 1,
    changes: firing === before?.firing ? changes : [...changes, at].slice(-CHANGES),
    flapping: before?.flapping ?? false,
    ...(ended === undefined ? {} : { ended }),
  };
}

/** Deliveries overtake each other within a minute; what comes back later with its old beginning is news. */
const OVERTAKEN_MS = 60_000;

/** Word of a beginning that comes after the word of its end. */
function isLate(before: AttachedAlert, alert: Alert, at: string): boolean {
  const { ended, changes } = before;
  if (ended === undefined || alert.found !== undefined) return false;
  const justNow = Date.parse(at) - Date.parse(changes.at(-1) ?? at) < OVERTAKEN_MS;
  const same = Date.parse(alert.startsAt) === Date.parse(ended) && Date.parse(ended) > 0;
  return beganBefore(alert, ended) || (same && (justNow || alert.endsOnce === true));
}

/**
 * Whether an alert speaks of an earlier time that it fired than this one. What Housecall found by asking
 * is as it is now; an alert without a time is believed.
 */
function beganBefore({ found, startsAt }: Alert, other: string | undefined): boolean {
  const began = Date.parse(startsAt);
  return other !== undefined && found === undefined && began > 0 && began < Date.parse(other);
}

/** The state after events that are about to be stored: documents are made of it beforehand. */
export function foldEvents(
  state: CaseState,
  events: readonly EventRecord['event'][],
  said: { readonly at: string; readonly actor: Actor },
): CaseState {
  return events.reduce(
    (folded, event) =>
      reduceCase(folded, { ...said, seq: folded.seq + 1, event, previous: '', hash: '' }),
    state,
  );
}
