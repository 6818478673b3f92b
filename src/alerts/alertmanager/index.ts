import { bearerAuthentic } from '../bearer.ts';
import type { AlertSource } from '../contract.ts';
import { COPIES_WITHIN_SECONDS, decodeGroup, groupDeliveryKey } from '../group-webhook.ts';
import { readPayload } from '../payload.ts';
import { AlertmanagerWebhook } from './schema.ts';

const ID = 'alertmanager';
const TITLE = 'Alertmanager';

/** Prometheus Alertmanager, webhook version "4". */
export const alertmanager: AlertSource = {
  id: ID,
  title: TITLE,
  challenge: 'Bearer',
  authentic: (request, secrets) => bearerAuthentic(request.headers, secrets),
  decode: (rawBody) =>
    decodeGroup(readPayload(ID, rawBody, AlertmanagerWebhook), { source: ID, title: TITLE }),
  copiesWithinSeconds: COPIES_WITHIN_SECONDS,
  deliveryKey: (rawBody) => groupDeliveryKey(readPayload(ID, rawBody, AlertmanagerWebhook)),
};
