import {
  type FileSystem,
  inMemory,
  plainName,
  sameFileSystem,
} from '../../core/approval/host-directory.ts';
import { formatBytes } from '../../core/format.ts';
import type { Saved } from '../../core/plan.ts';
import type { PlanContext } from '../contract.ts';
import type { Descriptor, State } from './state.ts';

/** Where the mark goes and whether a copy can be kept; or, in words, why the fix cannot run at all. */
export interface SavePlace {
  /** Physical path of the directory that holds `claims`. */
  readonly claim: string;
  /** File name of the copy within `claim`; null: it cannot be saved. */
  readonly copy: string | null;
  readonly saved: Saved;
  /** What was found, in words with numbers. */
  readonly words: string;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Longer than two hours at the speed of gzip on a busy host. */
const LARGEST = 256 * GIB;
/**
 * Needed: what gzip makes of the whole file, judged by a sample, and half as much again. The change
 * itself never writes more than is free less the margin, and fails closed, so an estimate that is
 * wrong costs time and nothing else.
 */
export function savePlace(
  state: State,
  file: Descriptor,
  context: PlanContext,
): SavePlace | string {
  const place = state.saveDirectory;
  if (place.kind === 'unsafe') {
    return `fixes.saveDirectory ${context.saveDirectory} cannot be used on ${context.host}: ${place.reason}`;
  }
  const same = sameFileSystem(file, place);
  const claim = same ? state.runDirectory : place;
  if (claim.kind === 'unsafe') {
    return `${place.path} is on the file system that is full, and the mark that makes a fix run at most once cannot be kept in /run either: ${claim.reason}`;
  }
  const { sample } = file;
  const packed = sample.read === 0 ? 1 : Math.min(1.01, sample.packed / sample.read);
  const expected = Math.ceil(file.sizeBytes * packed);
  const room = place.availableBytes - margin(place.fileSystem);
  const why = same
    ? `${place.path} is on the file system that is full`
    : inMemory(place.fileSystem)
      ? `${place.path} is in memory`
      : !state.gzip
        ? 'there is no gzip on the host'
        : file.sizeBytes > LARGEST
          ? `${formatBytes(file.sizeBytes)} cannot be copied in the time there is`
          : expected * 1.5 > room
            ? `${place.path} has ${formatBytes(Math.max(0, room))} to spare, about ${formatBytes(expected * 1.5)} are needed`
            : null;
  const base = plainName(file.path);
  if (why !== null) {
    const saved: Saved = { kind: 'loss', words: `lose ${base}` };
    return { claim: claim.path, copy: null, saved, words: `It cannot be saved: ${why}` };
  }
  const copy = `${context.fix}-${base}.gz`;
  return {
    claim: claim.path,
    copy,
    saved: {
      kind: 'file',
      path: `${place.path}/${copy}`,
      bytes: expected,
      what: `the whole content of ${file.path}, compressed`,
    },
    words: `${formatBytes(room)} to spare in ${place.path}, about ${formatBytes(expected)} needed for the copy`,
  };
}

/** Kept free for everybody else; the same as in `change.sh`. */
function margin(system: FileSystem): number {
  const twentieth = Math.floor((system.blockSize * system.blocks) / 20);
  return Math.max(16 * MIB, Math.min(GIB, twentieth));
}
