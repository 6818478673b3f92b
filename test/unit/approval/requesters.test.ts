import { describe, expect, it } from 'vitest';
import { blockedReason } from '../../../src/core/approval/blocked-reason.ts';
import { requestersOf } from '../../../src/core/approval/requesters.ts';
import { hasRole, type Roles } from '../../../src/core/approval/roles.ts';
import { membersOf, rolloutOf } from '../../../src/core/approval/rollout.ts';
import { type CaseState, emptyCase } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import type { Actor } from '../../../src/core/person.ts';
import { ALERT, caseAt, HOUSECALL } from '../../support/case-at.ts';
import { inRollout, REQUEST, sampleFix } from './sample-fixes.ts';

function person(user: string, team = 'T1'): Actor {
  return { kind: 'person', team, user };
}

const STARTED: CaseEvent = {
  type: 'run.started',
  run: 'r1',
  diagnostic: 'disk',
  params: {},
  hosts: ['web-1'],
  lane: 'person',
  reason: 'command',
};

/** A case in which this one ran the diagnosis. */
function ranBy(actor: Actor): CaseState {
  return caseAt([[1, STARTED, actor]]);
}

function declaredBy(actor: Actor, state: CaseState): CaseState {
  if (state.incident === null) throw new Error('no incident');
  return { ...state, incident: { ...state.incident, openedBy: actor } };
}

const users = (state: CaseState, fix = sampleFix()): readonly string[] =>
  requestersOf(state, fix).map(({ team, user }) => `${team}/${user}`);

describe('who counts as having asked for a fix', () => {
  const asked = sampleFix({
    request: { ...REQUEST, by: person('UASKED') },
    reviewedBy: person('UREVIEWED'),
  });

  it('is who requested it, who reviewed it, who ran the diagnosis and who declared the incident', () => {
    const state = declaredBy(person('UDECLARED'), ranBy(person('URAN')));
    expect(users(state, asked)).toEqual(['T1/UASKED', 'T1/UREVIEWED', 'T1/URAN', 'T1/UDECLARED']);
  });

  it('is each person once', () => {
    const state = declaredBy(person('UREVIEWED'), ranBy(person('UASKED')));
    expect(users(state, asked)).toEqual(['T1/UASKED', 'T1/UREVIEWED']);
  });

  it('is two people when one id is of two teams', () => {
    expect(users(ranBy(person('UASKED', 'T2')), asked)).toEqual([
      'T1/UASKED',
      'T1/UREVIEWED',
      'T2/UASKED',
    ]);
  });

  it('is no alert and not Housecall', () => {
    const fix = sampleFix({ request: { ...REQUEST, by: ALERT }, reviewedBy: HOUSECALL });
    expect(users(declaredBy(ALERT, ranBy(HOUSECALL)), fix)).toEqual([]);
  });

  it('is who reviewed it, when there is nothing else on record', () => {
    expect(users(emptyCase('run-1'))).toEqual(['T1/UANNA']);
  });

  it('is nobody by a run that led to another fix', () => {
    expect(users(ranBy(person('URAN')), sampleFix({ run: 'r2' }))).toEqual(['T1/UANNA']);
  });
});

describe('a role', () => {
  const roles: Roles = { team: 'T1', operators: ['UOPS'], approvers: ['UBEN'] };

  it.each<[string, Actor, boolean, boolean]>([
    ['an operator', person('UOPS'), true, false],
    ['an approver', person('UBEN'), false, true],
    ['anybody else', person('UGUEST'), false, false],
    ['the same id in another team', person('UOPS', 'T2'), false, false],
    ['an alert', ALERT, false, false],
    ['Housecall', HOUSECALL, false, false],
  ])('of %s', (_who, actor, operator, approver) => {
    expect(hasRole(roles, actor, 'operator')).toBe(operator);
    expect(hasRole(roles, actor, 'approver')).toBe(approver);
  });

  it('is nobody’s while the team is not known', () => {
    const unknown = { ...roles, team: '' };
    expect(hasRole(unknown, person('UOPS'), 'operator')).toBe(false);
    expect(hasRole(unknown, person('UBEN', ''), 'approver')).toBe(false);
  });
});

describe('the fixes of a rollout', () => {
  const state: CaseState = {
    ...emptyCase('run-1'),
    fixes: new Map(
      [
        inRollout(2),
        sampleFix({ id: 'alone' }),
        inRollout(0),
        sampleFix({ id: 'unasked', rollout: { id: 'ro1', place: 1 } }),
        inRollout(7, { rollout: { id: 'ro2', place: 0 } }),
      ].map((fix) => [fix.id, fix]),
    ),
  };

  it('are found by its id, in their order', () => {
    expect(rolloutOf(state, 'ro1').map(({ id }) => id)).toEqual(['f0', 'unasked', 'f2']);
    expect(rolloutOf(state, 'ro3')).toEqual([]);
  });

  it('have the order of their places, in whatever order they were recorded', () => {
    for (const order of [
      [3, 1, 2, 0],
      [0, 3, 2, 1],
      [2, 0, 1, 3],
      [1, 0, 3, 2],
    ]) {
      const fixes = new Map(order.map((place) => [`f${place}`, inRollout(place)]));
      const found = rolloutOf({ ...state, fixes }, 'ro1');
      expect(found.map(({ id }) => id)).toEqual(['f0', 'f1', 'f2', 'f3']);
    }
  });

  it('are signed as they were asked for together, in their order', () => {
    expect(membersOf(state, inRollout(2))).toEqual(['f0', 'f2']);
  });

  it('are none for a fix that is on its own', () => {
    expect(membersOf(state, sampleFix({ id: 'alone' }))).toBeUndefined();
  });
});

describe('nothing may be asked for, approved or run', () => {
  const closed: CaseEvent = { type: 'incident.closed' };

  it.each<[string, CaseState, string | null, string | null]>([
    ['while all fixes are frozen', emptyCase('run-1'), 'inc-9', 'all fixes are frozen (inc-9)'],
    ['once it is closed', caseAt([[1, closed]]), null, 'incident 20261120-1 is closed'],
    ['frozen before closed', caseAt([[1, closed]]), 'inc-9', 'all fixes are frozen (inc-9)'],
    ['unless it is open', caseAt([]), null, null],
    ['unless it is outside an incident', emptyCase('run-1'), null, null],
  ])('%s', (_when, state, frozenBy, reason) => {
    expect(blockedReason(state, frozenBy)).toBe(reason);
  });

  it('while the incident is being closed', () => {
    const { incident, ...rest } = caseAt([]);
    if (incident === null) throw new Error('no incident');
    const state = { ...rest, incident: { ...incident, closing: true } };
    expect(blockedReason(state, null)).toBe('incident 20261120-1 is being closed');
  });
});
