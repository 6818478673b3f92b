import { describe, expect, it } from 'vitest';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import {
  type Click,
  completes,
  isExpired,
  mayApprove,
  mayDeny,
  mayRequest,
} from '../../../src/core/approval/may-approve.ts';
import type { Actor } from '../../../src/core/person.ts';
import { ANNA, approvedBy, DIGEST, inRollout, REQUEST, sampleFix } from './sample-fixes.ts';

const ROLES = { team: 'T1', operators: ['UANNA', 'UOPS'], approvers: ['UANNA', 'UBEN'] };
const BEN: Actor = { kind: 'person', team: 'T1', user: 'UBEN' };
const OPS: Actor = { kind: 'person', team: 'T1', user: 'UOPS' };
const GUEST: Actor = { kind: 'person', team: 'T1', user: 'UGUEST' };
const ALERT: Actor = { kind: 'alert', source: 'opsgenie' };
const PENDING = sampleFix({ status: 'pending', request: REQUEST });
const CY = { team: 'T1', user: 'UCY' };
const OK = { ok: true };

function click(more: Partial<Click> = {}): Click {
  return {
    fix: PENDING,
    digest: DIGEST,
    actor: BEN,
    requesters: [{ team: 'T1', user: 'UANNA' }],
    roles: ROLES,
    terms: { required: 1, selfApproval: false },
    blocked: null,
    now: new Date('2026-11-20T12:00:00Z'),
    ...more,
  };
}

const refused = (reason: string) => ({ ok: false, code: 'APPROVAL_REFUSED', reason });
const notAllowed = (reason: string) => ({ ok: false, code: 'NOT_ALLOWED', reason });

describe('asking for a fix', () => {
  it.each([
    [BEN, null, OK],
    [OPS, null, OK],
    [GUEST, null, notAllowed('only operators and approvers may ask for a fix')],
    [ALERT, null, notAllowed('only a person can ask for a fix')],
    [BEN, 'all fixes are frozen', refused('all fixes are frozen')],
  ])('by %j while the block is %j', (actor, blocked, expected) => {
    expect(mayRequest(ROLES, actor, blocked)).toEqual(expected);
  });
});

describe('a click on Approve', () => {
  const twice = sampleFix({ ...PENDING, approvals: approvedBy('UBEN') });
  const self = sampleFix({ ...PENDING, request: { ...REQUEST, selfApproval: true } });
  const freely = { required: 1, selfApproval: true };
  const asked = refused(
    'you requested it, ran the diagnosis or declared the incident: another person must approve',
  );

  it.each<[string, Partial<Click>, object]>([
    ['another approver', {}, OK],
    ['nobody in person', { actor: ALERT }, notAllowed('only a person can approve')],
    ['an operator', { actor: OPS }, notAllowed('only approvers may approve')],
    ['anybody while fixes are frozen', { blocked: 'frozen' }, refused('frozen')],
    [
      'the same approver again',
      { fix: twice },
      refused('you have approved it already; another person is needed'),
    ],
    ['who asked', { actor: ANNA }, asked],
    [
      'one of several who asked',
      { actor: ANNA, requesters: [CY, { team: 'T1', user: 'UANNA' }] },
      asked,
    ],
    ['who asked, when only the request allowed it', { actor: ANNA, fix: self }, asked],
    ['who asked, when only the configuration allows it', { actor: ANNA, terms: freely }, asked],
    ['who asked, when both allow it', { actor: ANNA, fix: self, terms: freely }, OK],
  ])('by %s', (_who, more, expected) => {
    expect(mayApprove(click(more))).toEqual(expected);
  });

  it('completes the number that the request and the configuration ask for', () => {
    expect(completes(click())).toBe(true);
    expect(completes(click({ terms: { required: 2, selfApproval: false } }))).toBe(false);
    expect(completes(click({ fix: inRollout(1, { approvals: approvedBy('UCY') }) }))).toBe(true);
    const { request: _, ...bare } = PENDING;
    expect(completes(click({ fix: bare }))).toBe(true);
  });
});

describe('a click on a button that is over', () => {
  it.each<[FixState['status'], string]>([
    ['reviewing', 'it is not planned yet'],
    ['unplanned', 'there is nothing to approve: no plan could be made'],
    ['planned', 'nobody has requested it yet'],
    ['approved', 'it is approved already'],
    ['running', 'it is running already'],
    ['finished', 'it has run already'],
    ['denied', 'it was denied'],
    ['expired', 'it has expired'],
    ['stopped', 'the rollout it belongs to was stopped'],
  ])('of a fix that is %s says so', (status, reason) => {
    const fix = sampleFix({ ...PENDING, status });
    expect(mayApprove(click({ fix }))).toEqual(refused(reason));
    expect(mayDeny(click({ fix }))).toEqual(refused(reason));
  });

  it('of another plan, or of none, decides nothing', () => {
    const other = refused('the button belongs to another plan than the one on record');
    expect(mayApprove(click({ digest: 'd2' }))).toEqual(other);
    const { digest: _, ...bare } = PENDING;
    expect(mayDeny(click({ fix: bare }))).toEqual(other);
  });

  it('is late from the moment of the expiry', () => {
    const before = new Date('2026-11-20T12:15:29.999Z');
    const then = new Date('2026-11-20T12:15:30.000Z');
    expect([isExpired(PENDING, before), isExpired(PENDING, then)]).toEqual([false, true]);
    expect(mayApprove(click({ now: then }))).toEqual(refused('it has expired'));
    expect(mayApprove(click({ now: before }))).toEqual(OK);
    expect(isExpired(sampleFix(), before)).toBe(true);
  });
});

describe('a click on Deny', () => {
  it.each([
    [ANNA, OK],
    [BEN, OK],
    [OPS, OK],
    [GUEST, notAllowed('only operators and approvers may deny')],
    [ALERT, notAllowed('only a person can deny')],
  ])('by %j', (actor, expected) => {
    expect(mayDeny(click({ actor, blocked: 'frozen' }))).toEqual(expected);
  });
});
