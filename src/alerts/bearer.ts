import type { WebhookRequest } from './contract.ts';
import { anyEqual, usable } from './secret.ts';

/** Whether `Authorization: Bearer <token>` holds one of the secrets. */
export function bearerAuthentic(
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
): boolean {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  return token !== undefined && anyEqual([token], usable(secrets));
}
