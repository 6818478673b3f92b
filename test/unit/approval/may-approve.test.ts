import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FixState, FixStatus } from '../../../src/core/approval/fix-state.ts';
import {
  type Click,
  completes,
  mayApprove,
  mayDeny,
} from '../../../src/core/approval/may-approve.ts';
import { approvalTerms } from '../../../src/core/approval/policy.ts';
import type { Actor, Person } from '../../../src/core/person.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const STATUSES: readonly FixStatus[] = [
  'reviewing',
  'unplanned',
  'planned',
  'pending',
  'approved',
  'running',
  'finished',
  'denied',
  'expired',
];

const person = fc.record({
  team: fc.constantFrom('T1', 'T2'),
  user: fc.constantFrom('U1', 'U2', 'U3', 'U4'),
});
const actor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 8, arbitrary: person.map((p): Actor => ({ kind: 'person', ...p })) },
  fc.constant<Actor>({ kind: 'alert', source: 'opsgenie' }),
  fc.constant<Actor>({ kind: 'housecall' }),
);
const users = fc.subarray(['U1', 'U2', 'U3', 'U4']);
const terms = fc.record({ required: fc.integer({ min: 1, max: 3 }), selfApproval: fc.boolean() });

const click: fc.Arbitrary<Click> = fc
  .record({
    status: fc.oneof(
      { weight: 3, arbitrary: fc.constant<FixStatus>('pending') },
      fc.constantFrom(...STATUSES),
    ),
    digest: fc.constantFrom('d1', 'd1', 'd1', 'd2'),
    actor,
    requesters: fc.array(person, { maxLength: 3 }),
    operators: users,
    approvers: users,
    team: fc.constantFrom('T1', 'T1', 'T1', 'T2', ''),
    approved: fc.array(person, { maxLength: 2 }),
    expiresAt: fc.constantFrom(
      '2026-11-20T12:00:00.001Z',
      '2026-11-20T13:00:00Z',
      '2026-11-20T12:00:00Z',
      '2026-11-20T11:59:00Z',
      'never',
    ),
    promised: terms,
    now: terms,
    blocked: fc.constantFrom(null, null, null, 'all fixes are frozen'),
  })
  .map((of) => ({
    fix: fixOf(of.status, {
      request: { ...of.promised, expiresAt: of.expiresAt },
      approved: of.approved,
    }),
    digest: of.digest,
    actor: of.actor,
    requesters: of.requesters,
    roles: { team: of.team, operators: of.operators, approvers: of.approvers },
    terms: of.now,
    blocked: of.blocked,
    now: NOW,
  }));

function fixOf(
  status: FixStatus,
  of: {
    request: { required: number; selfApproval: boolean; expiresAt: string };
    approved: readonly Person[];
  },
): FixState {
  const by: Actor = { kind: 'person', team: 'T1', user: 'U9' };
  return {
    id: 'f1',
    status,
    offer: { fix: 'sample', params: {} },
    host: 'host-17',
    run: 'r1',
    finding: 'disk.deleted-open-file',
    reviewedBy: by,
    reviewedAt: NOW.toISOString(),
    digest: 'd1',
    request: { by, at: NOW.toISOString(), approvers: [], ...of.request },
    approvals: of.approved.map((p) => ({ person: p, at: NOW.toISOString() })),
    refusals: [],
  };
}

/** The rules once more, as slowly and plainly as they can be written: a list of everything that forbids. */
function forbidden(c: Click): string[] {
  const no: string[] = [];
  const who = c.actor;
  if (who.kind !== 'person') return ['nobody'];
  if (c.roles.team === '') no.push('no team');
  if (who.team !== c.roles.team) no.push('other team');
  if (!c.roles.approvers.some((id) => id === who.user)) no.push('role');
  if (c.fix.status !== 'pending') no.push('status');
  if (c.digest !== 'd1') no.push('digest');
  const expires = Date.parse(c.fix.request?.expiresAt ?? '');
  if (Number.isNaN(expires) || expires <= NOW.getTime()) no.push('expired');
  if (c.blocked !== null) no.push('blocked');
  for (const a of c.fix.approvals) if (a.person.user === who.user) no.push('twice');
  if (c.terms.required > (c.fix.request?.required ?? 0)) no.push('more people by now');
  const self = c.fix.request?.selfApproval === true && c.terms.selfApproval;
  for (const r of c.requesters) if (r.user === who.user && !self) no.push('self');
  return no;
}

describe('approving', () => {
  it('is allowed exactly when nothing forbids it', () => {
    let allowed = 0;
    fc.assert(
      fc.property(click, (c) => {
        const answer = mayApprove(c);
        if (answer.ok) allowed++;
        expect(answer.ok).toBe(forbidden(c).length === 0);
      }),
      { numRuns: 20_000, seed: 7 },
    );
    // A model that refuses everything would agree with a rule that does.
    expect(allowed).toBeGreaterThan(200);
  });

  it('always gives a reason in words when it is refused', () => {
    fc.assert(
      fc.property(click, (c) => {
        const answer = mayApprove(c);
        expect(answer.ok ? 'it is allowed' : answer.reason).toMatch(/^[a-z].{5,}[^.]$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('is complete only with as many people as both the request and the configuration ask for', () => {
    fc.assert(
      fc.property(click, (c) => {
        const needed = Math.max(c.fix.request?.required ?? 1, c.terms.required);
        expect(completes(c)).toBe(c.fix.approvals.length + 1 >= needed);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('denying', () => {
  it('is open to operators and approvers of the team, the requester too, while it is pending', () => {
    fc.assert(
      fc.property(click, (c) => {
        const { roles, actor: who } = c;
        const role =
          who.kind === 'person' &&
          roles.team !== '' &&
          who.team === roles.team &&
          [...roles.operators, ...roles.approvers].includes(who.user);
        const open = forbidden({ ...c, actor: { kind: 'person', team: '?', user: '?' } }).every(
          (reason) => !['status', 'digest', 'expired'].includes(reason),
        );
        expect(mayDeny(c).ok).toBe(role && open);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the terms of an approval', () => {
  const general = { required: 2, expiresMinutes: 15, selfApproval: false };

  it.each([
    ['the general ones when no rule matches', [{ fix: 'other', required: 5 }], 2, false],
    ['those of a rule for this fix', [{ fix: 'sample', required: 1, selfApproval: true }], 1, true],
    [
      'not those of a rule for other groups',
      [{ fix: 'sample', groups: ['db'], required: 4 }],
      2,
      false,
    ],
    ['those of a rule for one of its groups', [{ groups: ['db', 'prod'], required: 3 }], 3, false],
    [
      'the strictest of several rules',
      [
        { fix: 'sample', required: 1, selfApproval: true },
        { groups: ['prod'], required: 3, selfApproval: false },
      ],
      3,
      false,
    ],
    ['never nobody', [{ fix: 'sample', required: 0 }], 1, false],
    ['the general number when a rule gives none', [{ fix: 'sample', selfApproval: true }], 2, true],
  ] as const)('are %s', (_what, rules, required, selfApproval) => {
    const target = { fix: 'sample', groups: ['docker', 'prod'] };
    const found = approvalTerms({ ...general, rules }, target);
    expect(found).toEqual({ required, selfApproval, expiresMinutes: 15 });
  });
});
