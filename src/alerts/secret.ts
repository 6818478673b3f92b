import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether one of the texts given is one of those expected. Compared in constant time over digests of
 * both sides, so that neither length nor content leaks, and every pair is compared.
 */
export function anyEqual(given: readonly string[], expected: readonly string[]): boolean {
  const right = expected.map(digest);
  return given
    .map(digest)
    .flatMap((text) => right.map((one) => timingSafeEqual(text, one)))
    .includes(true);
}

/** An empty secret never fits: fail closed. */
export function usable(secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => secret !== '');
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacHex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
