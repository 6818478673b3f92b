import type { Incident } from '../incident/incident.ts';
import { type EscalationPolicy, quietNow } from './policy.ts';
import type { QuietHours } from './quiet-hours.ts';

/** People are to be called now. */
export interface DuePage {
  readonly nudge: 'page';
  readonly reason: 'ladder' | 'immediate';
  /** From 0; null: everybody at once. */
  readonly step: number | null;
  /** From 0. */
  readonly round: number;
  /** Slack users and user groups. */
  readonly people: readonly string[];
}

export type LadderNudge =
  | DuePage
  /** A page waits for the end of the quiet hours, and the room does not know yet. */
  | { readonly nudge: 'quiet'; readonly hours: QuietHours }
  | { readonly nudge: 'exhausted' };

/** Nobody need be called: somebody is on it, or it is over. */
export function isHeard(incident: Incident): boolean {
  return (
    incident.acknowledged !== null ||
    incident.mergedInto !== null ||
    incident.state === 'resolved' ||
    incident.state === 'closed'
  );
}

/** Since when somebody is waited for, ISO 8601: opened, reopened, or given back. */
export function unheardSince({ activeSince, unacknowledgedAt }: Incident): string {
  return latest(activeSince, unacknowledgedAt);
}

export function latest(a: string, b: string | null | undefined): string {
  return b === null || b === undefined || b < a ? a : b;
}

/**
 * Who is to be called now. The record is the schedule: a step is due so long after the step before
 * was paged, so that a process that was away neither forgets one nor calls two at a time.
 */
export function dueOnLadder(
  incident: Incident,
  policy: EscalationPolicy,
  now: Date,
): LadderNudge | null {
  if (isHeard(incident) || policy.steps.length === 0) return null;
  const start = unheardSince(incident);
  if (incident.room === null && elapsed(start, now) < policy.roomMs) return null;
  const immediate = policy.immediate.includes(incident.severity);
  const since = immediate ? latest(start, incident.raisedAt) : start;
  const exhausted = incident.pagesExhaustedAt;
  if (exhausted !== null && exhausted >= since) return null;
  return immediate ? everybody(incident, policy, { since, now }) : nextStep(incident, policy, now);
}

/** Who is called next while nobody answers, and when; null: nobody. Quiet hours may hold it back. */
export function nextCall(
  incident: Incident,
  policy: EscalationPolicy,
): { readonly people: readonly string[]; readonly at: string } | null {
  const { ackMs, repeat, steps } = policy;
  if (isHeard(incident) || steps.length === 0) return null;
  const start = unheardSince(incident);
  const everyone = policy.immediate.includes(incident.severity);
  const since = everyone ? latest(start, incident.raisedAt) : start;
  const calls = incident.pages.filter(({ reason, at }) => reason !== 'command' && at >= since);
  const sent = calls.filter(({ reason }) => reason === (everyone ? 'immediate' : 'ladder')).length;
  const round = everyone ? sent : Math.floor(sent / steps.length);
  const step = steps[sent % steps.length];
  const last = calls.at(-1)?.at;
  if (round > repeat || step === undefined || last === undefined) return null;
  const people = everyone ? [...new Set(steps.flatMap((one) => one.people))] : step.people;
  const afterMs = everyone ? ackMs : step.afterMs;
  return { people, at: new Date(Date.parse(last) + afterMs).toISOString() };
}

/** All steps at once, again after `ackMs` while nobody answers. */
function everybody(
  { pages }: Incident,
  { ackMs, repeat, steps }: EscalationPolicy,
  { since, now }: { readonly since: string; readonly now: Date },
): LadderNudge | null {
  const sent = pages.filter(({ reason, at }) => reason === 'immediate' && at >= since);
  const last = sent.at(-1);
  if (last !== undefined && elapsed(last.at, now) < ackMs) return null;
  if (sent.length > repeat) return { nudge: 'exhausted' };
  const people = [...new Set(steps.flatMap((step) => step.people))];
  return { nudge: 'page', reason: 'immediate', step: null, round: sent.length, people };
}

function nextStep(incident: Incident, policy: EscalationPolicy, now: Date): LadderNudge | null {
  const start = unheardSince(incident);
  const { ackMs, repeat, steps } = policy;
  const calls = incident.pages.filter(({ reason, at }) => reason !== 'command' && at >= start);
  const sent = calls.filter(({ reason }) => reason === 'ladder').length;
  const [round, step] = [Math.floor(sent / steps.length), sent % steps.length];
  const next = steps[step];
  if (next === undefined) return null;
  const last = calls.at(-1);
  const wait = last === undefined ? ackMs : next.afterMs;
  if (elapsed(last?.at ?? start, now) < wait) return null;
  if (round > repeat) return { nudge: 'exhausted' };
  const hours = quietNow(incident, policy, now);
  if (hours === null) {
    return { nudge: 'page', reason: 'ladder', step, round, people: next.people };
  }
  const told = incident.reminders.quiet;
  return told !== undefined && told >= start ? null : { nudge: 'quiet', hours };
}

/** Milliseconds. */
export function elapsed(since: string, now: Date): number {
  return now.getTime() - Date.parse(since);
}
