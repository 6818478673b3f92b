import type { ChatOperation, Lane } from '../core/chat-operation.ts';

/** Where a message ended up. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** The head of a lane, leased to one sender. */
export interface LeasedRow {
  readonly id: string;
  readonly lane: Lane;
  readonly operation: ChatOperation;
  /** The case it belongs to, for feedback (`room.opened`, `chat.failed`). */
  readonly stream: string;
  /** ISO 8601: when it was committed. */
  readonly since: string;
  /** It was tried before and the outcome is not known: look before sending again. */
  readonly uncertain: boolean;
  /** Tries before this one: 0 at first. */
  readonly attempts: number;
  /** A later update of the same message waits in the lane: this one need not be sent. */
  readonly superseded: boolean;
}

/**
 * Chat rows waiting to be sent, one lane after the other in order, each handed to one sender at a
 * time. A sender that dies loses its lease; the row comes again as `uncertain`.
 */
export interface Outbox {
  /** A due head row and its lease, or null. Marks the row as being sent before it returns. */
  lease(owner: string, leaseSeconds: number): Promise<LeasedRow | null>;
  /** A sender that still works keeps its row. False: the lease was lost meanwhile. */
  renew(row: LeasedRow, owner: string, leaseSeconds: number): Promise<boolean>;
  /** Sent: drops the row and remembers where its message is. False: the lease was lost meanwhile. */
  done(row: LeasedRow, owner: string, ref?: MessageRef): Promise<boolean>;
  /** Not sent, or not known: the lane waits. `uncertain`: Slack may have acted. */
  retry(
    row: LeasedRow,
    owner: string,
    options: { afterMs: number; uncertain: boolean; error: string },
  ): Promise<void>;
  /** Can never be sent: moved aside and kept, so that the lane goes on. */
  reject(row: LeasedRow, owner: string, reason: string): Promise<void>;
  /** Where a message of a lane is. Key `room` holds the room's channel, `canvas` a canvas' id (ts empty). */
  ref(lane: Lane, key: string): Promise<MessageRef | null>;
  /** Resolves when there may be something to lease, or after the time. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** Rows waiting, and age of the oldest in seconds. */
  depth(): Promise<{ rows: number; oldestSeconds: number; rejected: number }>;
}
