import type { FixOffer } from '../finding.ts';
import type { Figures, FixOutcome, Plan } from '../plan.ts';

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
      /** Measured just before it ran, and at the look that verified it; absent in older records. */
      readonly figures?: { readonly before: Figures; readonly after: Figures };
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
