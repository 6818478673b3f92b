import type { Clock } from '../../src/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time forward. */
  advance(ms: number): void;
  set(at: string): void;
}

/** Time stands still until it is moved; ids count up: `id0000000000001` … (16 characters). */
export function createFakeClock(start = '2026-11-20T12:00:00.000Z'): FakeClock {
  let at = Date.parse(start);
  let ids = 0;
  return {
    now: () => new Date(at),
    id: () => `id${String(++ids).padStart(14, '0')}`,
    advance: (ms) => {
      at += ms;
    },
    set: (text) => {
      at = Date.parse(text);
    },
  };
}
