import type { Alert } from '../alert.ts';
import { alertKey, type CaseState } from './case.ts';
import type { CaseEvent } from './event.ts';
import { echoOf } from './own-words.ts';

/** From so many alerts on, each one's coming and going is in the panel and no longer a line of its own. */
const TOLD_ALERTS = 12;

const HOUR_MS = 3_600_000;

/** An alert that changed so often within the hour flaps; null: it does not, or that was told already. */
export function flapping(
  state: CaseState,
  alert: Alert,
  options: { readonly changes: number; readonly now: Date },
): Extract<CaseEvent, { type: 'alert.flapping' }> | null {
  const key = alertKey(alert);
  const attached = state.alerts.get(key);
  if (attached === undefined || attached.flapping) return null;
  const recent = attached.changes.filter((at) => options.now.getTime() - Date.parse(at) <= HOUR_MS);
  const [since] = recent;
  // The first one is its beginning, not a change of mind.
  if (since === undefined || recent.length <= options.changes) return null;
  const { title } = attached.alert;
  return { type: 'alert.flapping', alert: key, title, changes: recent.length - 1, since };
}

/** What an alert's action means for the incident as a whole; `seen`: the alert is in it. */
export function mirrored(seen: CaseState, alert: Alert): CaseEvent[] {
  const { incident } = seen;
  if (incident === null) return [];
  switch (alert.action) {
    case 'acknowledged':
      return incident.acknowledged === null
        ? [{ type: 'incident.acknowledged', via: 'alert' }]
        : [];
    case 'unacknowledged':
      return incident.acknowledged === null
        ? []
        : [{ type: 'incident.unacknowledged', via: 'alert' }];
    case 'resolved':
      // Its end was passed on from here; if it is open by now, somebody has opened it again.
      return isOver(seen) && incident.state !== 'resolved' && echoOf(alert) === null
        ? [{ type: 'incident.resolved', reason: 'every alert is resolved', via: 'alert' }]
        : [];
    case 'firing':
      return incident.state === 'resolved' && seen.alerts.get(alertKey(alert))?.firing === true
        ? [{ type: 'incident.reopened', reason: `${alert.title} fires again` }]
        : [];
    case 'note':
      return [];
  }
}

/** Housecall said it itself, about this incident or one that went on in it; an end is a fact all the same. */
export function isEcho({ stream, incident }: CaseState, alert: Alert): boolean {
  const about = alert.action === 'resolved' ? null : echoOf(alert);
  return about !== null && (about === stream || incident?.absorbed.includes(about) === true);
}

/** Nothing fires, and nothing that flaps can be believed to have ended: that a person says. */
function isOver({ alerts }: CaseState): boolean {
  const all = [...alerts.values()];
  return all.every(({ firing }) => !firing) && !all.some((alert) => alert.flapping);
}

/** A line in the room for what people should notice, or null: a repeat of a firing alert is none. */
export function alertLine(alert: Alert, before: CaseState, after: CaseState): string | null {
  if (echoOf(alert) !== null) return null;
  const now = after.alerts.get(alertKey(alert));
  const flap = now?.flapping === true;
  const known = before.alerts.has(alertKey(alert));
  const reopens = before.incident?.state === 'resolved' && after.incident?.state === 'active';
  const crowd = after.incident?.storm === true || after.alerts.size > TOLD_ALERTS;
  const by = alert.actor === undefined ? '' : ` by ${alert.actor}`;
  const how = alert.found === undefined ? '' : ` (${alert.found})`;
  const line = (words: string): string => `${alert.title}: ${words}${by}${how}`;
  switch (alert.action) {
    case 'firing':
      if (reopens) return line('fires again; the incident is open again');
      if (known || flap) return null;
      if (!crowd) return line('another alert joined');
      return before.alerts.size === TOLD_ALERTS && after.incident?.storm !== true
        ? `${after.alerts.size} alerts are here now; from here on the panel lists them`
        : null;
    case 'resolved':
      // Resolved here before, it may be the echo of what we passed on.
      return crowd || flap || now?.firing === true || before.incident?.state === 'resolved'
        ? null
        : line('resolved at the source');
    case 'acknowledged':
      return before.incident?.acknowledged === null ? line('acknowledged at the source') : null;
    case 'unacknowledged':
      return line('un-acknowledged at the source');
    case 'note':
      return alert.description === '' || crowd
        ? null
        : line(`note at the source: ${alert.description}`);
  }
}
