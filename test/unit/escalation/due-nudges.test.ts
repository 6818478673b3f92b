import { describe, expect, it } from 'vitest';
import { dueNudges } from '../../../src/core/escalation/due-nudges.ts';
import type { EscalationPolicy } from '../../../src/core/escalation/policy.ts';
import type { CaseState } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { ADA, ALERT, at, caseAt } from '../../support/case-at.ts';
import { MINUTE, POLICY } from '../../support/escalation-policy.ts';

function due(
  state: CaseState,
  minutes: number,
  more: { policy?: Partial<EscalationPolicy>; heard?: number } = {},
): readonly string[] {
  const { policy = {}, heard } = more;
  const heardAt = heard === undefined ? null : at(heard).toISOString();
  return dueNudges(state, { ...POLICY, ...policy }, { now: at(minutes), heardAt }).map(
    ({ nudge }) => nudge,
  );
}

const ack: CaseEvent = { type: 'incident.acknowledged', via: 'slack' };
const resolved: CaseEvent = { type: 'incident.resolved', reason: '', via: 'slack' };
const reminded = (about: 'acknowledged' | 'update' | 'idle'): CaseEvent => ({
  type: 'reminder.sent',
  about,
});
const DAY = 24 * 60;

describe('whoever acknowledged', () => {
  it('and was silent since is reminded once, and loses it half as long after', () => {
    const acked = caseAt([[1, ack, ADA]]);
    expect(due(acked, 60)).toEqual([]);
    expect(due(acked, 61)).toEqual(['remind-acknowledged']);
    const asked = caseAt([
      [1, ack, ADA],
      [61, reminded('acknowledged')],
    ]);
    expect(due(asked, 90)).toEqual([]);
    expect(due(asked, 91)).toEqual(['unacknowledge']);
  });

  it('and did something, or said a word in the room, is left alone for as long again', () => {
    const busy = caseAt([
      [1, ack, ADA],
      [50, { type: 'hosts.changed', hosts: ['host-18'] }, ADA],
    ]);
    expect(due(busy, 109)).toEqual([]);
    expect(due(busy, 110)).toEqual(['remind-acknowledged']);
    const acked = caseAt([[1, ack, ADA]]);
    expect(due(acked, 109, { heard: 50 })).toEqual([]);
    expect(due(acked, 110, { heard: 50 })).toEqual(['remind-acknowledged']);
  });

  it('and answered the reminder keeps it, and is asked again later', () => {
    const asked = caseAt([
      [1, ack, ADA],
      [61, reminded('acknowledged')],
    ]);
    expect(due(asked, 91, { heard: 70 })).toEqual([]);
    expect(due(asked, 130, { heard: 70 })).toEqual(['remind-acknowledged']);
  });

  it('is not asked when it is resolved, in quiet hours, or never if so configured', () => {
    const over = caseAt([
      [1, ack, ADA],
      [2, resolved, ADA],
    ]);
    expect(due(over, 500)).toEqual([]);
    const acked = caseAt([[1, ack, ADA]]);
    const quietHours = { from: '13:00', to: '14:00', timeZone: 'UTC' };
    expect(due(acked, 61, { policy: { quietHours } })).toEqual([]);
    expect(due(acked, 121, { policy: { quietHours } })).toEqual(['remind-acknowledged']);
    expect(due(acked, 500, { policy: { acknowledgedMs: 0 } })).toEqual([]);
  });
});

describe('the next stakeholder update', () => {
  const update = (nextMinutes?: number): CaseEvent => ({
    type: 'update.posted',
    text: 'we look',
    ...(nextMinutes === undefined ? {} : { nextAt: at(nextMinutes).toISOString() }),
  });

  it('is reminded of when the promised time comes, once per promise', () => {
    const promised = caseAt([
      [1, ack, ADA],
      [2, update(32), ADA],
    ]);
    expect(due(promised, 31)).toEqual([]);
    expect(due(promised, 32)).toEqual(['remind-update']);
    const asked = caseAt([
      [1, ack, ADA],
      [2, update(32), ADA],
      [32, reminded('update')],
    ]);
    expect(due(asked, 50)).toEqual([]);
    const again = caseAt([
      [1, ack, ADA],
      [2, update(32), ADA],
      [32, reminded('update')],
      [40, update(50), ADA],
    ]);
    expect(due(again, 49)).toEqual([]);
    expect(due(again, 50)).toEqual(['remind-update']);
  });

  it('is reminded of after a time when none was promised, if that is wanted', () => {
    const acked = caseAt([[1, ack, ADA]]);
    const policy = { updateMs: 30 * MINUTE };
    expect(due(acked, 29, { policy })).toEqual([]);
    expect(due(acked, 30, { policy })).toEqual(['remind-update']);
    const told = caseAt([
      [1, ack, ADA],
      [20, update(), ADA],
    ]);
    expect(due(told, 49, { policy })).toEqual([]);
    expect(due(told, 50, { policy })).toEqual(['remind-update']);
    expect(due(told, 50)).toEqual([]);
  });

  it('is not asked for when it is resolved', () => {
    const over = caseAt([
      [1, ack, ADA],
      [2, update(32), ADA],
      [3, resolved, ADA],
    ]);
    expect(due(over, 40)).toEqual([]);
  });
});

describe('an incident where nothing happens', () => {
  it('is asked about after the time; unresolved it is asked about again, never closed', () => {
    const quiet = caseAt([]);
    const without = { policy: { steps: [] } };
    expect(due(quiet, DAY - 1, without)).toEqual([]);
    expect(due(quiet, DAY, without)).toEqual(['ask-idle']);
    const asked = caseAt([[DAY, reminded('idle')]]);
    expect(due(asked, 2 * DAY - 1, without)).toEqual([]);
    expect(due(asked, 2 * DAY, without)).toEqual(['ask-idle']);
  });

  it('and which is resolved is closed when nobody answers', () => {
    const asked = caseAt([
      [0, resolved, ADA],
      [DAY, reminded('idle')],
    ]);
    expect(due(asked, 2 * DAY - 1)).toEqual([]);
    expect(due(asked, 2 * DAY)).toEqual(['close']);
  });

  it('is kept for as long again when somebody says so, or says anything', () => {
    const kept = caseAt([
      [0, resolved, ADA],
      [DAY, reminded('idle')],
      [DAY + 5, { type: 'incident.kept' }, ADA],
    ]);
    expect(due(kept, 2 * DAY)).toEqual([]);
    expect(due(kept, 2 * DAY + 5)).toEqual(['ask-idle']);
    const asked = caseAt([
      [0, resolved, ADA],
      [DAY, reminded('idle')],
    ]);
    expect(due(asked, 2 * DAY, { heard: DAY + 5 })).toEqual([]);
  });

  it('and could not be closed is asked about again rather than tried for ever', () => {
    const failed = caseAt([
      [0, resolved, ADA],
      [DAY, reminded('idle')],
      [2 * DAY, { type: 'incident.closing' }],
      [2 * DAY, { type: 'archive.failed', reason: 'the disk is full' }],
    ]);
    expect(due(failed, 2 * DAY + 1)).toEqual(['ask-idle']);
  });

  it('is left alone while it is being closed, and when it is closed', () => {
    const closing = caseAt([
      [0, resolved, ADA],
      [1, { type: 'incident.closing' }, ADA],
    ]);
    expect(due(closing, 9 * DAY)).toEqual([]);
    const closed = caseAt([
      [0, resolved, ADA],
      [1, { type: 'incident.closed' }],
    ]);
    expect(due(closed, 9 * DAY)).toEqual([]);
  });

  it('is never asked about if so configured', () => {
    expect(
      due(caseAt([[1, ack, ALERT]]), 9 * DAY, { policy: { idleMs: 0, acknowledgedMs: 0 } }),
    ).toEqual([]);
  });
});
