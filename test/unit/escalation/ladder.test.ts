import { describe, expect, it } from 'vitest';
import { dueOnLadder } from '../../../src/core/escalation/ladder.ts';
import type { EscalationPolicy } from '../../../src/core/escalation/policy.ts';
import type { CaseState } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { ADA, ALERT, at, caseAt, page } from '../../support/case-at.ts';
import { POLICY } from '../../support/escalation-policy.ts';

function due(state: CaseState, minutes: number, policy: EscalationPolicy = POLICY) {
  if (state.incident === null) throw new Error('no incident');
  return dueOnLadder(state.incident, policy, { now: at(minutes) });
}

const SECOND = 1 / 60;
const ack: CaseEvent = { type: 'incident.acknowledged', via: 'slack' };

describe('the ladder', () => {
  it('pages the first step when nobody acknowledged in time, not a second before', () => {
    const state = caseAt([]);
    expect(due(state, 5 - SECOND)).toBeNull();
    expect(due(state, 5)).toEqual({
      nudge: 'page',
      reason: 'ladder',
      step: 0,
      round: 0,
      people: ['UADA'],
    });
  });

  it('pages each next step so long after the one before was paged, then all of them again', () => {
    const told: [number, CaseEvent][] = [];
    const seen: (string | null)[] = [];
    for (let minutes = 0; minutes <= 60; minutes += 1) {
      const nudge = due(caseAt(told), minutes);
      if (nudge === null) continue;
      seen.push(
        `${minutes} ${nudge.nudge === 'page' ? `${nudge.round}.${nudge.step}` : nudge.nudge}`,
      );
      if (nudge.nudge === 'exhausted') told.push([minutes, { type: 'page.exhausted' }]);
      if (nudge.nudge === 'page') told.push([minutes, page(nudge.step, nudge.round)]);
    }
    expect(seen).toEqual(['5 0.0', '15 0.1', '20 1.0', '30 1.1', '35 exhausted']);
  });

  it('goes on from the last page after an outage: no step is left out, no two come at once', () => {
    const state = caseAt([[5, page(0, 0)]]);
    expect(due(state, 600)).toMatchObject({ step: 1, round: 0 });
    const later = caseAt([
      [5, page(0, 0)],
      [600, page(1, 0)],
    ]);
    expect(due(later, 604)).toBeNull();
    expect(due(later, 605)).toMatchObject({ step: 0, round: 1 });
  });

  it('pages nobody while somebody is on it, or when it is over', () => {
    const over: [string, [number, CaseEvent][]][] = [
      ['acknowledged', [[1, ack]]],
      ['resolved', [[1, { type: 'incident.resolved', reason: '', via: 'alert' }]]],
      ['merged', [[1, { type: 'incident.merged', into: '20261120-2' }]]],
      ['closed', [[1, { type: 'incident.closed' }]]],
    ];
    for (const [name, told] of over) expect([name, due(caseAt(told), 99)]).toEqual([name, null]);
  });

  it('pages for an incident in triage like for any other', () => {
    expect(due(caseAt([], { state: 'triage', severity: 'SEV3' }), 5)).toMatchObject({ step: 0 });
  });

  it('pages on for an incident that is mitigated: only an acknowledgement stops it', () => {
    const state = caseAt([[1, { type: 'incident.mitigated', reason: '' }, ADA]]);
    expect(due(state, 5)).toMatchObject({ step: 0 });
  });

  it('begins anew when somebody gives it back', () => {
    const state = caseAt([
      [5, page(0, 0)],
      [6, ack, ADA],
      [20, { type: 'incident.unacknowledged', via: 'alert' }, ALERT],
    ]);
    expect(due(state, 24)).toBeNull();
    expect(due(state, 25)).toMatchObject({ step: 0, round: 0 });
  });

  it('begins anew when it is reopened; an acknowledgement of long ago does not count', () => {
    const resolved: CaseEvent = { type: 'incident.resolved', reason: '', via: 'alert' };
    const reopened: CaseEvent = { type: 'incident.reopened', reason: 'fires again' };
    const soon = caseAt([
      [1, ack, ADA],
      [10, resolved, ALERT],
      [30, reopened, ALERT],
    ]);
    expect(due(soon, 99)).toBeNull();
    const late = caseAt([
      [1, ack, ADA],
      [10, resolved, ALERT],
      [100, reopened, ALERT],
    ]);
    expect(late.incident?.acknowledged).toBeNull();
    expect(due(late, 104)).toBeNull();
    expect(due(late, 105)).toMatchObject({ step: 0, round: 0 });
  });

  it('is not moved by a page that somebody asked for', () => {
    const state = caseAt([[4, page(null, 0, 'command'), ADA]]);
    expect(due(state, 5)).toMatchObject({ reason: 'ladder', step: 0 });
  });

  it('waits a moment for the room, so that a page can link to it, and no longer', () => {
    const state = caseAt([], { severity: 'SEV1' });
    const roomless: CaseState =
      state.incident === null ? state : { ...state, incident: { ...state.incident, room: null } };
    expect(due(roomless, 10 * SECOND)).toBeNull();
    expect(due(roomless, 15 * SECOND)).toMatchObject({ reason: 'immediate' });
  });

  it('without steps pages nobody', () => {
    expect(due(caseAt([], { severity: 'SEV1' }), 99, { ...POLICY, steps: [] })).toBeNull();
  });
});

describe('a severity that pages everybody', () => {
  const NIGHT = { from: '00:00', to: '23:59', timeZone: 'UTC' };

  it('calls all steps at once when it is opened, and again until somebody answers', () => {
    const opened = { severity: 'SEV1' } as const;
    const everybody = { reason: 'immediate', step: null, people: ['UADA', 'SONCALL'] };
    expect(due(caseAt([], opened), 0)).toMatchObject({ ...everybody, round: 0 });
    const once = caseAt([[0, page(null, 0)]], opened);
    expect(due(once, 5 - SECOND)).toBeNull();
    expect(due(once, 5)).toMatchObject({ ...everybody, round: 1 });
    const twice = caseAt(
      [
        [0, page(null, 0)],
        [5, page(null, 1)],
      ],
      opened,
    );
    expect(due(twice, 10)).toEqual({ nudge: 'exhausted' });
    const told = caseAt(
      [
        [0, page(null, 0)],
        [5, page(null, 1)],
        [10, { type: 'page.exhausted' }],
      ],
      opened,
    );
    expect(due(told, 999)).toBeNull();
  });

  it('calls once all the same when the clock went back, or another machine’s is behind', () => {
    const raised: CaseEvent = { type: 'severity.changed', severity: 'SEV1' };
    const state = caseAt([
      [6, raised, ADA],
      [1, page(null, 0)],
    ]);
    expect(due(state, 1)).toBeNull();
    expect(due(state, 6)).toBeNull();
    expect(due(state, 11)).toMatchObject({ reason: 'immediate', round: 1 });
  });

  it('does so in quiet hours too', () => {
    const state = caseAt([], { severity: 'SEV1' });
    expect(due(state, 0, { ...POLICY, quietHours: NIGHT })).toMatchObject({ reason: 'immediate' });
  });

  it('calls everybody when it is raised to it, whoever was paged before, even after the last round', () => {
    const raised: CaseEvent = { type: 'severity.changed', severity: 'SEV1' };
    expect(
      due(
        caseAt([
          [5, page(0, 0)],
          [6, raised, ADA],
        ]),
        6,
      ),
    ).toMatchObject({
      reason: 'immediate',
      round: 0,
    });
    const exhausted = caseAt([
      [40, { type: 'page.exhausted' }],
      [50, raised, ADA],
    ]);
    expect(due(exhausted, 50)).toMatchObject({ reason: 'immediate' });
  });

  it('calls nobody again for being lowered; the ladder goes on after the last call', () => {
    const lowered: CaseEvent = { type: 'severity.changed', severity: 'SEV2' };
    const both = { ...POLICY, immediate: ['SEV1', 'SEV2'] } as const;
    const state = caseAt(
      [
        [0, page(null, 0)],
        [1, lowered, ADA],
      ],
      { severity: 'SEV1' },
    );
    expect(due(state, 2, both)).toBeNull();
    expect(due(state, 4)).toBeNull();
    expect(due(state, 5)).toMatchObject({ reason: 'ladder', step: 0 });
  });
});

describe('in quiet hours', () => {
  // The story begins at noon.
  const quietHours = { from: '12:00', to: '13:00', timeZone: 'UTC' };
  const policy = { ...POLICY, quietHours };

  it('a page waits for their end; the room is told once', () => {
    expect(due(caseAt([]), 4, policy)).toBeNull();
    expect(due(caseAt([]), 5, policy)).toEqual({ nudge: 'quiet', hours: quietHours });
    const told = caseAt([[5, { type: 'reminder.sent', about: 'quiet' }]]);
    expect(due(told, 59, policy)).toBeNull();
    expect(due(told, 60, policy)).toMatchObject({ nudge: 'page', step: 0 });
  });

  it('the steps after one that was paged before wait as well', () => {
    const late = { ...POLICY, quietHours: { ...quietHours, from: '12:10' } };
    const state = caseAt([[5, page(0, 0)]]);
    expect(due(state, 15, late)).toMatchObject({ nudge: 'quiet' });
    expect(due(state, 60, late)).toMatchObject({ nudge: 'page', step: 1 });
  });

  it('those of the route count instead of the general ones', () => {
    const route = '{"alertname":"NodeLowRootDisk"}';
    const own = {
      ...POLICY,
      quietHours: { from: '00:00', to: '01:00', timeZone: 'UTC' },
      routeQuietHours: new Map([[route, quietHours]]),
    };
    expect(due(caseAt([], { route }), 5, own)).toMatchObject({ nudge: 'quiet' });
    expect(due(caseAt([]), 5, own)).toMatchObject({ nudge: 'page' });
  });
});
