import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is turned away before anything looks at it, or null. */
export function refusedBy(request: IncomingMessage, port: number): 403 | 421 | null {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  // A foreign name that resolves to this machine (DNS rebinding) comes with its own Host.
  if (!own.includes(request.headers.host ?? '')) return 421;
  const { origin } = request.headers;
  // Programs send no Origin; a page of another site does.
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) return 403;
  return null;
}

/** Compares in constant time, also for different lengths. */
export function isSameSecret(given: string, wanted: string): boolean {
  return given !== '' && timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The token of `Authorization: Bearer …`, or empty. */
export function bearerOf(request: IncomingMessage): string {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
