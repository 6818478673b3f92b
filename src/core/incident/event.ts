import type { Alert } from '../alert.ts';
import type { FixOffer, HostReport, Status } from '../finding.ts';
import type { Actor } from '../person.ts';
import type { FixOutcome, Plan } from '../plan.ts';

export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type Severity = (typeof SEVERITIES)[number];

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
    }
  | { readonly type: 'room.opened'; readonly channel: string; readonly name: string }
  | {
      readonly type: 'alert.received';
      readonly alert: Alert;
      readonly hosts: readonly string[];
      /** Id of the stored delivery that said it. */
      readonly delivery: string;
    }
  | { readonly type: 'hosts.changed'; readonly hosts: readonly string[] }
  | { readonly type: 'incident.acknowledged'; readonly via: 'slack' | 'alert' }
  | { readonly type: 'incident.unacknowledged'; readonly via: 'slack' | 'alert' }
  | { readonly type: 'severity.changed'; readonly severity: Severity }
  | { readonly type: 'incident.mitigated'; readonly reason: string }
  | {
      readonly type: 'incident.resolved';
      readonly reason: string;
      readonly via: 'slack' | 'alert';
    }
  | { readonly type: 'incident.reopened'; readonly reason: string }
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

export interface RolloutPlace {
  readonly id: string;
  /** From 0, the canary. */
  readonly place: number;
}

export type FixEvent =
  /** Somebody pressed Review: a fresh probe and plan were asked for. */
  | {
      readonly type: 'fix.reviewed';
      readonly fix: string;
      readonly offer: FixOffer;
      readonly host: string;
      readonly run: string;
      readonly finding: string;
      /** The dialog that waits for the plan. */
      readonly view?: string;
      /** One of several hosts that are reviewed and approved together. */
      readonly rollout?: RolloutPlace;
    }
  | {
      readonly type: 'fix.planned';
      readonly fix: string;
      readonly plan: Plan;
      /** SHA-256 of the canonical proposal: fix id, definition version, host, params, plan. */
      readonly digest: string;
      readonly before: unknown;
    }
  | { readonly type: 'fix.unplanned'; readonly fix: string; readonly reason: string }
  | {
      readonly type: 'fix.requested';
      readonly fix: string;
      readonly digest: string;
      readonly approvers: readonly string[];
      readonly required: number;
      readonly selfApproval: boolean;
      readonly expiresAt: string;
      /** The loss, in the words the requester accepted, when nothing can be saved. */
      readonly lossAccepted?: string;
      /** HMAC over who asked and on which terms: an edited record is not what people approve. */
      readonly seal?: string;
    }
  | {
      readonly type: 'fix.approved';
      readonly fix: string;
      readonly digest: string;
      /** HMAC over the proposal and everybody who has approved it so far. */
      readonly token?: string;
    }
  /** A click that was refused: kept, because refusals are evidence too. */
  | { readonly type: 'fix.refused'; readonly fix: string; readonly reason: string }
  | { readonly type: 'fix.denied'; readonly fix: string }
  /** Another host of its rollout was not verified: it never begins. */
  | { readonly type: 'fix.stopped'; readonly fix: string; readonly reason: string }
  | { readonly type: 'fix.expired'; readonly fix: string }
  | { readonly type: 'fix.claimed'; readonly fix: string; readonly worker: string }
  | {
      readonly type: 'fix.finished';
      readonly fix: string;
      readonly outcome: FixOutcome;
      readonly reason: string;
      readonly before?: string;
      readonly after?: string;
      readonly steps: readonly StepRun[];
      /** It does not last: when it will be lost, in words. */
      readonly lostWhen?: string;
      /** HMAC over the outcome, of a fix in a rollout: the next hosts begin on its word. */
      readonly seal?: string;
    }
  /** A change that does not last is gone; or nobody can tell, and it is watched on. */
  | {
      readonly type: 'fix.lost';
      readonly fix: string;
      readonly certain: boolean;
      readonly reason: string;
    };

export interface StepRun {
  readonly id: string;
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly output: string;
  readonly outputSha256: string;
  /** What it printed was kept in the incident, whole. */
  readonly kept?: { readonly name: string; readonly bytes: number; readonly sha256: string };
}

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
