import { TIMES as QUEUE_TIMES, type QueueTimes } from '../adapters/queue/settings.ts';
import { PATIENCE, type Patience } from '../workflows/fix/fix-deps.ts';
import { LEASE_SECONDS } from '../workflows/outbox/deliver-outbox.ts';

/** Times that no installation chooses. Tests of crashes hand in shorter ones. */
export interface Times {
  readonly queue: QueueTimes;
  /** How long a job that runs may go on at shutdown before it goes back to the queue. */
  readonly graceSeconds: number;
  /** How long Slack may take to show a message that it accepted. */
  readonly settleSeconds: number;
  /** How long a chat row belongs to a sender that says nothing. */
  readonly leaseSeconds: number;
  readonly patience: Patience;
  /** How often open incidents are looked at for pages and reminders that are due. */
  readonly nudgeMs: number;
  /** How often it is looked whether a canvas should say something else: no canvas is written oftener. */
  readonly canvasMs: number;
  /** How long a minute of `escalation` and `incidents` lasts. */
  readonly minuteMs: number;
}

export const TIMES: Times = {
  queue: QUEUE_TIMES,
  graceSeconds: 20,
  settleSeconds: 5,
  leaseSeconds: LEASE_SECONDS,
  patience: PATIENCE,
  nudgeMs: 5_000,
  canvasMs: 10_000,
  minuteMs: 60_000,
};
