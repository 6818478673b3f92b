import type { Evidence, NextStep } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { looksLikeLog } from '../../../core/log-name.ts';
import { isPlain } from '../display.ts';
import type { Walk } from '../reading.ts';
import { evidence, quote } from './words.ts';

interface Holder {
  readonly path: string;
  readonly bytes: number;
  readonly kind: 'directory' | 'file';
}

/**
 * The directories worth naming: none whose size is nearly all one directory below it, since that one
 * says more, and none below one already named.
 */
export function topHolders(walk: Walk, usedBytes: number, limit = 5): readonly Holder[] {
  const root = walk.directories.find((one) => isRoot(one.path, walk));
  const telling = walk.directories.filter(
    (one) => one !== root && !walk.directories.some((other) => hidesIn(one, other)),
  );
  const named: Holder[] = [];
  for (const { path, bytes } of telling) {
    if (named.length >= limit || bytes < usedBytes * 0.01) break;
    if (!named.some((one) => path.startsWith(`${one.path}/`))) {
      named.push({ path, bytes, kind: 'directory' });
    }
  }
  return named;
}

export function topFiles(walk: Walk, usedBytes: number, limit = 5): readonly Holder[] {
  return walk.files
    .filter((file) => file.bytes >= usedBytes * 0.01)
    .slice(0, limit)
    .map(({ path, bytes }) => ({ path, bytes, kind: 'file' }));
}

function isRoot(path: string, walk: Walk): boolean {
  return walk.directories.every((one) => one.path.length >= path.length);
}

function hidesIn(outer: Walk['directories'][number], inner: Walk['directories'][number]): boolean {
  return (
    inner !== outer && inner.path.startsWith(`${outer.path}/`) && inner.bytes >= outer.bytes * 0.8
  );
}

export function holderText(holders: readonly Holder[]): string {
  return holders.map(({ path, bytes }) => `${quote(path)} ${formatBytes(bytes)}`).join(', ');
}

/** What `du -x` prints of them. */
export function walkEvidence(walk: Walk, mountpoint: string): Evidence {
  const lines = [...walk.directories.slice(0, 12), ...walk.files.slice(0, 8)].map(
    ({ path, bytes }) => `${Math.ceil(bytes / 1024)}\t${path}`,
  );
  return evidence(['du', '-x', '-a', '-k', mountpoint], lines.join('\n'), walk.finished ? 0 : 124);
}

/** Big living logs: the next question is what fills them. */
export function logSteps(walk: Walk, sizeBytes: number): readonly NextStep[] {
  return bigLogs(walk, sizeBytes).map((path) => ({ diagnostic: 'logs', params: { path } }));
}

/** The largest that are being written or could be: worth a look, and worth emptying. */
export function bigLogs(walk: Walk, sizeBytes: number): readonly string[] {
  return walk.files
    .filter(
      (file) => file.bytes >= sizeBytes * 0.05 && looksLikeLog(file.path) && isPlain(file.path),
    )
    .slice(0, 3)
    .map(({ path }) => path);
}
