import type { Alert } from '../alert.ts';
import { type FixState, reduceFix } from '../approval/fix-state.ts';
import type { HostReport, Status } from '../finding.ts';
import type { Actor } from '../person.ts';
import type {
  EventRecord,
  FixEvent,
  IncidentState,
  RunAfter,
  RunEvent,
  RunReason,
  Severity,
} from './event.ts';

/** An incident as it stands now. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly hosts: readonly string[];
  readonly invite: readonly string[];
  readonly runbook: string | null;
  readonly openedAt: string;
  readonly openedBy: Actor;
  readonly room: { readonly channel: string; readonly name: string } | null;
  readonly acknowledged: { readonly by: Actor; readonly at: string } | null;
  readonly resolved: {
    readonly by: Actor;
    readonly at: string;
    readonly reason: string;
  } | null;
  readonly closing: boolean;
  /** When somebody last asked to close it. */
  readonly closingSince?: string;
  readonly archive: { readonly location: string; readonly manifestSha256: string } | null;
}

/** One alert attached to the incident, as its source last said. */
export interface AttachedAlert {
  readonly alert: Alert;
  readonly hosts: readonly string[];
  readonly firing: boolean;
  readonly deliveries: number;
}

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
  if (event.type.startsWith('run.')) return reduceRun(next, record, event as RunEvent);
  if (event.type.startsWith('fix.')) {
    const fixEvent = event as FixEvent;
    const fix = reduceFix(state.fixes.get(fixEvent.fix), { ...record, event: fixEvent });
    return { ...next, fixes: new Map(state.fixes).set(fixEvent.fix, fix) };
  }
  if (event.type === 'alert.received') return attachAlert(next, event);
  return { ...next, incident: reduceIncident(state.incident, record) };
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

function attachAlert(
  state: CaseState,
  event: Extract<EventRecord['event'], { type: 'alert.received' }>,
): CaseState {
  const { alert, hosts } = event;
  const key = alertKey(alert);
  const before = state.alerts.get(key);
  const firing = {
    firing: true,
    resolved: false,
    acknowledged: null,
    unacknowledged: null,
    note: null,
  }[alert.action];
  const attached: AttachedAlert = {
    // A follow-up delivery may carry only its id: what the first one told stays.
    alert: before === undefined || alert.action === 'firing' ? alert : before.alert,
    hosts: hosts.length > 0 ? hosts : (before?.hosts ?? []),
    firing: firing ?? before?.firing ?? true,
    deliveries: (before?.deliveries ?? 0) + 1,
  };
  return {
    ...state,
    alerts: new Map(state.alerts).set(key, attached),
    deliveries: new Set(state.deliveries).add(`${event.delivery}:${key}`),
  };
}

function reduceIncident(incident: Incident | null, record: EventRecord): Incident | null {
  const { event, actor, at } = record;
  if (event.type === 'incident.opened') {
    return {
      id: event.id,
      title: event.title,
      severity: event.severity,
      state: event.state,
      hosts: event.hosts,
      invite: event.invite,
      runbook: event.runbook ?? null,
      openedAt: at,
      openedBy: actor,
      room: null,
      acknowledged: null,
      resolved: null,
      closing: false,
      archive: null,
    };
  }
  if (incident === null) return null;
  switch (event.type) {
    case 'room.opened':
      return { ...incident, room: { channel: event.channel, name: event.name } };
    case 'hosts.changed':
      return { ...incident, hosts: event.hosts };
    case 'incident.acknowledged':
      return {
        ...incident,
        state: incident.state === 'triage' ? 'active' : incident.state,
        acknowledged: { by: actor, at },
      };
    case 'incident.unacknowledged':
      return { ...incident, acknowledged: null };
    case 'severity.changed':
      return { ...incident, severity: event.severity };
    case 'incident.mitigated':
      return { ...incident, state: 'mitigated' };
    case 'incident.resolved':
      return { ...incident, state: 'resolved', resolved: { by: actor, at, reason: event.reason } };
    case 'incident.reopened':
      return { ...incident, state: 'active', resolved: null, closing: false };
    case 'incident.closing':
      return { ...incident, closing: true, closingSince: at };
    case 'archive.written':
      return {
        ...incident,
        archive: { location: event.location, manifestSha256: event.manifestSha256 },
      };
    case 'archive.failed':
      return { ...incident, closing: false };
    case 'incident.closed':
      return { ...incident, state: 'closed', closing: false };
    default:
      return incident;
  }
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
