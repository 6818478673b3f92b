import { describe, expect, it } from 'vitest';
import { type FixStatus, isOpen } from '../../../src/core/approval/fix-state.ts';
import type { FixEvent } from '../../../src/core/incident/event.ts';
import {
  APPROVED,
  BEN,
  CLAIMED,
  CY,
  DENIED,
  EXPIRED,
  FINISHED,
  LOST,
  PLANNED,
  REFUSED,
  REQUESTED,
  REVIEWED,
  STATUSES,
  STOPPED,
  told,
  UNPLANNED,
  UNTIL,
} from './sample-events.ts';
import { ANNA, DIGEST, PLAN, ran } from './sample-fixes.ts';

/** Where each event leads, by the status that it meets; from every other it changes nothing. */
const MOVES: readonly (readonly [FixEvent, Partial<Record<FixStatus, FixStatus>>])[] = [
  [REVIEWED, {}],
  [PLANNED, { reviewing: 'planned' }],
  [UNPLANNED, { reviewing: 'unplanned' }],
  [REQUESTED, { planned: 'pending' }],
  [APPROVED, { pending: 'approved' }],
  [DENIED, { pending: 'denied' }],
  [STOPPED, { pending: 'stopped', approved: 'stopped' }],
  [EXPIRED, { pending: 'expired', approved: 'expired' }],
  [CLAIMED, { approved: 'running' }],
  [FINISHED, { approved: 'finished', running: 'finished' }],
];

describe('a fix', () => {
  it.each(STATUSES)('becomes %s by what is recorded of it', (status) => {
    expect(told(UNTIL[status]).status).toBe(status);
  });

  const cases = MOVES.flatMap(([event, moves]) =>
    STATUSES.map((status) => [event.type, status, event, moves[status]] as const),
  );

  it.each(cases)('meets %s when it is %s', (_type, status, event, expected) => {
    const before = told(UNTIL[status]);
    const after = told([[event, CY]], before);
    expect(after.status).toBe(expected ?? status);
    expect(after === before).toBe(expected === undefined);
  });

  it.each(STATUSES)('keeps a click that was refused, and stays %s', (status) => {
    const before = told(UNTIL[status]);
    const at = '2026-11-20T12:00:00.000Z';
    const reason = 'only approvers may approve';
    const once = told([[REFUSED, CY]], before);
    expect(once).toEqual({ ...before, refusals: [{ actor: CY, at, reason }] });
    expect(told([[REFUSED, BEN]], once).refusals.map(({ actor }) => actor)).toEqual([CY, BEN]);
  });

  it('is open from the request until it begins', () => {
    expect(STATUSES.filter((status) => isOpen({ status }))).toEqual(['pending', 'approved']);
  });
});

describe('what is known of a fix', () => {
  it('is who reviewed what, and when', () => {
    expect(told([REVIEWED])).toEqual({
      id: 'f1',
      status: 'reviewing',
      offer: { fix: 'truncate-log', params: { inode: '42' } },
      host: 'web-1',
      run: 'r1',
      finding: 'disk.big-log',
      reviewedBy: ANNA,
      reviewedAt: '2026-11-20T12:00:00.000Z',
      approvals: [],
      refusals: [],
    });
  });

  it('is also the dialog that waits for it, and its place in a rollout', () => {
    const rollout = { id: 'ro1', place: 0 };
    const bare = told([REVIEWED]);
    expect(Object.keys(bare)).not.toContain('view');
    expect(Object.keys(bare)).not.toContain('rollout');
    expect(told([{ ...REVIEWED, view: 'V1', rollout }])).toEqual({ ...bare, view: 'V1', rollout });
  });

  it('is the plan with its digest and the host as it was', () => {
    const { plan, digest, before } = told(UNTIL.planned);
    expect({ plan, digest, before }).toEqual({
      plan: PLAN,
      digest: DIGEST,
      before: { bytes: 10 },
    });
  });

  it('is why there is no plan, or why it never began', () => {
    expect(told(UNTIL.unplanned).reason).toBe('it is empty');
    expect(told(UNTIL.stopped).reason).toBe('it did not help on web-0');
  });

  it('is who asked for it, when and on which terms', () => {
    expect(told(UNTIL.pending).request).toEqual({
      by: ANNA,
      at: '2026-11-20T12:02:00.000Z',
      approvers: ['UBEN'],
      required: 1,
      selfApproval: false,
      expiresAt: '2026-11-20T12:15:00.000Z',
      lossAccepted: 'lose it',
      seal: 'sealed',
    });
  });

  it('is who approved it, with the token that lets it run', () => {
    const { approvals, token } = told(UNTIL.approved);
    const person = { team: 'T1', user: 'UBEN' };
    expect(approvals).toEqual([{ person, at: '2026-11-20T12:03:00.000Z', token: 'signed' }]);
    expect(token).toBe('signed');
  });

  it('is who denied it', () => {
    expect(told(UNTIL.denied).deniedBy).toEqual(BEN);
  });

  it('is which worker began it, and when', () => {
    expect(told(UNTIL.running).claim).toEqual({ worker: 'w1', at: '2026-11-20T12:04:00.000Z' });
  });

  it('is how it ended', () => {
    expect(told(UNTIL.finished).result).toEqual({
      at: '2026-11-20T12:05:00.000Z',
      outcome: 'verified',
      reason: '10 bytes freed',
      steps: [ran('empty', 0, '')],
    });
  });

  it('ends at the first result: a second one changes nothing', () => {
    const other: FixEvent = { ...FINISHED, outcome: 'failed' };
    expect(told([...UNTIL.finished, other]).result?.outcome).toBe('verified');
  });
});

describe('a change that was lost', () => {
  const maybe: FixEvent = { ...LOST, certain: false, reason: 'the host does not answer' };

  it('is told with when and why', () => {
    expect(told([...UNTIL.finished, LOST]).lost).toEqual({
      at: '2026-11-20T12:06:00.000Z',
      certain: true,
      reason: 'the host restarted',
    });
  });

  it('may be certain after nobody could tell, and stays certain', () => {
    const unsure = told([...UNTIL.finished, maybe]);
    expect(unsure.lost).toMatchObject({ certain: false, reason: 'the host does not answer' });
    const sure = told([LOST], unsure);
    expect(sure.lost).toMatchObject({ certain: true, reason: 'the host restarted' });
    expect(told([maybe], sure)).toBe(sure);
  });

  it.each(STATUSES.filter((status) => status !== 'finished'))(
    'is nothing of a fix that is %s',
    (status) => {
      const before = told(UNTIL[status]);
      expect(told([LOST], before)).toBe(before);
    },
  );
});

describe('an event of a fix that nobody reviewed', () => {
  const missing = 'the record of its review is missing';

  const others = MOVES.flatMap(([event]) => (event === REVIEWED ? [] : [event]));

  it.each(others.map((event) => [event.type, event] as const))(
    'is kept visible, and can never run: %s',
    (_type, event) => {
      expect(told([event])).toEqual({
        id: 'f1',
        status: 'unplanned',
        offer: { fix: '', params: {} },
        host: '',
        run: '',
        finding: '',
        reviewedBy: ANNA,
        reviewedAt: '2026-11-20T12:00:00.000Z',
        reason: missing,
        approvals: [],
        refusals: [],
      });
    },
  );

  it('is not revived by a review that comes later', () => {
    expect(told([[APPROVED, BEN], REVIEWED, PLANNED])).toMatchObject({
      status: 'unplanned',
      reason: missing,
    });
  });
});
