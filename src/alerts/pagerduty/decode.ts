import type { Alert } from '../../core/alert.ts';
import { firstText, isoTime, NO_TIME, oneLine, webAddress } from '../read-text.ts';
import { EVENT_WORDS, unknownEventWords } from './event-words.ts';
import type { Data, PagerDutyWebhook } from './schema.ts';

/** What PagerDuty's event types mean here. Every other one is a note. */
const ACTIONS: ReadonlyMap<string, Alert['action']> = new Map([
  ['incident.triggered', 'firing'],
  ['incident.reopened', 'firing'],
  ['incident.acknowledged', 'acknowledged'],
  ['incident.unacknowledged', 'unacknowledged'],
  ['incident.resolved', 'resolved'],
]);

/** Null: the event is about no incident (a service, a test of the subscription), so there is nothing to do. */
export function decodePagerDuty({ event }: PagerDutyWebhook): Alert | null {
  const { data, event_type: eventType } = event;
  const incident = incidentOf(data);
  if (incident === null) return null;
  const action = ACTIONS.get(eventType) ?? 'note';
  const title = firstText(oneLine(incident.title)) ?? `PagerDuty incident ${incident.id}`;
  const url = webAddress(incident.url);
  const actor = firstText(oneLine(event.agent?.summary ?? ''));
  return {
    source: 'pagerduty',
    fingerprint: incident.id,
    action,
    title,
    description: action === 'note' ? wordsOf(eventType, data) : reasonOf(action, data),
    labels: labelsOf(title, data),
    annotations: {},
    // The webhook carries no alert, so no host either: the incident's alerts are asked for where a key is set.
    hostHints: [],
    startsAt: startOf(action, event),
    // Opened again, it begins anew: see startOf.
    ...(action === 'firing' ? { endsOnce: true as const } : {}),
    ...(actor === undefined ? {} : { actor }),
    ...(url === undefined ? {} : { url }),
  };
}

interface IncidentRef {
  readonly id: string;
  readonly title: string;
  readonly url: string;
}

/** The incident itself, or the one that a note, a responder, a task … belongs to. */
function incidentOf(data: Data): IncidentRef | null {
  if (data.type === 'incident' && data.id !== '') {
    return { id: data.id, title: firstText(data.title, data.summary) ?? '', url: data.html_url };
  }
  const roles = data.incident_role_assignments.map((one) => one?.incident);
  const ref = [data.incident, ...roles].find((one) => (one?.id ?? '') !== '');
  return ref === undefined || ref === null
    ? null
    : { id: ref.id, title: ref.summary, url: ref.html_url };
}

function labelsOf(title: string, { service, urgency, priority }: Data): Alert['labels'] {
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['alertname', title],
    ['service', service?.summary],
    ['urgency', urgency],
    ['priority', priority?.summary],
  ];
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => (entry[1] ?? '') !== ''),
  );
}

function wordsOf(eventType: string, data: Data): string {
  const words = Object.hasOwn(EVENT_WORDS, eventType) ? EVENT_WORDS[eventType] : undefined;
  return words?.(data) ?? unknownEventWords(eventType, data);
}

function reasonOf(action: Alert['action'], { resolve_reason }: Data): string {
  const into = resolve_reason?.incident?.summary ?? '';
  return action === 'resolved' && into !== '' ? `merged into ${into}` : '';
}

/**
 * A reopened incident is the same one, firing anew: it began when it was opened again. An end never begins
 * before what it ends, so where nothing is known of reopening it counts from when it was said.
 */
function startOf(action: Alert['action'], event: PagerDutyWebhook['event']): string {
  const { created_at: created, reopened_at: reopened } = event.data;
  const unknown = reopened === undefined && action === 'resolved';
  const saidThen = action === 'note' || event.event_type === 'incident.reopened' || unknown;
  const times = [action === 'note' ? '' : (reopened ?? ''), saidThen ? '' : created];
  return [...times, event.occurred_at].map(isoTime).find((time) => time !== null) ?? NO_TIME;
}
