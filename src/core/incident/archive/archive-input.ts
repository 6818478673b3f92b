import type { EventRecord } from '../event.ts';
import type { SaidMessage, SharedFile } from '../room-event.ts';

/** A message of the room, as it was last. `edited` may be a `ts`. */
export interface RoomMessage extends Omit<SaidMessage, 'files'> {
  /** What it said before, oldest first; `at`: when that was written. */
  readonly earlier?: readonly { readonly at: string; readonly text: string }[];
  /** When it was deleted, or seen to be gone. */
  readonly deletedAt?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly files: readonly RoomFile[];
}

/** A file that was shared in the room. */
export interface RoomFile extends Omit<SharedFile, 'download'> {
  /** Within the archive: `files/<id>-<name>`. */
  readonly path?: string;
  readonly sha256?: string;
  /** Why it is not in the archive. */
  readonly lost?: string;
}

/** Lower-case hex, of the bytes or of the UTF-8 of the text. */
export type ContentSha256 = (content: string | Uint8Array) => string;

/** Everything an archive is made of. */
export interface ArchiveInput {
  /** The whole stream, in order. */
  readonly records: readonly EventRecord[];
  /** Oldest first, replies too. */
  readonly messages: readonly RoomMessage[];
  /** What of the messages may be missing, in sentences. */
  readonly gaps?: readonly string[];
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
