import type { EscalationPolicy } from '../../src/core/escalation/policy.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Two steps, five minutes apart, gone through twice; SEV1 calls everybody. */
export const POLICY: EscalationPolicy = {
  ackMs: 5 * MINUTE,
  steps: [
    { people: ['UADA'], afterMs: 5 * MINUTE },
    { people: ['SONCALL'], afterMs: 10 * MINUTE },
  ],
  repeat: 1,
  immediate: ['SEV1'],
  routeQuietHours: new Map(),
  acknowledgedMs: HOUR,
  updateMs: 0,
  idleMs: 24 * HOUR,
  roomMs: 15_000,
};
