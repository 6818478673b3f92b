import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface LoopDisk {
  readonly path: string;
  /** Unmounts and removes it. */
  remove(): void;
}

/** A small real ext4 on a loop device (needs root). */
export function createLoopDisk(directory: string, name: string, mebibytes: number): LoopDisk {
  const image = join(directory, `${name}.img`);
  const path = join(directory, name);
  execFileSync('truncate', ['-s', `${mebibytes}M`, image]);
  execFileSync('mkfs.ext4', ['-q', '-F', image]);
  mkdirSync(path);
  execFileSync('mount', ['-o', 'loop', image, path]);
  return {
    path,
    remove() {
      execFileSync('umount', ['-l', path]);
      rmSync(image, { force: true });
    },
  };
}
