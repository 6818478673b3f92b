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

export interface LadderMoment {
  readonly now: Date;
  /**
   * How long (ms) this process has seen the ladder wait since that time of the record. A clock that was put
   * forward and back leaves times on record that lie in the future.
   */
  readonly seen?: { readonly since: string; readonly ms: number };
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
export function unheardSince({ waitingSince }: Incident): string {
  return waitingSince;
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
  moment: LadderMoment,
): LadderNudge | null {
  if (isHeard(incident) || policy.steps.length === 0) return null;
  const { since, calls } = callsOf(incident, policy);
  const start = unheardSince(incident);
  const waitsForRoom = incident.room === null && calls.length === 0;
  if (waitsForRoom && waited(start, moment) < policy.roomMs) return null;
  const exhausted = incident.pagesExhaustedAt;
  if (exhausted !== null && exhausted >= since) return null;
  return isImmediate(incident, policy)
    ? everybody(calls, policy, moment)
    : nextStep(incident, policy, moment);
}

/** A wait of the ladder. A call may have the time of the wait that it ended: their number tells them apart. */
export interface LadderWait {
  /** The time on record: of the last call, or of its beginning. */
  readonly since: string;
  readonly calls: number;
}

export function waitsFrom(incident: Incident, policy: EscalationPolicy): LadderWait {
  const { since, calls } = callsOf(incident, policy);
  return { since: calls.at(-1)?.at ?? since, calls: calls.length };
}

function isImmediate({ severity }: Incident, { immediate }: EscalationPolicy): boolean {
  return immediate.includes(severity);
}

/** From when the calls of the ladder count, and which those are. */
function callsOf(incident: Incident, policy: EscalationPolicy) {
  const immediate = isImmediate(incident, policy);
  const start = unheardSince(incident);
  const since = immediate ? latest(start, incident.raisedAt) : start;
  const calls = incident.pages.filter(
    ({ reason, at }) => at >= since && (immediate ? reason === 'immediate' : reason !== 'command'),
  );
  return { since, calls };
}

/**
 * Who is called next while nobody answers, and when; null: nobody. Quiet hours may hold it back.
 * `sentAt`: when the last call was sent, where that is known better than by the record.
 */
export function nextCall(
  incident: Incident,
  policy: EscalationPolicy,
  sentAt?: Date,
): { readonly people: readonly string[]; readonly at: string } | null {
  const { ackMs, repeat, steps } = policy;
  if (isHeard(incident) || steps.length === 0) return null;
  const everyone = isImmediate(incident, policy);
  const { calls } = callsOf(incident, policy);
  const sent = calls.filter(({ reason }) => reason === (everyone ? 'immediate' : 'ladder')).length;
  const round = everyone ? sent : Math.floor(sent / steps.length);
  const step = steps[sent % steps.length];
  const last = calls.at(-1)?.at;
  if (round > repeat || step === undefined || last === undefined) return null;
  const people = everyone ? everybodyOf(policy) : step.people;
  const afterMs = everyone ? ackMs : step.afterMs;
  return { people, at: new Date((sentAt?.getTime() ?? Date.parse(last)) + afterMs).toISOString() };
}

function everybodyOf({ steps }: EscalationPolicy): readonly string[] {
  return [...new Set(steps.flatMap((step) => step.people))];
}

/** All steps at once, again after `ackMs` while nobody answers. */
function everybody(
  calls: Incident['pages'],
  policy: EscalationPolicy,
  moment: LadderMoment,
): LadderNudge | null {
  const last = calls.at(-1);
  if (last !== undefined && waited(last.at, moment) < policy.ackMs) return null;
  const round = calls.length;
  if (round > policy.repeat) return { nudge: 'exhausted' };
  return { nudge: 'page', reason: 'immediate', step: null, round, people: everybodyOf(policy) };
}

function nextStep(
  incident: Incident,
  policy: EscalationPolicy,
  moment: LadderMoment,
): LadderNudge | null {
  const { ackMs, repeat, steps } = policy;
  const { since, calls } = callsOf(incident, policy);
  const sent = calls.filter(({ reason }) => reason === 'ladder').length;
  const [round, step] = [Math.floor(sent / steps.length), sent % steps.length];
  const next = steps[step];
  if (next === undefined) return null;
  const last = calls.at(-1);
  const wait = last === undefined ? ackMs : next.afterMs;
  if (waited(last?.at ?? since, moment) < wait) return null;
  if (round > repeat) return { nudge: 'exhausted' };
  const hours = quietNow(incident, policy, moment.now);
  if (hours === null) {
    return { nudge: 'page', reason: 'ladder', step, round, people: next.people };
  }
  const told = incident.reminders.quiet;
  return told !== undefined && told >= since ? null : { nudge: 'quiet', hours };
}

/** Milliseconds: by the clock, or by what was seen of a time that is as early. */
function waited(since: string, { now, seen }: LadderMoment): number {
  const byClock = elapsed(since, now);
  return seen !== undefined && since <= seen.since ? Math.max(byClock, seen.ms) : byClock;
}

/** Milliseconds. */
export function elapsed(since: string, now: Date): number {
  return now.getTime() - Date.parse(since);
}
