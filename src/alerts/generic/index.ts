import type { Alert } from '../../core/alert.ts';
import { bearerAuthentic } from '../bearer.ts';
import type { AlertSource } from '../contract.ts';
import { readPayload } from '../payload.ts';
import { hostHints, NO_TIME, sha256 } from '../read-text.ts';
import { type GenericAlert, GenericWebhook } from './schema.ts';

const ID = 'generic';

/** Housecall's own JSON, for scripts and everything without a source of its own. */
export const generic: AlertSource = {
  id: ID,
  title: 'Generic JSON',
  challenge: 'Bearer',
  authentic: (request, secrets) => bearerAuthentic(request.headers, secrets),
  decode: (rawBody, receivedAt) =>
    readPayload(ID, rawBody, GenericWebhook).alerts.map((alert) => decodeOne(alert, receivedAt)),
  deliveryKey,
};

function decodeOne(alert: GenericAlert, receivedAt?: Date): Alert {
  const { id, status, title, description = '', labels = {}, annotations = {}, actor, url } = alert;
  const named = [alert.host ?? '', ...(alert.hosts ?? [])];
  return {
    source: ID,
    fingerprint: id,
    action: status,
    title: title ?? id,
    description,
    labels: { ...(title === undefined ? {} : { alertname: title }), ...labels },
    annotations,
    hostHints: hostHints(labels, named),
    startsAt: alert.startsAt ?? startOf(alert, receivedAt),
    ...(actor === undefined ? {} : { actor }),
    ...(url === undefined ? {} : { url }),
  };
}

/** Without a time it begins when it comes; which beginning an end belongs to nobody knows then. */
function startOf({ status }: GenericAlert, receivedAt: Date | undefined): string {
  return status === 'resolved' ? NO_TIME : (receivedAt?.toISOString() ?? NO_TIME);
}

/**
 * Equal alerts with a time are one delivery. A script that says no time sends the same bytes when the
 * same thing breaks again an hour later: that must not be taken for a repeat, so each counts. What is
 * firing already is not told twice anyway.
 */
function deliveryKey(rawBody: string, receivedAt?: Date): string {
  const { alerts } = readPayload(ID, rawBody, GenericWebhook);
  const texts = alerts.map((alert) => JSON.stringify(alert)).toSorted();
  const timeless = alerts.some((alert) => alert.startsAt === undefined);
  return sha256(JSON.stringify(timeless ? [receivedAt?.getTime() ?? null, ...texts] : texts));
}
