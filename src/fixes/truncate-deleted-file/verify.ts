import { formatBytes } from '../../core/format.ts';
import type { Verdict } from '../contract.ts';
import type { Params } from './params.ts';
import type { State } from './state.ts';

/** Did the blocks of this very file fall? */
export function verify(before: State, after: State, params: Params): Verdict {
  if (before.bootId !== after.bootId) {
    return unknown('the host was started again meanwhile, which frees deleted files by itself');
  }
  if (after.process === null || after.process.startTime !== before.process?.startTime) {
    return unknown(
      `process ${params.pid} is gone: its descriptors are closed and the space is free if nobody else holds the file`,
    );
  }
  if (typeof before.descriptor === 'string') return unknown('the file was not seen before');
  if (after.descriptor === 'missing') {
    return unknown(
      `process ${params.pid} has closed descriptor ${params.fd}: the space is free if nobody else holds the file`,
    );
  }
  if (after.descriptor === 'denied') {
    return unknown(`descriptor ${params.fd} of process ${params.pid} can no longer be looked at`);
  }
  const { device, inode, allocatedBytes } = after.descriptor;
  if (device !== before.descriptor.device || inode !== before.descriptor.inode) {
    return unknown(`descriptor ${params.fd} of process ${params.pid} is another file now`);
  }
  const freed = before.descriptor.allocatedBytes - allocatedBytes;
  if (freed > 0) {
    return { outcome: 'verified', reason: `${formatBytes(freed)} freed` };
  }
  return {
    outcome: 'ineffective',
    reason: `nothing was freed: the file still holds ${formatBytes(allocatedBytes)}`,
  };
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}
