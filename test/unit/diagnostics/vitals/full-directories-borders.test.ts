import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { fullDirectories } from '../../../../src/diagnostics/vitals/assess/full-directories.ts';
import { mountedAgain } from '../../../../src/diagnostics/vitals/assess/mounted-again.ts';
import { parse } from '../../../../src/diagnostics/vitals/parse.ts';
import type { Directory, KernelLog } from '../../../../src/diagnostics/vitals/reading.ts';
import { recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const { kernel: healthy } = parse(recorded('vitals', 'healthy'), FIXTURE_NONCE);
if (healthy === null) throw new Error('the healthy host has a kernel log');
const BLOCK = 4096;
/** What two levels of the index hold at least. */
const FULL = BLOCK ** 3 / 256;

const DIRECTORY: Directory = {
  device: 'sda1',
  inode: 12,
  mount: '/srv',
  path: '/srv/mail',
  sizeBytes: FULL,
  blockBytes: BLOCK,
  gone: false,
};
const text = (inode: number): string =>
  `EXT4-fs warning (device sda1): ext4_dx_add_entry: Directory (ino: ${inode}) index full, reach max htree level :2`;
/** A line of so many seconds ago for each directory. */
const log = (ages: readonly number[], directory: Partial<Directory> = {}): KernelLog => ({
  ...healthy,
  mounts: new Map(),
  directories: ages.map((_, at) => ({ ...DIRECTORY, inode: 12 + at, ...directory })),
  classes: new Map([
    [
      'directory-full',
      {
        total: ages.length,
        recent: 0,
        lines: ages.map((ageSeconds, at) => ({ ageSeconds, text: text(12 + at) })),
      },
    ],
  ]),
});
const told = (of: KernelLog): readonly string[] =>
  fullDirectories(of).map(({ status, title }) => `${status} ${title.split(':')[0]}`);

describe('vitals: a directory', () => {
  it('is full from the size of an index of two levels on', () => {
    expect(told(log([60]))).toEqual(['critical The directory `/srv/mail` is full']);
    expect(told(log([60], { sizeBytes: FULL - 1 }))).toEqual([
      'warning A directory was full 1 min ago (`sda1`), perhaps of an earlier file system on this device',
    ]);
  });

  it.each([
    ['that is full', {}, 3600, 'critical'],
    ['that is full', {}, 3601, 'warning'],
    ['that is full', {}, 86_401, 'warning'],
    ['of an earlier file system', { gone: true }, 60, 'warning'],
    ['of an earlier file system', { gone: true }, 86_400, 'warning'],
    ['of an earlier file system', { gone: true }, 86_401, undefined],
  ])('%s %j, told of %i seconds ago, is %s', (_what, directory, age, status) => {
    expect(fullDirectories(log([age], directory))[0]?.status).toBe(status);
  });

  it('counts its own lines of the last hour, and says nothing of none', () => {
    const details = fullDirectories(log([3600, 3601])).map(({ detail }: Finding) =>
      detail.includes('1 line within the last hour.'),
    );
    expect(details).toEqual([true, false]);
    expect(fullDirectories(log([3601]))[0]?.detail).not.toContain('within the last hour');
  });

  it('is one of an earlier file system when the device was mounted after the line', () => {
    const again = (mounted: number): string | null =>
      mountedAgain({ ageSeconds: 60, text: '' }, 'sda1', {
        ...healthy,
        mounts: new Map([['sda1', mounted]]),
      });
    expect(again(60)).toBeNull();
    expect(again(59.9)).toContain('`sda1` was mounted again');
  });
});
