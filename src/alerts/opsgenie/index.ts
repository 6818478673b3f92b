import { bearerAuthentic } from '../bearer.ts';
import type { AlertSource } from '../contract.ts';
import { readPayload } from '../payload.ts';
import { sha256 } from '../read-text.ts';
import { decodeOpsgenie } from './decode.ts';
import { OpsgenieWebhook } from './schema.ts';

const ID = 'opsgenie';

/** Opsgenie and Jira Service Management Operations: the same body. */
export const opsgenie: AlertSource = {
  id: ID,
  title: 'Opsgenie and Jira Service Management',
  challenge: 'Bearer',
  authentic: (request, secrets) => bearerAuthentic(request.headers, secrets),
  decode: (rawBody) => [decodeOpsgenie(readPayload(ID, rawBody, OpsgenieWebhook))],
  deliveryKey,
};

/**
 * Several integrations may send the same action of the same alert, and `updatedAt` changes with every
 * action. A body without it (Escalate) is only the same as an equal body.
 */
function deliveryKey(rawBody: string): string {
  const { action, alert, escalationNotify } = readPayload(ID, rawBody, OpsgenieWebhook);
  if ((alert.updatedAt ?? '') === '') return sha256(rawBody);
  const parts = [
    alert.alertId,
    action,
    alert.updatedAt,
    alert.note,
    alert.addedTags,
    alert.removedTags,
    alert.owner,
    alert.recipient,
    alert.team,
    escalationNotify?.name,
  ];
  return sha256(JSON.stringify(parts));
}
