import { formatBytes } from '../../core/format.ts';
import { looksLikeData } from '../../core/log-name.ts';
import { notText } from './content.ts';
import type { File, Log, Place, State } from './state.ts';

/** Where no log is emptied, whatever it looks like. */
const SYSTEM = /^\/(?:etc|usr|bin|sbin|lib(?:32|64|x32)?|boot|proc|sys|dev)\//;
/** Less is not worth it, and its first 4 KiB could not tell it from another. */
const SMALLEST = 65_536;
/** Group or others may write. */
const OTHERS_WRITE = 0o022;

/** A log that may be emptied, or in words why it may not. */
export function truncatable(
  state: State,
  path: string,
): { readonly file: File; readonly log: Log } | string {
  const { place, file, log, uid } = state;
  const as = `as uid ${uid}${state.sudoRefused === undefined ? '' : ` (sudo refused: ${state.sudoRefused})`}`;
  if (SYSTEM.test(path)) return 'no file there is ever emptied by Housecall';
  if (place.kind !== 'here') return placeWords(place, as);
  if (file === null) return `it cannot be looked at ${as}`;
  if (!file.regular) return 'it is no regular file';
  if (log === null) return `it cannot be read ${as}`;
  if (place.readOnly) return 'its file system is mounted read-only';
  if (looksLikeData(path)) return 'its name is one of a database or a broker, not of a log';
  const reason = fileObstacle(file) ?? notText(log, file.sizeBytes) ?? useObstacle(log, uid, as);
  return reason ?? { file, log };
}

function placeWords(place: Exclude<Place, { kind: 'here' }>, as: string): string {
  switch (place.kind) {
    case 'link':
      return `it is reached through the symbolic link ${place.what}: name the file itself`;
    case 'foreign':
      return `it is on ${place.what}: only files on local disks are emptied`;
    case 'denied':
      return `its directory cannot be entered ${as}`;
    case 'missing':
    default:
      return `there is no such file, or it is hidden ${as}`;
  }
}

function fileObstacle(file: File): string | null {
  if (file.allocatedBytes < SMALLEST) {
    return `it holds only ${formatBytes(file.allocatedBytes)}: there is nothing to free`;
  }
  const { uid, mode } = file.directory;
  const foreign = (uid !== 0 && uid !== file.uid) || (mode & OTHERS_WRITE) !== 0;
  return file.links > 1 && foreign
    ? `it has ${file.links} names, and others than its owner may write to its directory: it may be somebody else's file, linked there`
    : null;
}

function useObstacle(log: Log, uid: number, as: string): string | null {
  if (log.mappedBy.length > 0) {
    return `process ${log.mappedBy.join(', ')} has mapped it into memory: emptying it would kill whoever reads it there`;
  }
  // Root may be kept out of a few processes (a hardened init); anybody else sees only its own.
  if (uid !== 0 && log.unseenProcesses > 0) {
    return `who writes it cannot be seen ${as}: ${log.unseenProcesses} processes could not be looked at`;
  }
  return log.way === 'unseen' ? 'who writes it could not be found out in 20 s' : null;
}
