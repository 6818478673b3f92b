import { type CaseState, emptyCase, foldEvents } from '../../src/core/incident/case.ts';
import type { CaseEvent } from '../../src/core/incident/event.ts';
import type { Actor } from '../../src/core/person.ts';

export const ADA: Actor = { kind: 'person', team: 'T1', user: 'UADA' };
export const HOUSECALL: Actor = { kind: 'housecall' };
export const ALERT: Actor = { kind: 'alert', source: 'opsgenie' };

const START = Date.parse('2026-11-20T12:00:00.000Z');

/** Minutes after the beginning of the story. */
export function at(minutes: number): Date {
  return new Date(START + minutes * 60_000);
}

type Told = readonly [minutes: number, event: CaseEvent, actor?: Actor];

export const OPENED: CaseEvent = {
  type: 'incident.opened',
  id: '20261120-1',
  title: 'disk usage above 75 % on host-17',
  severity: 'SEV2',
  state: 'active',
  hosts: ['host-17'],
  invite: [],
};

export const ROOM: CaseEvent = {
  type: 'room.opened',
  channel: 'C0ROOM',
  name: 'inc-20261120-1-disk',
};

/** A case after events at their minutes; an incident with its room unless it says otherwise. */
export function caseAt(told: readonly Told[], opened: Partial<typeof OPENED> = {}): CaseState {
  const first: Told[] = [
    [0, { ...OPENED, ...opened } as CaseEvent, ALERT],
    [0, ROOM],
  ];
  return [...first, ...told].reduce(
    (state, [minutes, event, actor = HOUSECALL]) =>
      foldEvents(state, [event], { at: at(minutes).toISOString(), actor }),
    emptyCase('20261120-1'),
  );
}

export function page(
  step: number | null,
  round: number,
  reason: 'ladder' | 'immediate' | 'command' = step === null ? 'immediate' : 'ladder',
): CaseEvent {
  return {
    type: 'page.sent',
    page: `p-${reason}-${round}-${step}`,
    reason,
    step,
    round,
    people: ['UADA'],
    called: ['UADA'],
  };
}
