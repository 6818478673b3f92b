import type { AlertSource, WebhookRequest } from '../contract.ts';
import { LINE } from '../fields.ts';
import { COPIES_WITHIN_SECONDS, decodeGroup, groupDeliveryKey } from '../group-webhook.ts';
import { readPayload } from '../payload.ts';
import { firstText, webAddress } from '../read-text.ts';
import { anyEqual, hmacHex, usable } from '../secret.ts';
import { type GrafanaAlert, GrafanaWebhook } from './schema.ts';

const ID = 'grafana';
const TITLE = 'Grafana';

/** Grafana Alerting, webhook contact point, version "1". */
export const grafana: AlertSource = {
  id: ID,
  title: TITLE,
  challenge: 'HMAC-SHA256 header="X-Grafana-Alerting-Signature"',
  authentic,
  decode: (rawBody) =>
    decodeGroup(readPayload(ID, rawBody, GrafanaWebhook), { source: ID, title: TITLE }, links),
  copiesWithinSeconds: COPIES_WITHIN_SECONDS,
  deliveryKey: (rawBody) => groupDeliveryKey(readPayload(ID, rawBody, GrafanaWebhook)),
};

/** How far the sender's clock may be from ours; older is a replay. */
const MAX_SKEW_SECONDS = 300;

/**
 * Lower-case hex HMAC-SHA256 over `<timestamp>:<body>`, or over the body alone where Grafana is not told
 * to send the time (grafana/alerting, http/hmac.go). Only the first cannot be sent again by somebody else.
 */
function authentic({ headers, rawBody, now }: WebhookRequest, secrets: readonly string[]): boolean {
  const signature = headers['x-grafana-alerting-signature']?.trim() ?? '';
  const timestamp = headers['x-grafana-alerting-timestamp']?.trim();
  const signed = timestamp === undefined ? rawBody : `${timestamp}:${rawBody}`;
  const right = usable(secrets).map((secret) => hmacHex(secret, signed));
  return (
    anyEqual([signature], right) && (timestamp === undefined || isNear(timestamp, now.getTime()))
  );
}

function isNear(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= MAX_SKEW_SECONDS;
}

/** What Grafana says beside labels and annotations. */
function links(alert: GrafanaAlert): Readonly<Record<string, string>> {
  const values = Object.entries(alert.values).map(([name, value]) => `${name}=${value}`);
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['values', firstText(values.join(', '), alert.valueString)?.slice(0, LINE)],
    ['silenceURL', webAddress(alert.silenceURL)],
    ['dashboardURL', webAddress(alert.dashboardURL)],
    ['panelURL', webAddress(alert.panelURL)],
    ['imageURL', webAddress(alert.imageURL)],
  ];
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}
