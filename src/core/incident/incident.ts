import type { Actor } from '../person.ts';
import type {
  EventRecord,
  IncidentRole,
  IncidentState,
  PageEvent,
  ReminderAbout,
  Severity,
  SimilarIncident,
  TimelineMark,
} from './event.ts';
import { afterPages, answering } from './ladder-times.ts';

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
  /** Canonical JSON of its route's `match`; null: no route, or opened by a person. */
  readonly route: string | null;
  readonly private: boolean;
  readonly storm: boolean;
  /** The closed incident that it continues. */
  readonly continues: string | null;
  readonly room: {
    readonly channel: string;
    readonly name: string;
    /** It was there before the incident, and outlives it. */
    readonly adopted: boolean;
  } | null;
  readonly acknowledged: { readonly by: Actor; readonly at: string } | null;
  /** When the latest acknowledgement ceased to count; null: it never did. */
  readonly unacknowledgedAt: string | null;
  /** The very first acknowledgement, for the time that it took. */
  readonly firstAcknowledgedAt: string | null;
  readonly resolved: {
    readonly by: Actor;
    readonly at: string;
    readonly reason: string;
  } | null;
  /** When it was last opened or reopened. */
  readonly activeSince: string;
  /** From here pages are counted: opened, reopened, or given back; later than every page before. */
  readonly waitingSince: string;
  readonly severitySince: string;
  /** When the severity was last raised, later than every page before; null: never. */
  readonly raisedAt: string | null;
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  /** Stakeholder updates, oldest first. */
  readonly updates: readonly {
    readonly at: string;
    readonly by: Actor;
    readonly text: string;
    readonly nextAt: string | null;
  }[];
  /** Oldest first. */
  readonly pages: readonly ({ readonly at: string } & Omit<
    Extract<PageEvent, { type: 'page.sent' }>,
    'type'
  >)[];
  readonly pagesExhaustedAt: string | null;
  /** When somebody was last reminded. */
  readonly reminders: Readonly<Partial<Record<ReminderAbout, string>>>;
  /** Messages that people put on the timeline, by `ts`. */
  readonly timeline: ReadonlyMap<string, TimelineItem>;
  /** The incident that this one's alerts went to. */
  readonly mergedInto: string | null;
  /** Incidents whose alerts came here. */
  readonly absorbed: readonly string[];
  /** Closed incidents like it that its room was told of. */
  readonly similar: readonly SimilarIncident[];
  /** When a person, an alert or a run last did something: not a page or a reminder of Housecall's own. */
  readonly activeAt: string;
  readonly closing: boolean;
  /** Its room gets no canvas, or none any more: that was refused. */
  readonly canvasOff?: true;
  /** When somebody last asked to close it. */
  readonly closingSince?: string;
  readonly archive: { readonly location: string; readonly manifestSha256: string } | null;
  /** Somebody wants it closed, and so often in a row the archive could not be written. */
  readonly notArchived: {
    readonly at: string;
    readonly reason: string;
    readonly tries: number;
  } | null;
}

export interface TimelineItem {
  readonly ts: string;
  readonly author: string;
  readonly text: string;
  readonly permalink?: string;
  /** How it is held there; none left: it is off. */
  readonly marks: readonly TimelineMark[];
  /** Who put it there first. */
  readonly by: Actor;
}

type Opened = Extract<EventRecord['event'], { type: 'incident.opened' }>;

function openedIncident(event: Opened, { actor, at }: EventRecord): Incident {
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
    route: event.route ?? null,
    private: event.private ?? false,
    storm: event.storm ?? false,
    continues: event.continues ?? null,
    room: null,
    acknowledged: null,
    unacknowledgedAt: null,
    firstAcknowledgedAt: null,
    resolved: null,
    activeSince: at,
    waitingSince: at,
    severitySince: at,
    raisedAt: null,
    roles: {},
    updates: [],
    pages: [],
    pagesExhaustedAt: null,
    reminders: {},
    timeline: new Map(),
    mergedInto: null,
    absorbed: [],
    similar: [],
    activeAt: at,
    closing: false,
    archive: null,
    notArchived: null,
  };
}

/** The incident after one more record; null before it was opened. */
export function reduceIncident(incident: Incident | null, record: EventRecord): Incident | null {
  const { event } = record;
  if (event.type === 'incident.opened') return openedIncident(event, record);
  if (incident === null) return null;
  const next = lifeCycle(incident, record) ?? teamwork(incident, record) ?? incident;
  return isActivity(record) ? { ...next, activeAt: record.at } : next;
}

/** What Housecall does by itself keeps nothing alive; a run that ended is news. */
function isActivity({ actor, event }: EventRecord): boolean {
  return actor.kind !== 'housecall' || event.type === 'run.finished';
}

/** An incident that begins again within an hour is still theirs; later, whoever acknowledged may be asleep. */
const ACKNOWLEDGED_MS = 60 * 60_000;

function outlives({ resolved }: Incident, at: string): boolean {
  return resolved === null || Date.parse(at) - Date.parse(resolved.at) < ACKNOWLEDGED_MS;
}

function lifeCycle(incident: Incident, { event, actor, at }: EventRecord): Incident | null {
  switch (event.type) {
    case 'room.opened': {
      const { channel, name, adopted = false } = event;
      return { ...incident, room: { channel, name, adopted } };
    }
    case 'incident.acknowledged': {
      const acknowledged = event.early ?? { by: actor, at };
      return {
        ...incident,
        state: incident.state === 'triage' ? 'active' : incident.state,
        acknowledged,
        firstAcknowledgedAt: incident.firstAcknowledgedAt ?? acknowledged.at,
      };
    }
    case 'incident.unacknowledged':
      return {
        ...incident,
        acknowledged: null,
        unacknowledgedAt: at,
        waitingSince: afterPages(incident, at),
        pagesExhaustedAt: null,
      };
    case 'incident.mitigated':
      return { ...incident, state: 'mitigated' };
    case 'incident.resolved':
      return { ...incident, state: 'resolved', resolved: { by: actor, at, reason: event.reason } };
    case 'incident.reopened':
      return {
        ...incident,
        state: 'active',
        acknowledged: outlives(incident, at) ? incident.acknowledged : null,
        resolved: null,
        closing: false,
        notArchived: null,
        activeSince: at,
        waitingSince: afterPages(incident, at),
        pagesExhaustedAt: null,
      };
    case 'chat.failed':
      return event.operation === 'room.canvas' ? { ...incident, canvasOff: true } : null;
    case 'incident.kept':
      return { ...incident, notArchived: null };
    case 'incident.closing':
      return { ...incident, closing: true, closingSince: at };
    case 'archive.written': {
      const { location, manifestSha256 } = event;
      return { ...incident, archive: { location, manifestSha256 }, notArchived: null };
    }
    case 'archive.failed': {
      const tries = (incident.notArchived?.tries ?? 0) + 1;
      return { ...incident, closing: false, notArchived: { at, reason: event.reason, tries } };
    }
    case 'incident.closed':
      return { ...incident, state: 'closed', closing: false };
    case 'incident.merged':
      return { ...incident, mergedInto: event.into };
    default:
      return null;
  }
}

function teamwork(incident: Incident, record: EventRecord): Incident | null {
  const { event, actor, at } = record;
  switch (event.type) {
    case 'hosts.changed':
      return { ...incident, hosts: event.hosts };
    case 'alert.received':
      return event.hosts.every((host) => incident.hosts.includes(host))
        ? null
        : { ...incident, hosts: [...new Set([...incident.hosts, ...event.hosts])] };
    case 'severity.changed':
      return {
        ...incident,
        severity: event.severity,
        severitySince: at,
        raisedAt: event.severity < incident.severity ? afterPages(incident, at) : incident.raisedAt,
      };
    case 'role.assigned': {
      const { [event.role]: _, ...others } = incident.roles;
      const roles = event.user === null ? others : { ...others, [event.role]: event.user };
      return { ...incident, roles };
    }
    case 'update.posted': {
      const update = { at, by: actor, text: event.text, nextAt: event.nextAt ?? null };
      return { ...incident, updates: [...incident.updates, update] };
    }
    case 'page.sent': {
      const { type: _, ...page } = event;
      const sentAt = answering(incident, afterPages(incident, at));
      return { ...incident, pages: [...incident.pages, { at: sentAt, ...page }] };
    }
    case 'page.exhausted':
      return { ...incident, pagesExhaustedAt: answering(incident, at) };
    case 'reminder.sent': {
      const remindedAt = event.about === 'quiet' ? answering(incident, at) : at;
      return { ...incident, reminders: { ...incident.reminders, [event.about]: remindedAt } };
    }
    case 'timeline.added':
    case 'timeline.removed':
      return { ...incident, timeline: marked(incident.timeline, event, actor) };
    case 'incident.similar':
      return { ...incident, similar: [...incident.similar, ...event.incidents] };
    case 'incident.absorbed':
      return {
        ...incident,
        absorbed: [...new Set([...incident.absorbed, event.from])],
        hosts: [...new Set([...incident.hosts, ...event.hosts])],
      };
    default:
      return null;
  }
}

type Mark = Extract<EventRecord['event'], { type: 'timeline.added' | 'timeline.removed' }>;

function marked(timeline: Incident['timeline'], event: Mark, actor: Actor): Incident['timeline'] {
  const before = timeline.get(event.ts);
  const next = new Map(timeline);
  if (event.type === 'timeline.removed') {
    const marks = before?.marks.filter((mark) => mark !== event.via) ?? [];
    if (before === undefined || marks.length === 0) next.delete(event.ts);
    else next.set(event.ts, { ...before, marks });
    return next;
  }
  const { type: _, via, ...item } = event;
  const marks = [...new Set([...(before?.marks ?? []), via])];
  next.set(event.ts, { ...item, by: before?.by ?? actor, marks });
  return next;
}
