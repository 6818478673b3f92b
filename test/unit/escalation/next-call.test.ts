import { describe, expect, it } from 'vitest';
import { dueOnLadder, nextCall } from '../../../src/core/escalation/ladder.ts';
import type { EscalationPolicy } from '../../../src/core/escalation/policy.ts';
import type { CaseState, Incident } from '../../../src/core/incident/case.ts';
import type { CaseEvent, Severity } from '../../../src/core/incident/event.ts';
import { at, caseAt, HOUSECALL } from '../../support/case-at.ts';
import { POLICY } from '../../support/escalation-policy.ts';

function incidentOf({ incident }: CaseState): Incident {
  if (incident === null) throw new Error('no incident');
  return incident;
}

/** What really happens, minute by minute, with what was said after each page to come next. */
function play(severity: Severity, policy: EscalationPolicy) {
  const told: [number, CaseEvent, typeof HOUSECALL][] = [];
  const paged: { at: string; people: readonly string[] }[] = [];
  const announced: (ReturnType<typeof nextCall> | undefined)[] = [];
  for (let minute = 0; minute <= 90; minute += 1) {
    const opened = { severity };
    const nudge = dueOnLadder(incidentOf(caseAt(told, opened)), policy, { now: at(minute) });
    if (nudge?.nudge === 'exhausted') told.push([minute, { type: 'page.exhausted' }, HOUSECALL]);
    if (nudge?.nudge !== 'page') continue;
    const { reason, step, round, people } = nudge;
    told.push([
      minute,
      { type: 'page.sent', page: `p${minute}`, reason, step, round, people },
      HOUSECALL,
    ]);
    paged.push({ at: at(minute).toISOString(), people });
    announced.push(nextCall(incidentOf(caseAt(told, opened)), policy));
  }
  return { paged, announced };
}

describe('who is called next', () => {
  it.each(['SEV1', 'SEV2'] as const)('is who then is called, and when: %s', (severity) => {
    const { paged, announced } = play(severity, POLICY);
    expect(paged.length).toBeGreaterThan(1);
    expect(announced).toEqual([...paged.slice(1), null]);
  });

  it('is nobody when somebody is on it, when there are no steps, and before the first call', () => {
    const ack: CaseEvent = { type: 'incident.acknowledged', via: 'slack' };
    const page: CaseEvent = {
      type: 'page.sent',
      page: 'p',
      reason: 'ladder',
      step: 0,
      round: 0,
      people: ['UADA'],
    };
    expect(nextCall(incidentOf(caseAt([])), POLICY)).toBeNull();
    const answered = caseAt([
      [5, page, HOUSECALL],
      [6, ack],
    ]);
    expect(nextCall(incidentOf(answered), POLICY)).toBeNull();
    const waiting = incidentOf(caseAt([[5, page, HOUSECALL]]));
    expect(nextCall(waiting, POLICY)).toEqual({ people: ['SONCALL'], at: at(15).toISOString() });
    expect(nextCall(waiting, { ...POLICY, steps: [] })).toBeNull();
  });
});
