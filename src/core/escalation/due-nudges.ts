import type { CaseState, Incident } from '../incident/case.ts';
import { dueOnLadder, elapsed, type LadderMoment, type LadderNudge, latest } from './ladder.ts';
import { type EscalationPolicy, quietNow } from './policy.ts';

/** Something that is to be said or done now because nobody else did. */
export type Nudge =
  | LadderNudge
  /** Whoever acknowledged has been silent. */
  | { readonly nudge: 'remind-acknowledged' }
  /** And still is: the acknowledgement does not count any more. */
  | { readonly nudge: 'unacknowledge' }
  /** Stakeholders were promised word by now; `promised` false: it is merely long ago. */
  | { readonly nudge: 'remind-update'; readonly since: string; readonly promised: boolean }
  | { readonly nudge: 'ask-idle' }
  /** Asked whether to close, nobody answered. */
  | { readonly nudge: 'close' };

export interface Moment extends LadderMoment {
  /** When a person last said something in the room, ISO 8601; null: never, or not known. */
  readonly heardAt: string | null;
}

/**
 * Everything that is due for an incident: a function of its record, the policy and the time, so that
 * any process may ask at any time and the first one that commits the answer is the only one.
 */
export function dueNudges(
  { incident }: CaseState,
  policy: EscalationPolicy,
  moment: Moment,
): readonly Nudge[] {
  if (incident === null || incident.state === 'closed' || incident.closing) return [];
  const due = [
    dueOnLadder(incident, policy, moment),
    dueOfSilence(incident, policy, moment),
    dueUpdate(incident, policy, moment.now),
    dueIdle(incident, policy, moment),
  ];
  return due.filter((nudge) => nudge !== null);
}

function dueOfSilence(
  incident: Incident,
  policy: EscalationPolicy,
  { now, heardAt }: Moment,
): Nudge | null {
  const { acknowledged, reminders } = incident;
  const { acknowledgedMs } = policy;
  if (acknowledged === null || acknowledgedMs === 0) return null;
  if (incident.state === 'resolved' || incident.mergedInto !== null) return null;
  // Nobody is woken for what can wait: not by a page, not by a reminder.
  if (quietNow(incident, policy, now) !== null) return null;
  const heard = latest(latest(incident.activeAt, acknowledged.at), heardAt);
  const reminded = reminders.acknowledged;
  if (reminded === undefined || reminded <= heard) {
    return elapsed(heard, now) >= acknowledgedMs ? { nudge: 'remind-acknowledged' } : null;
  }
  return elapsed(reminded, now) >= acknowledgedMs / 2 ? { nudge: 'unacknowledge' } : null;
}

function dueUpdate(incident: Incident, { updateMs }: EscalationPolicy, now: Date): Nudge | null {
  if (incident.state === 'resolved' || incident.mergedInto !== null) return null;
  const last = incident.updates.findLast(({ at }) => at >= incident.activeSince);
  const since = last?.at ?? incident.activeSince;
  const reminded = incident.reminders.update;
  if (reminded !== undefined && reminded > since) return null;
  const nextAt = last?.nextAt ?? null;
  const due =
    nextAt === null
      ? updateMs > 0 && elapsed(since, now) >= updateMs
      : now.getTime() >= Date.parse(nextAt);
  return due ? { nudge: 'remind-update', since, promised: nextAt !== null } : null;
}

function dueIdle(
  incident: Incident,
  { idleMs }: EscalationPolicy,
  { now, heardAt }: Moment,
): Nudge | null {
  if (idleMs === 0) return null;
  const heard = latest(incident.activeAt, heardAt);
  const asked = incident.reminders.idle;
  if (asked === undefined || asked <= heard) {
    return elapsed(heard, now) >= idleMs ? { nudge: 'ask-idle' } : null;
  }
  if (elapsed(asked, now) < idleMs) return null;
  // It was tried since it was asked, and failed: asked again rather than tried for ever.
  const tried = incident.closingSince !== undefined && incident.closingSince >= asked;
  return incident.state === 'resolved' && !tried ? { nudge: 'close' } : { nudge: 'ask-idle' };
}
