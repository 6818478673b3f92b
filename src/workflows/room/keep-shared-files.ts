import type { ArchiveSink } from '../../archives/contract.ts';
import { HousecallError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import type { ContentSha256 } from '../../core/incident/archive/archive-input.ts';
import type { KeptFile, SharedFile } from '../../core/incident/room-event.ts';
import { sharedFilePath } from '../../core/incident/timeline/file-name.ts';
import { keptFiles } from '../../core/incident/timeline/room-messages.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import { FILES_PER_ROOM, type RoomLog } from '../../ports/room-log.ts';
import { archiveKey } from '../closing/archive-key.ts';

/** The largest file that is kept, and all of one incident together. */
export const FILE_BYTES = 50_000_000;
const INCIDENT_BYTES = 500_000_000;

export interface KeepSharedFilesDeps {
  readonly chat: Pick<Chat, 'download'>;
  readonly roomLog: Pick<RoomLog, 'add' | 'all'>;
  readonly clock: Clock;
  /** Where the incident will be archived: a file lies there as soon as it is shared. */
  readonly sinks: readonly ArchiveSink[];
  readonly sha256: ContentSha256;
}

export interface RoomPlace {
  readonly stream: string;
  readonly channel: string;
  /** ISO 8601. */
  readonly openedAt: string;
  /** What was said before is not of the room, ISO 8601. */
  readonly since?: string;
}

/**
 * Keeps shared files in the archive before anybody can delete them. Safe to repeat: what is kept is
 * not fetched again. Returns why the others are not, by the chat's id of each.
 * @throws HousecallError ARCHIVE_INVALID when a sink fails, STORE_UNAVAILABLE.
 */
export async function keepSharedFiles(
  deps: KeepSharedFilesDeps,
  place: RoomPlace,
  files: readonly SharedFile[],
): Promise<ReadonlyMap<string, string>> {
  const lost = new Map<string, string>();
  if (files.length === 0) return lost;
  const before = keptFiles(await deps.roomLog.all(place.stream));
  const kept = new Set(before.keys());
  let left = [...before.values()].reduce((rest, { bytes }) => rest - bytes, INCIDENT_BYTES);
  for (const file of files) {
    const { id } = file;
    if (id === undefined) {
      lost.set(file.url, 'Slack gives no id of it');
      continue;
    }
    if (kept.has(id)) continue;
    if (kept.size >= FILES_PER_ROOM) {
      lost.set(id, `more than ${FILES_PER_ROOM} files were shared`);
      continue;
    }
    const path = sharedFilePath(id, file.name);
    const found = (await storedCopy(deps, place, path)) ?? (await fetched(deps, file, left));
    if (typeof found === 'string') {
      lost.set(id, found);
      continue;
    }
    left -= found.length;
    await keep(deps, place, { id, path, body: found, mediaType: file.mediaType });
    kept.add(id);
  }
  return lost;
}

/** There already, because a process died before it could note so. */
async function storedCopy(
  { sinks }: KeepSharedFilesDeps,
  place: RoomPlace,
  path: string,
): Promise<Uint8Array | null> {
  for (const sink of sinks) {
    const found = await sink.get(archiveKey(place.openedAt, place.stream, path));
    if (found !== null) return found;
  }
  return null;
}

/** The bytes, or why there are none. */
async function fetched(
  { chat }: KeepSharedFilesDeps,
  file: SharedFile,
  left: number,
): Promise<Uint8Array | string> {
  if (file.download === undefined) return 'it was deleted, or lies outside of Slack';
  const limit = Math.min(FILE_BYTES, left);
  if ((file.bytes ?? 0) > FILE_BYTES) return `larger than ${formatBytes(FILE_BYTES)}`;
  if ((file.bytes ?? 0) > left || left <= 0) {
    return `all files of the incident would be more than ${formatBytes(INCIDENT_BYTES)}`;
  }
  try {
    return await chat.download(file, limit);
  } catch (error) {
    if (error instanceof HousecallError) return error.message;
    throw error;
  }
}

/** What browsers show without running anything in it. */
const PASSIVE: ReadonlySet<string> = new Set([
  'application/json',
  'application/pdf',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
]);

/** A bucket gives a file out as what it was put in: a page that somebody shared must not run there. */
function passiveType({ mediaType = '' }: { readonly mediaType: string | undefined }): string {
  return PASSIVE.has(mediaType) ? mediaType : 'application/octet-stream';
}

async function keep(
  deps: KeepSharedFilesDeps,
  { stream, channel, openedAt }: RoomPlace,
  file: {
    readonly id: string;
    readonly path: string;
    readonly body: Uint8Array;
    readonly mediaType: string | undefined;
  },
): Promise<void> {
  const { id, path, body } = file;
  for (const sink of deps.sinks) {
    await sink.put({ key: archiveKey(openedAt, stream, path), mediaType: passiveType(file), body });
  }
  const kept: KeptFile = { id, path, bytes: body.length, sha256: deps.sha256(body) };
  const at = deps.clock.now().toISOString();
  await deps.roomLog.add(stream, { id: `kept ${id}`, channel, at, kind: 'kept', file: kept });
}
