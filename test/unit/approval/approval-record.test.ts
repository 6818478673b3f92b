import { describe, expect, it } from 'vitest';
import type { FixEvent } from '../../../src/core/incident/event.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import {
  ALERT,
  APPROVED,
  BEN,
  CY,
  PLANNED,
  REQUESTED,
  REVIEWED,
  told,
  UNTIL,
} from './sample-events.ts';
import { DIGEST } from './sample-fixes.ts';

describe('an event that belongs to another plan', () => {
  it('neither asks for this one nor approves it', () => {
    const planned = told(UNTIL.planned);
    expect(told([{ ...REQUESTED, digest: 'd2' }], planned)).toBe(planned);
    const pending = told(UNTIL.pending);
    expect(told([[{ ...APPROVED, digest: 'd2' }, BEN]], pending)).toBe(pending);
  });
});

describe('an approval on record', () => {
  const two = { ...REQUESTED, required: 2 };
  const waiting = told([REVIEWED, PLANNED, two]);

  it.each([
    ['an alert', ALERT],
    ['Housecall itself', HOUSECALL],
  ])('counts for nothing when it is by %s', (_who, actor) => {
    expect(told([[APPROVED, actor]], waiting)).toBe(waiting);
  });

  it('is not enough while another person must approve', () => {
    const once = told([[APPROVED, BEN]], waiting);
    expect(once).toMatchObject({ status: 'pending', approvals: [{ person: { user: 'UBEN' } }] });
    expect(once.token).toBeUndefined();
  });

  it('counts once for each person', () => {
    const once = told([[APPROVED, BEN]], waiting);
    expect(told([[APPROVED, BEN]], once)).toBe(once);
    expect(told([[APPROVED, CY]], once)).toMatchObject({
      status: 'approved',
      approvals: [{ person: { user: 'UBEN' } }, { person: { user: 'UCY' } }],
    });
  });

  it('without a token is kept, and lets nothing run', () => {
    const unsigned: FixEvent = { type: 'fix.approved', fix: 'f1', digest: DIGEST };
    const kept = told([[unsigned, BEN]], told(UNTIL.pending));
    expect(kept.status).toBe('pending');
    expect(kept.approvals).toEqual([
      { person: { team: 'T1', user: 'UBEN' }, at: '2026-11-20T12:00:00.000Z' },
    ]);
    expect(kept.approvals[0]).not.toHaveProperty('token');
  });

  it('never completes a fix that nobody asked for', () => {
    const { request: _, ...asked } = told(UNTIL.pending);
    expect(told([[APPROVED, BEN]], asked).status).toBe('pending');
  });
});
