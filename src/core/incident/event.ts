import type { Alert } from '../alert.ts';
import type { HostReport, Status } from '../finding.ts';
import type { Actor } from '../person.ts';
import type { FixEvent } from './fix-event.ts';

export type { FixEvent, RolloutPlace, StepRun } from './fix-event.ts';

export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What somebody has taken on. */
export const INCIDENT_ROLES = ['commander', 'communications', 'operations', 'scribe'] as const;
export type IncidentRole = (typeof INCIDENT_ROLES)[number];

/** `triage → active → mitigated → resolved → closed` */
export type IncidentState = 'triage' | 'active' | 'mitigated' | 'resolved' | 'closed';

/**
 * Everything that can happen in a case. A case is an incident with its room, or a single run that
 * somebody typed outside of one. Facts only, past tense, no derived values; who and when stand in the
 * envelope (`EventRecord`).
 */
export type CaseEvent = IncidentEvent | RunEvent | FixEvent | FreezeEvent;

/** About every fix of the installation: the case `freeze`. */
export type FreezeEvent =
  | { readonly type: 'fixes.frozen'; readonly reason: string }
  | { readonly type: 'fixes.unfrozen'; readonly reason: string };

export type IncidentEvent =
  | {
      readonly type: 'incident.opened';
      readonly id: string;
      readonly title: string;
      readonly severity: Severity;
      readonly state: 'triage' | 'active';
      readonly hosts: readonly string[];
      readonly runbook?: string;
      /** Slack users and groups from the route. */
      readonly invite: readonly string[];
      /** The closed incident that this one continues. */
      readonly continues?: string;
      /** Its room is for the invited alone. */
      readonly private?: boolean;
      /** It gathers alerts of many groups: so many came at once that a room for each would help nobody. */
      readonly storm?: boolean;
      /** Which route opened it: canonical JSON of the route's `match`. */
      readonly route?: string;
    }
  /** `adopted`: the channel was there before, and stays when the incident is closed. */
  | {
      readonly type: 'room.opened';
      readonly channel: string;
      readonly name: string;
      readonly adopted?: boolean;
    }
  | {
      readonly type: 'alert.received';
      readonly alert: Alert;
      readonly hosts: readonly string[];
      /** Id of the stored delivery that said it. */
      readonly delivery: string;
    }
  /** It fires and resolves again and again: from now on only its firing counts. */
  | {
      readonly type: 'alert.flapping';
      /** `<source>:<fingerprint>`. */
      readonly alert: string;
      readonly title: string;
      /** How often it changed, and since when (ISO 8601). */
      readonly changes: number;
      readonly since: string;
    }
  | { readonly type: 'hosts.changed'; readonly hosts: readonly string[] }
  /** `user` null: nobody has the role any more. */
  | {
      readonly type: 'role.assigned';
      readonly role: IncidentRole;
      readonly user: string | null;
    }
  /** What stakeholders are told. */
  | {
      readonly type: 'update.posted';
      readonly text: string;
      /** When the next one is promised, ISO 8601. */
      readonly nextAt?: string;
    }
  | PageEvent
  /** Somebody was asked again: to acknowledge anew, for an update, whether to close. */
  | { readonly type: 'reminder.sent'; readonly about: ReminderAbout }
  /** Somebody put a message of the room on the timeline; both ways may hold it there. */
  | {
      readonly type: 'timeline.added';
      /** Slack's `ts` of the message: its time, to be told as it was said. */
      readonly ts: string;
      readonly via: TimelineMark;
      /** Slack user id, or a bot's name. */
      readonly author: string;
      readonly text: string;
      readonly permalink?: string;
    }
  | { readonly type: 'timeline.removed'; readonly ts: string; readonly via: TimelineMark }
  /** Alerts of another incident go on in this one. */
  | {
      readonly type: 'incident.absorbed';
      readonly from: string;
      readonly title: string;
      readonly hosts: readonly string[];
      readonly alerts: readonly AbsorbedAlert[];
    }
  | { readonly type: 'incident.merged'; readonly into: string }
  /** Closed incidents like this one were named in its room. */
  | { readonly type: 'incident.similar'; readonly incidents: readonly SimilarIncident[] }
  | {
      readonly type: 'incident.acknowledged';
      readonly via: 'slack' | 'alert';
      /** It came before its alert: who said it, and when (ISO 8601). */
      readonly early?: { readonly by: Actor; readonly at: string };
    }
  | { readonly type: 'incident.unacknowledged'; readonly via: 'slack' | 'alert' | 'silence' }
  | { readonly type: 'severity.changed'; readonly severity: Severity }
  | { readonly type: 'incident.mitigated'; readonly reason: string }
  | {
      readonly type: 'incident.resolved';
      readonly reason: string;
      readonly via: 'slack' | 'alert';
    }
  | { readonly type: 'incident.reopened'; readonly reason: string }
  /** Asked whether to close it, somebody said no. */
  | { readonly type: 'incident.kept' }
  | { readonly type: 'incident.closing' }
  | {
      readonly type: 'archive.written';
      readonly location: string;
      /** SHA-256 of `manifest.json`. */
      readonly manifestSha256: string;
      readonly files: number;
    }
  | { readonly type: 'archive.failed'; readonly reason: string }
  | { readonly type: 'incident.closed' }
  /** A side step (bookmark, pin …) that failed: said, never blocking. */
  | { readonly type: 'chat.failed'; readonly operation: string; readonly reason: string };

export interface AbsorbedAlert {
  readonly alert: Alert;
  readonly hosts: readonly string[];
  readonly firing: boolean;
}

export interface SimilarIncident {
  readonly id: string;
  readonly title: string;
  /** What they have in common, in words. */
  readonly why: string;
  /** How it ended, and what fixed it. */
  readonly ended: string;
  readonly archive: string;
}

export type TimelineMark = 'pushpin' | 'pin';
/**
 * `acknowledged`: whoever acknowledged has been silent since; `quiet`: pages wait for the end of the
 * quiet hours.
 */
export type ReminderAbout = 'acknowledged' | 'update' | 'idle' | 'quiet';

export type PageEvent =
  /** People were called: by direct message, mention in the room, e-mail. */
  | {
      readonly type: 'page.sent';
      /** Names the page: its messages carry it. */
      readonly page: string;
      /** `ladder`: a step that was due; `immediate`: everybody at once; `command`: somebody asked. */
      readonly reason: 'ladder' | 'immediate' | 'command';
      /** From 0; null: no step of the ladder. */
      readonly step: number | null;
      /** From 0: how often the ladder was gone through before. */
      readonly round: number;
      /** Slack users and user groups. */
      readonly people: readonly string[];
      /** Who got a direct message: the users, and the members of the groups at that time. */
      readonly called?: readonly string[];
      /** Who is called next, and when (ISO 8601), while nobody answers; absent: nobody, or at another step. */
      readonly next?: { readonly people: readonly string[]; readonly at: string };
    }
  /** The last step of the last round passed unheard. */
  | { readonly type: 'page.exhausted' };

/** `chain`: Housecall followed a suggestion of a routed run. */
export type RunReason = 'command' | 'route' | 'next' | 'verify' | 'chain';

/** Why a run began that nobody asked for. */
export interface RunAfter {
  readonly run: string;
  /** How many such runs in a row; 1: the first. */
  readonly depth: number;
  /** In words: `disk.filling on host-17`. */
  readonly why: string;
}

export type RunEvent =
  | {
      readonly type: 'run.started';
      readonly run: string;
      readonly diagnostic: string;
      readonly params: Readonly<Record<string, unknown>>;
      readonly hosts: readonly string[];
      /** Chat place of the run's one message. */
      readonly lane: string;
      readonly thread?: string;
      readonly reason: RunReason;
      readonly after?: RunAfter;
    }
  | { readonly type: 'run.cancelled'; readonly run: string }
  | {
      readonly type: 'run.finished';
      readonly run: string;
      readonly status: Status;
      readonly durationMs: number;
      readonly reports: readonly HostReport[];
    };

/** One event as stored: numbered from 1, chained by hash. */
export interface EventRecord {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly event: CaseEvent;
  /** Hash of the record before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 of the canonical JSON of `{ seq, at, actor, event, previous }`. */
  readonly hash: string;
}
