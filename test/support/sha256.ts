import { createHash } from 'node:crypto';

/** Lower-case hex, as the hashing port says. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
