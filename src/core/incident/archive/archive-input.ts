import type { EventRecord } from '../event.ts';

/** A message of the room; `ts` is Slack's name and time of it, seconds since 1970 with a fraction. */
export interface RoomMessage {
  readonly ts: string;
  /** `ts` of the thread's first message. */
  readonly thread?: string;
  readonly author: string;
  readonly authorName: string;
  readonly text: string;
  readonly edited?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly files: readonly { readonly name: string; readonly url: string }[];
}

/** Lower-case hex, of the bytes or of the UTF-8 of the text. */
export type ContentSha256 = (content: string | Uint8Array) => string;

/** Everything an archive is made of. */
export interface ArchiveInput {
  /** The whole stream, in order. */
  readonly records: readonly EventRecord[];
  /** Oldest first, replies too. */
  readonly messages: readonly RoomMessage[];
  /** What fixes kept of hosts, by name. */
  readonly kept?: ReadonlyMap<string, string>;
  /** Names of people by Slack user id. */
  readonly names: ReadonlyMap<string, string>;
  /** ISO 8601, UTC. */
  readonly archivedAt: string;
  /**
   * For everything but the audit log, whose records stay as they were hashed: what goes into the
   * journal must be redacted before.
   */
  readonly redact: (text: string) => string;
  readonly sha256: ContentSha256;
}

/** ISO 8601 of a Slack `ts`; the text itself when it is none. */
export function messageTime(ts: string): string {
  const ms = Number(ts) * 1000;
  return ts !== '' && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ts;
}
