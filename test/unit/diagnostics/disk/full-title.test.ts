import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { Reading, Walk } from '../../../../src/diagnostics/disk/reading.ts';
import {
  containerLog,
  containers,
  deleted,
  deletedFile,
  GB,
  MB,
  mappedFile,
  params,
  used,
  walk,
} from '../../../support/disk-reading.ts';

const full = (seen: Reading): Finding[] =>
  assess(seen, params()).filter((one) => one.code === 'disk.filesystem-full');

const title = (seen: Reading): string => full(seen)[0]?.title ?? 'not full';
const walked = (changes: Partial<Walk>): Pick<Reading, 'walks'> => ({ walks: [walk(changes)] });

const dir = (path: string, bytes: number): Walk['directories'][number] => ({
  path,
  bytes,
  entries: 3,
});
const file = (path: string, bytes: number): Walk['files'][number] => ({
  path,
  bytes,
  lengthBytes: bytes,
});

describe('the title of a full file system', () => {
  const tenth = { visibleBytes: 9 * GB };

  it.each<[what: string, changes: Partial<Reading>, words: string]>([
    ['nothing was looked at', {}, ''],
    [
      'a deleted file holds a tenth',
      { deleted: deleted(deletedFile({ sizeBytes: GB })) },
      '; 1 GB of it is held by a deleted file that is still open',
    ],
    [
      'deleted files hold it',
      { deleted: deleted(deletedFile(), deletedFile({ fd: 4, inode: 14, sizeBytes: GB })) },
      '; 5 GB of it is held by 2 deleted files that are still open',
    ],
    [
      'a deleted file holds less than a tenth',
      { deleted: deleted(deletedFile({ sizeBytes: 999 * MB })) },
      '',
    ],
    ['a deleted file lies on another disk', { deleted: deleted(deletedFile({ disk: '8:9' })) }, ''],
    [
      'a mapped file holds a tenth',
      { mapped: [mappedFile({ sizeBytes: GB })] },
      '; 1 GB of it is held by deleted files that are still mapped',
    ],
    ['a mapped file holds less', { mapped: [mappedFile({ sizeBytes: 999 * MB })] }, ''],
    ['a mapped file lies on another disk', { mapped: [mappedFile({ device: '8:9' })] }, ''],
    [
      'an open file holds it and a mapped one too',
      { deleted: deleted(deletedFile({ sizeBytes: GB })), mapped: [mappedFile()] },
      '; 1 GB of it is held by a deleted file that is still open',
    ],
    [
      'the deleted image of a loop may hold what is missing',
      { ...walked(tenth), loops: [{ name: 'loop3', path: '/srv/disk.img', atMostBytes: 3 * GB }] },
      '; up to 3 GB of it is held by the deleted image below `loop3`',
    ],
    [
      'a loop lies elsewhere',
      {
        ...walked(tenth),
        loops: [{ name: 'loop3', path: '/srv2/disk.img', atMostBytes: 3 * GB }],
      },
      '; 1 GB of it is in no file that could be seen',
    ],
    [
      'a loop is there but nothing is missing',
      {
        ...walked({ visibleBytes: 10 * GB }),
        loops: [{ name: 'loop3', path: '/srv/disk.img', atMostBytes: GB }],
      },
      '',
    ],
    ['a tenth was not seen', walked(tenth), '; 1 GB of it is in no file that could be seen'],
    ['less than a tenth was not seen', walked({ visibleBytes: 9.001 * GB }), ''],
    [
      'one file has three tenths',
      walked({
        visibleBytes: 10 * GB,
        directories: [dir('/srv', 10 * GB), dir('/srv/a', 5 * GB)],
        files: [file('/srv/a/x', 3 * GB)],
      }),
      '; 3 GB of it is `/srv/a/x`',
    ],
    [
      'no file has three tenths',
      walked({
        visibleBytes: 10 * GB,
        directories: [dir('/srv', 10 * GB), dir('/srv/a', 5 * GB)],
        files: [file('/srv/a/x', 2.999 * GB)],
      }),
      '; the largest part, 5 GB, is in `/srv/a`',
    ],
    [
      'all of it lies at its top',
      walked({ visibleBytes: 10 * GB, directories: [dir('/srv', 10 * GB)] }),
      '',
    ],
  ])('when %s', (_what, changes, words) => {
    expect(title(used(10 * GB, changes))).toBe(`\`/srv\` is 100 % full${words}`);
  });

  const ofLog = walked({ visibleBytes: 10 * GB, files: [file(containerLog().path, 4 * GB)] });

  it.each([
    ['by name', containerLog(), 'the log of container shop'],
    ['by its short id', containerLog({ name: null }), 'the log of container f03bf03bf03b'],
    [
      'by path when it is no log of docker',
      containerLog({ path: '/x' }),
      `\`${containerLog().path}\``,
    ],
  ])('names the container whose log fills it %s', (_what, log, words) => {
    expect(title(used(10 * GB, { ...ofLog, containers: [containers([log])] }))).toBe(
      `\`/srv\` is 100 % full; 4 GB of it is ${words}`,
    );
  });
});
