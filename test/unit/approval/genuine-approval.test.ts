import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FixState, FixStatus } from '../../../src/core/approval/fix-state.ts';
import { type Evidence, forged, whyNotRun } from '../../../src/core/approval/genuine-approval.ts';
import { requestText, tokenText } from '../../../src/core/approval/proposal.ts';
import type { Person } from '../../../src/core/person.ts';
import { DIGEST, REQUEST, sampleFix } from './sample-fixes.ts';

const STREAM = 'inc-1';
const MEMBERS = ['f1', 'f2'];
const ANNA: Person = { team: 'T1', user: 'UANNA' };
const BEN: Person = { team: 'T1', user: 'UBEN' };
const CY: Person = { team: 'T1', user: 'UCY' };

const sign = (text: string): string => createHmac('sha256', 'our key').update(text).digest('hex');

/** As Housecall writes it down: the request sealed, each approval signed with those before it. */
function signedFix(
  approvers: readonly Person[] = [BEN],
  terms = REQUEST,
  requesters: readonly Person[] = [ANNA],
): FixState {
  const asked = { stream: STREAM, fix: 'f1', digest: DIGEST, requesters };
  const approvals = approvers.map((person, n) => ({
    person,
    at: '2026-11-20T12:05:00.000Z',
    token: sign(
      tokenText({
        stream: STREAM,
        fix: 'f1',
        digest: DIGEST,
        approvers: approvers.slice(0, n + 1),
        expiresAt: terms.expiresAt,
      }),
    ),
  }));
  const last = approvals.at(-1)?.token;
  return sampleFix({
    status: 'approved',
    request: { ...terms, seal: sign(requestText({ ...asked, members: MEMBERS, terms })) },
    approvals,
    ...(last === undefined ? {} : { token: last }),
  });
}

function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    stream: STREAM,
    fix: signedFix(),
    requesters: [ANNA],
    members: MEMBERS,
    terms: { required: 1, selfApproval: false },
    digest: DIGEST,
    blocked: null,
    now: new Date('2026-11-20T12:15:29.999Z'),
    verify: (text, signature) => sign(text) === signature,
    ...more,
  };
}

/** The approved fix with something of it edited in the database. */
function edited(change: Partial<FixState>): { readonly fix: FixState } {
  return { fix: { ...signedFix(), ...change } };
}

function request(change: object): { readonly fix: FixState } {
  const fix = signedFix();
  return edited({ request: { ...REQUEST, ...fix.request, ...change } });
}

const UNSIGNED_REQUEST = 'the request on record was not signed by Housecall';
const UNSIGNED_APPROVAL = 'the approval on record was not signed by Housecall';
const CHANGED = 'the plan, the definition of the fix or the address of the host has changed';

const no = (reason: string, expired = false): object => ({ expired, reason });

describe('an approved fix', () => {
  it('may run until the last moment before it expires', () => {
    expect(whyNotRun(evidence())).toBeNull();
    expect(forged(evidence())).toBeNull();
  });

  it('may not run from the moment it expires, and that is nobody’s fault', () => {
    const now = new Date('2026-11-20T12:15:30.000Z');
    expect(whyNotRun(evidence({ now }))).toEqual(no('the approval has expired', true));
  });

  it.each<FixStatus>(['pending', 'running', 'finished', 'denied', 'expired', 'stopped'])(
    'may not run once it is %s',
    (status) => {
      expect(whyNotRun(evidence(edited({ status })))).toEqual(no(`it is ${status}`));
    },
  );

  it('may not run without its request, its token or its digest', () => {
    const { request: _, ...unasked } = signedFix();
    const { token: __, ...unsigned } = signedFix();
    const { digest: ___, ...unplanned } = signedFix();
    const incomplete = no('the record of its approval is not complete');
    for (const fix of [unasked, unsigned, unplanned]) {
      expect(whyNotRun(evidence({ fix }))).toEqual(incomplete);
    }
  });

  it('may not run while fixes are blocked', () => {
    const blocked = 'all fixes are frozen (inc-9)';
    expect(whyNotRun(evidence({ blocked }))).toEqual(no(blocked));
  });

  it('may not run when what it would do is another thing by now', () => {
    expect(whyNotRun(evidence({ digest: 'f'.repeat(64) }))).toEqual(no(CHANGED));
  });
});

describe('a record that was edited', () => {
  it.each<[string, Partial<Evidence>, string]>([
    ['asks for fewer people', request({ required: 0 }), UNSIGNED_REQUEST],
    ['allows self-approval', request({ selfApproval: true }), UNSIGNED_REQUEST],
    ['lasts longer', request({ expiresAt: '2027-01-01T00:00:00.000Z' }), UNSIGNED_REQUEST],
    ['accepts the loss', request({ lossAccepted: 'lose it' }), UNSIGNED_REQUEST],
    ['has no seal', request({ seal: undefined }), UNSIGNED_REQUEST],
    ['hides who asked', { requesters: [] }, UNSIGNED_REQUEST],
    ['names another who asked', { requesters: [CY] }, UNSIGNED_REQUEST],
    ['takes a host out of the rollout', { members: ['f1'] }, UNSIGNED_REQUEST],
    ['puts another host first', { members: ['f2', 'f1'] }, UNSIGNED_REQUEST],
    ['is of no rollout', { members: undefined }, UNSIGNED_REQUEST],
    ['was moved to another incident', { stream: 'inc-2' }, UNSIGNED_REQUEST],
    ['was moved to another fix', edited({ id: 'f2' }), UNSIGNED_REQUEST],
    ['has another digest', edited({ digest: 'f'.repeat(64) }), UNSIGNED_REQUEST],
    [
      'names another who approved',
      edited({ approvals: signedFix().approvals.map((one) => ({ ...one, person: CY })) }),
      UNSIGNED_APPROVAL,
    ],
    [
      'has an approval without a token',
      edited({ approvals: [{ person: BEN, at: '2026-11-20T12:05:00.000Z' }] }),
      UNSIGNED_APPROVAL,
    ],
    [
      'has one more approval with the token of the first',
      edited({
        approvals: [BEN, CY].flatMap((person) =>
          signedFix().approvals.map((one) => ({ ...one, person })),
        ),
      }),
      UNSIGNED_APPROVAL,
    ],
    [
      'leaves out who approved first',
      { fix: { ...signedFix([BEN, CY]), approvals: signedFix([BEN, CY]).approvals.slice(1) } },
      UNSIGNED_APPROVAL,
    ],
  ])('so that it %s does not run', (_how, more, reason) => {
    expect(forged(evidence(more))).toBe(reason);
    expect(whyNotRun(evidence(more))).toEqual(no(reason));
  });

  it('is not trusted where the key is another one', () => {
    const verify = () => false;
    expect(whyNotRun(evidence({ verify }))).toEqual(no(UNSIGNED_REQUEST));
  });

  it('is told as forged before it is told as expired', () => {
    const now = new Date('2027-01-01T00:00:00.000Z');
    const hidden = evidence({ requesters: [], now });
    expect(whyNotRun(hidden)).toEqual(no(UNSIGNED_REQUEST));
  });

  it('has nothing to be forged before anybody asked', () => {
    expect(forged(evidence({ fix: sampleFix() }))).toBeNull();
    const approvals = signedFix().approvals;
    expect(forged(evidence({ fix: sampleFix({ approvals }) }))).toBe(UNSIGNED_APPROVAL);
  });
});

describe('who approved', () => {
  const two = { ...REQUEST, required: 2 };
  const strict = { required: 2, selfApproval: false };
  const freely = { required: 1, selfApproval: true };
  const selfAsked = { ...REQUEST, selfApproval: true };
  const tooFew = no('2 different people must approve');
  const self = no('somebody who asked for it has approved it');

  it.each<[string, Partial<Evidence>, object | null]>([
    ['is enough: two of two', { fix: signedFix([BEN, CY], two) }, null],
    ['is too few: one of two', { fix: signedFix([BEN], two) }, tooFew],
    ['is too few since the configuration is stricter', { terms: strict }, tooFew],
    ['is enough for it', { fix: signedFix([BEN, CY]), terms: strict }, null],
    [
      'is one person, though in two teams',
      { fix: signedFix([BEN, { team: 'T2', user: 'UBEN' }], two) },
      tooFew,
    ],
    ['must not have asked', { fix: signedFix([ANNA]) }, self],
    ['must not have asked, even as one of two', { fix: signedFix([BEN, ANNA]) }, self],
    [
      'must not be one of several who asked',
      { fix: signedFix([ANNA], REQUEST, [ANNA, CY]), requesters: [ANNA, CY] },
      self,
    ],
    ['must not have asked, in no team', { fix: signedFix([{ team: 'T2', user: 'UANNA' }]) }, self],
    [
      'may have asked where both allow it',
      { fix: signedFix([ANNA], selfAsked), terms: freely },
      null,
    ],
    ['must not where only the request allows it', { fix: signedFix([ANNA], selfAsked) }, self],
    ['must not where only the configuration does', { fix: signedFix([ANNA]), terms: freely }, self],
  ])('%s', (_what, more, expected) => {
    expect(whyNotRun(evidence(more))).toEqual(expected);
  });
});
