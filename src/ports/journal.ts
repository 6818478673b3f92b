import type { ChatRow } from '../core/chat-operation.ts';
import type { CaseEvent, EventRecord } from '../core/incident/event.ts';
import type { Job } from '../core/job.ts';
import type { Actor } from '../core/person.ts';

/** What happened, and what follows from it: stored together or not at all. */
export interface Commit {
  /** An incident id (`20261120-7`) or `run-<id>` for a run outside an incident. */
  readonly stream: string;
  /** Sequence number of the last record the decision was made on; 0: the stream is new. */
  readonly expectedSeq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly events: readonly CaseEvent[];
  readonly chat?: readonly ChatRow[];
  readonly jobs?: readonly Job[];
  /** Names that must belong to this stream alone from now on: `group:…`, `channel:…`, `alert:…`. */
  readonly claims?: readonly string[];
  /** A stream whose names may be claimed although they are its own: its alerts go on here. */
  readonly takesFrom?: string;
  readonly releases?: readonly string[];
  /** Gives up every name of the stream but `channel:…`: its incident is closed. */
  readonly releaseAll?: boolean;
  /** Moves the stream into or out of the list of open cases. */
  readonly open?: boolean;
}

export type CommitResult =
  | { readonly ok: true; readonly records: readonly EventRecord[] }
  /** Somebody else wrote first: read again, decide again. */
  | { readonly ok: false; readonly reason: 'conflict' }
  /** A claimed name belongs to another stream. */
  | { readonly ok: false; readonly reason: 'claimed'; readonly claim: string; readonly by: string };

/**
 * The record: append-only, hash-chained streams of events, one per case.
 * Every method throws HousecallError STORE_UNAVAILABLE when the store does not answer in time.
 */
export interface Journal {
  /** Records with `seq > afterSeq`, in order. */
  read(stream: string, afterSeq?: number): Promise<readonly EventRecord[]>;
  /** Atomic. Chat rows and jobs of the same commit are handed on exactly once, also after a crash. */
  commit(commit: Commit): Promise<CommitResult>;
  /** The stream that owns a claimed name. */
  owner(claim: string): Promise<string | null>;
  /** Streams of open incidents, and of runs outside of one whose fix waits for approval; oldest first. */
  open(): Promise<readonly string[]>;
  /** Next number of the day for incident ids: 1, 2, 3 … `day` is `yyyymmdd`, UTC. */
  nextNumber(day: string): Promise<number>;
}
