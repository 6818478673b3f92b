import type { Severity } from '../incident/event.ts';
import type { Incident } from '../incident/incident.ts';
import { isQuiet, type QuietHours } from './quiet-hours.ts';

export interface PageStep {
  /** Slack users and user groups. */
  readonly people: readonly string[];
  /** How long after the step before, in milliseconds. */
  readonly afterMs: number;
}

/** Who is called when, and when people are asked again. Times in milliseconds; 0: never. */
export interface EscalationPolicy {
  /** Without an acknowledgement for so long the first step is paged. */
  readonly ackMs: number;
  readonly steps: readonly PageStep[];
  /** How often all steps are gone through again. */
  readonly repeat: number;
  /** Severities that page everybody at once, quiet hours or not. */
  readonly immediate: readonly Severity[];
  readonly quietHours?: QuietHours;
  /** By canonical JSON of the route's `match`: instead of those above. */
  readonly routeQuietHours: ReadonlyMap<string, QuietHours>;
  /** So long may whoever acknowledged be silent. */
  readonly acknowledgedMs: number;
  /** So long after an update that promised no time the next one is asked for. */
  readonly updateMs: number;
  /** So long after the last word or event the room is asked whether to close. */
  readonly idleMs: number;
  /** So long a page waits for its room, so that it can link to it. */
  readonly roomMs: number;
}

/** The quiet hours that hold this incident's pages back now; null: none do. */
export function quietNow(
  incident: Pick<Incident, 'route' | 'severity'>,
  policy: EscalationPolicy,
  now: Date,
): QuietHours | null {
  if (policy.immediate.includes(incident.severity)) return null;
  const hours = policy.routeQuietHours.get(incident.route ?? '') ?? policy.quietHours;
  return hours !== undefined && isQuiet(hours, now) ? hours : null;
}
