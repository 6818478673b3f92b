import type { AlertSource, WebhookRequest } from '../contract.ts';
import { readPayload } from '../payload.ts';
import { sha256 } from '../read-text.ts';
import { anyEqual, hmacHex, usable } from '../secret.ts';
import { decodePagerDuty } from './decode.ts';
import { PagerDutyWebhook } from './schema.ts';

const ID = 'pagerduty';

/** PagerDuty webhook subscriptions, v3: one event per request. */
export const pagerduty: AlertSource = {
  id: ID,
  title: 'PagerDuty',
  challenge: 'HMAC-SHA256 header="X-PagerDuty-Signature"',
  authentic,
  decode: (rawBody) => {
    const alert = decodePagerDuty(readPayload(ID, rawBody, PagerDutyWebhook));
    return alert === null ? [] : [alert];
  },
  deliveryKey,
};

/** Several signatures while PagerDuty rotates the secret; more nobody has. */
const MAX_SIGNATURES = 20;

/** `v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 over the body (docs/webhooks/04-Signatures). */
function authentic({ headers, rawBody }: WebhookRequest, secrets: readonly string[]): boolean {
  const given = (headers['x-pagerduty-signature'] ?? '')
    .split(',', MAX_SIGNATURES)
    .map((part) => part.trim())
    .filter((part) => part.startsWith('v1='));
  return anyEqual(
    given,
    usable(secrets).map((secret) => `v1=${hmacHex(secret, rawBody)}`),
  );
}

/** An event has the same id in every repeat, also through several subscriptions. */
function deliveryKey(rawBody: string): string {
  const { event } = readPayload(ID, rawBody, PagerDutyWebhook);
  return sha256(event.id === '' ? rawBody : JSON.stringify(['event', event.id]));
}
