import type { Alert } from '../../core/alert.ts';
import { firstText, hostHints } from '../read-text.ts';
import type { OpsgenieWebhook } from './schema.ts';

/** What Opsgenie's actions mean here. Every other one, also a custom action, is a note. */
const ACTIONS: Readonly<Record<string, Alert['action']>> = {
  Create: 'firing',
  Acknowledge: 'acknowledged',
  UnAcknowledge: 'unacknowledged',
  Close: 'resolved',
  Delete: 'resolved',
};

export function decodeOpsgenie(payload: OpsgenieWebhook): Alert {
  const { action, alert } = payload;
  const details = alert.details ?? {};
  const meaning = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  const actor = firstText(alert.userFullName, alert.username, payload.source?.name);
  return {
    source: 'opsgenie',
    fingerprint: alert.alertId,
    action: meaning ?? 'note',
    title: firstText(alert.message, alert.alias) ?? `Opsgenie alert ${alert.alertId}`,
    description: describe(payload, meaning),
    labels: labelsOf(alert, details),
    annotations: {},
    hostHints: hostHints(details, [alert.entity ?? '']),
    startsAt: startOf(alert),
    // A closed alert stays closed: the same trouble again is an alert with another id.
    ...(meaning === 'firing' ? { endsOnce: true as const } : {}),
    ...(actor === undefined ? {} : { actor }),
    ...urlOf(alert.alertId, details),
  };
}

function labelsOf(
  alert: OpsgenieWebhook['alert'],
  details: Readonly<Record<string, string>>,
): Alert['labels'] {
  // Without an alias of its own an alert has its id there, which says nothing.
  const alias = alert.alias === alert.alertId ? undefined : alert.alias;
  const alertname = firstText(details['alertname'], alias, alert.message);
  const own: readonly (readonly [string, string | undefined])[] = [
    ['alertname', alertname],
    ['priority', firstText(alert.priority)],
    ['tags', firstText(alert.tags?.join(','))],
  ];
  return Object.fromEntries([
    ...Object.entries(details),
    ...own.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  ]);
}

/** What the people in the room should read: for actions without text of their own, what was done. */
function describe(payload: OpsgenieWebhook, meaning: Alert['action'] | undefined): string {
  const { action, alert } = payload;
  if (meaning === 'firing') return alert.description ?? '';
  if (action === 'Delete') return firstText(alert.note) ?? 'alert deleted';
  if (meaning !== undefined || action === 'AddNote') return alert.note ?? '';
  return [actionWords(payload), alert.note].filter((part) => (part ?? '') !== '').join(': ');
}

function actionWords(payload: OpsgenieWebhook): string {
  const { action, alert } = payload;
  switch (action) {
    case 'AddTags':
      return `tags added: ${alert.addedTags ?? ''}`;
    case 'RemoveTags':
      return `tags removed: ${alert.removedTags ?? ''}`;
    case 'AddTeam':
      return `team added: ${alert.team ?? ''}`;
    case 'AddRecipient':
    case 'AddResponder':
      return `responder added: ${firstText(alert.recipient) ?? 'see Opsgenie'}`;
    case 'AssignOwnership':
    case 'TakeOwnership':
      return `owner: ${alert.owner ?? ''}`;
    case 'Escalate':
    case 'EscalateNext': {
      const to = firstText(
        payload.escalationNotify?.name,
        payload.recipient?.name,
        alert.recipient,
      );
      const by = firstText(payload.escalationName);
      return `escalated${to === undefined ? '' : ` to ${to}`}${by === undefined ? '' : ` by ${by}`}`;
    }
    default:
      return `action "${action}"`;
  }
}

/** Escalate says no time at all: the beginning of time then, which no reader takes for a real one. */
function startOf(alert: OpsgenieWebhook['alert']): string {
  const created = Number(firstText(alert.createdAt) ?? Number.NaN);
  const updated = Number((alert.updatedAt ?? '').slice(0, 13) || Number.NaN);
  const ms = Number.isFinite(created) ? created : updated;
  // Limits of Date (ECMA-262 section 21.4.1.1).
  return new Date(Math.abs(ms) <= 8.64e15 ? ms : 0).toISOString();
}

function urlOf(
  alertId: string,
  details: Readonly<Record<string, string>>,
): { readonly url?: string } {
  const own = details['url'] ?? '';
  if (/^https?:\/\/\S+$/.test(own)) return { url: own };
  if (!/^[\w.-]+$/.test(alertId)) return {};
  return { url: `https://app.opsgenie.com/alert/detail/${alertId}/details` };
}
