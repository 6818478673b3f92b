import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The real clock, and ids of 80 random bits. */
export const systemClock: Clock = {
  now: () => new Date(),
  id: () => [...randomBytes(16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join(''),
};
