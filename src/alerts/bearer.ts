import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from './contract.ts';

/**
 * Whether `Authorization: Bearer <token>` holds one of the secrets. Compared in constant time over
 * digests of both sides, so that neither length nor content leaks; every secret is tried. An empty
 * secret never fits: fail closed.
 */
export function bearerAuthentic(
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
): boolean {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) return false;
  const given = digest(token);
  return secrets
    .filter((secret) => secret !== '')
    .map((secret) => timingSafeEqual(given, digest(secret)))
    .includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
