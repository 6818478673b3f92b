import { formatBytes } from '../../core/format.ts';
import type { Verdict } from '../contract.ts';
import type { State } from './state.ts';

/** Is the same file smaller, in blocks or in length? */
export function verify(before: State, after: State): Verdict {
  if (before.file === null || before.log === null) return unknown('the log was not seen before');
  if (after.file === null) return unknown('there is no file at its path any more');
  const { device, inode, allocatedBytes, sizeBytes } = after.file;
  if (device !== before.file.device || inode !== before.file.inode) {
    return unknown('there is another file at its path now: it was rotated meanwhile');
  }
  const freed = before.file.allocatedBytes - allocatedBytes;
  if (freed > 0) {
    const length = sizeBytes < before.file.sizeBytes ? '' : `; ${goesOn(sizeBytes)}`;
    return { outcome: 'verified', reason: `${formatBytes(freed)} freed${length}` };
  }
  if (sizeBytes < before.file.sizeBytes) {
    return {
      outcome: 'verified',
      reason: `its length fell from ${formatBytes(before.file.sizeBytes)} to ${formatBytes(sizeBytes)}`,
    };
  }
  const regrown = after.log !== null && after.log.head !== before.log.head;
  return {
    outcome: 'ineffective',
    reason: regrown
      ? `it was emptied and holds ${formatBytes(allocatedBytes)} again: stop what writes it first`
      : `nothing was freed: it still holds ${formatBytes(allocatedBytes)}`,
  };
}

function goesOn(sizeBytes: number): string {
  return `its length of ${formatBytes(sizeBytes)} is a hole in front, which takes no space`;
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}
