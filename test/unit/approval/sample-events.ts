import { type FixState, type FixStatus, reduceFix } from '../../../src/core/approval/fix-state.ts';
import type { FixEvent } from '../../../src/core/incident/event.ts';
import { type Actor, HOUSECALL } from '../../../src/core/person.ts';
import { ANNA, DIGEST, PLAN, ran } from './sample-fixes.ts';

export const BEN: Actor = { kind: 'person', team: 'T1', user: 'UBEN' };
export const CY: Actor = { kind: 'person', team: 'T1', user: 'UCY' };
export const ALERT: Actor = { kind: 'alert', source: 'opsgenie' };

export const REVIEWED = {
  type: 'fix.reviewed',
  fix: 'f1',
  offer: { fix: 'truncate-log', params: { inode: '42' } },
  host: 'web-1',
  run: 'r1',
  finding: 'disk.big-log',
} satisfies FixEvent;
export const PLANNED = {
  type: 'fix.planned',
  fix: 'f1',
  plan: PLAN,
  digest: DIGEST,
  before: { bytes: 10 },
} satisfies FixEvent;
export const UNPLANNED = {
  type: 'fix.unplanned',
  fix: 'f1',
  reason: 'it is empty',
} satisfies FixEvent;
export const REQUESTED = {
  type: 'fix.requested',
  fix: 'f1',
  digest: DIGEST,
  approvers: ['UBEN'],
  required: 1,
  selfApproval: false,
  expiresAt: '2026-11-20T12:15:00.000Z',
  lossAccepted: 'lose it',
  seal: 'sealed',
} satisfies FixEvent;
export const APPROVED = {
  type: 'fix.approved',
  fix: 'f1',
  digest: DIGEST,
  token: 'signed',
} satisfies FixEvent;
export const REFUSED = {
  type: 'fix.refused',
  fix: 'f1',
  reason: 'only approvers may approve',
} satisfies FixEvent;
export const DENIED = { type: 'fix.denied', fix: 'f1' } satisfies FixEvent;
export const STOPPED = {
  type: 'fix.stopped',
  fix: 'f1',
  reason: 'it did not help on web-0',
} satisfies FixEvent;
export const EXPIRED = { type: 'fix.expired', fix: 'f1' } satisfies FixEvent;
export const CLAIMED = { type: 'fix.claimed', fix: 'f1', worker: 'w1' } satisfies FixEvent;
export const FINISHED = {
  type: 'fix.finished',
  fix: 'f1',
  outcome: 'verified',
  reason: '10 bytes freed',
  steps: [ran('empty', 0, '')],
} satisfies FixEvent;
export const LOST = {
  type: 'fix.lost',
  fix: 'f1',
  certain: true,
  reason: 'the host restarted',
} satisfies FixEvent;

/** One record per minute, by whoever is named with it, else Anna. */
type Told = FixEvent | readonly [FixEvent, Actor];

export function told(story: readonly Told[], from?: FixState): FixState {
  const state = story.reduce<FixState | undefined>((fix, one, minute) => {
    const [event, actor] = 'type' in one ? [one, ANNA] : one;
    const at = `2026-11-20T12:0${minute}:00.000Z`;
    return reduceFix(fix, { seq: minute + 1, at, actor, event, previous: '', hash: '' });
  }, from);
  if (state === undefined) throw new Error('nothing was told');
  return state;
}

/** What is recorded until a fix stands so. */
export const UNTIL: Readonly<Record<FixStatus, readonly Told[]>> = {
  reviewing: [REVIEWED],
  unplanned: [REVIEWED, UNPLANNED],
  planned: [REVIEWED, PLANNED],
  pending: [REVIEWED, PLANNED, REQUESTED],
  approved: [REVIEWED, PLANNED, REQUESTED, [APPROVED, BEN]],
  running: [REVIEWED, PLANNED, REQUESTED, [APPROVED, BEN], [CLAIMED, HOUSECALL]],
  finished: [REVIEWED, PLANNED, REQUESTED, [APPROVED, BEN], [CLAIMED, HOUSECALL], FINISHED],
  denied: [REVIEWED, PLANNED, REQUESTED, [DENIED, BEN]],
  expired: [REVIEWED, PLANNED, REQUESTED, [EXPIRED, HOUSECALL]],
  stopped: [REVIEWED, PLANNED, REQUESTED, [STOPPED, HOUSECALL]],
};
export const STATUSES = Object.keys(UNTIL) as FixStatus[];
