import type { Evidence } from '../../../core/finding.ts';
import type { FileSystem } from './file-system.ts';

/** `1 file`, `3 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A name as code. Names never hold a backtick: `displayName` escapes it. */
export function quote(name: string): string {
  return `\`${name}\``;
}

export function evidence(argv: readonly string[], output: string, exitCode = 0): Evidence {
  return { argv, exitCode, output, truncated: false };
}

const kib = (bytes: number): number => Math.floor(bytes / 1024);

/** What `df -P -k` prints of it. */
export function dfEvidence({ mount, facts, usedBytes, usedPercent }: FileSystem): Evidence {
  return evidence(
    ['df', '-P', '-k', mount.mountpoint],
    [
      'Filesystem 1024-blocks Used Available Capacity Mounted on',
      `${mount.source} ${kib(facts.sizeBytes)} ${kib(usedBytes)} ${kib(facts.availableBytes)} ${Math.ceil(usedPercent)}% ${mount.mountpoint}`,
    ].join('\n'),
  );
}

/** What `df -P -i` prints of it. */
export function inodesEvidence({ mount, facts, inodesUsedPercent }: FileSystem): Evidence {
  return evidence(
    ['df', '-P', '-i', mount.mountpoint],
    [
      'Filesystem Inodes IUsed IFree IUse% Mounted on',
      `${mount.source} ${facts.inodes} ${facts.inodes - facts.inodesFree} ${facts.inodesFree} ${Math.ceil(inodesUsedPercent ?? 0)}% ${mount.mountpoint}`,
    ].join('\n'),
  );
}
