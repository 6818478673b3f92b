import type { KernelLine, KernelLog } from '../reading.ts';
import { ago, quote } from './words.ts';

/** That the device was mounted after this line, or perhaps was: the line may be of an earlier file system. Null: it is not. */
export function mountedAgain(
  line: KernelLine,
  device: string,
  { mounts }: KernelLog,
): string | null {
  const mounted = mounts.get(device);
  if (mounted === undefined) return null;
  if (mounted === null || line.ageSeconds === null)
    return `${quote(device)} was mounted too, and the order is not known: these lines may be of an earlier file system on this device.`;
  return mounted >= line.ageSeconds
    ? null
    : `${quote(device)} was mounted again ${ago(mounted)}, after these lines: they may be of an earlier file system on this device.`;
}
