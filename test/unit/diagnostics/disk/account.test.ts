import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { Mount, Reading, Walk } from '../../../../src/diagnostics/disk/reading.ts';
import {
  deleted,
  deletedFile,
  GB,
  host,
  mappedFile,
  mount,
  params,
  used,
  walk,
} from '../../../support/disk-reading.ts';

const full = (seen: Reading): Finding[] =>
  assess(seen, params()).filter((one) => one.code === 'disk.filesystem-full');

const detail = (seen: Reading): string[] => full(seen)[0]?.detail.split('\n') ?? [];
const on = (changes: Partial<Mount>): Pick<Reading, 'mounts'> => ({ mounts: [mount(changes)] });
const walked = (changes: Partial<Walk>): Pick<Reading, 'walks'> => ({ walks: [walk(changes)] });

describe('the account of a full file system', () => {
  const line = (changes: Partial<Reading>): string => detail(used(10 * GB, changes))[1] ?? '';
  const all = walked({ visibleBytes: 10 * GB });

  it.each<[words: string, changes: Partial<Reading>]>([
    ['nothing in deleted but open files', {}],
    ['4 GB in 1 deleted but open file', { deleted: deleted(deletedFile()) }],
    [
      '8 GB in 2 deleted but open files',
      { deleted: deleted(deletedFile(), deletedFile({ fd: 4 })) },
    ],
    ['an unknown part in deleted but open files', { processes: { total: 9, denied: 1 } }],
    ['an unknown part in deleted but open files', { host: host({ pid1Visible: false }) }],
    [
      'an unknown part in deleted but open files',
      { deleted: { scanned: false, sums: new Map(), files: [] } },
    ],
    [
      '4 GB in 1 deleted but open file that could be seen',
      { deleted: deleted(deletedFile()), processes: { total: 9, denied: 1 } },
    ],
  ])('without a walk: %s', (words, changes) => {
    expect(line(changes)).toBe(`Of what is used, ${words}; the other holders were not looked at.`);
  });

  it.each<[what: string, changes: Partial<Reading>, rest: string]>([
    ['all was found', all, '0 B (0 % of the size) other, such as file-system metadata'],
    [
      'nearly all was found',
      walked({ visibleBytes: 9.801 * GB }),
      '199 MB (2 % of the size) other, such as file-system metadata',
    ],
    ['2 % is missing', walked({ visibleBytes: 9.8 * GB }), '200 MB (2 % of the size) unexplained'],
    [
      'it is missing on btrfs',
      { ...walked({ visibleBytes: 9 * GB }), ...on({ type: 'btrfs' }) },
      '1 GB (10 % of the size) in snapshots, metadata or compression',
    ],
    [
      'it is missing on zfs',
      { ...walked({ visibleBytes: 9 * GB }), ...on({ type: 'zfs' }) },
      '1 GB (10 % of the size) in snapshots, metadata or compression',
    ],
    [
      'the walk stopped',
      walked({ visibleBytes: 9 * GB, finished: false }),
      '1 GB (10 % of the size) not seen',
    ],
    [
      'a directory was unreadable',
      walked({ visibleBytes: 9 * GB, deniedDirectories: 1 }),
      '1 GB (10 % of the size) not seen',
    ],
    [
      'more was found than is used',
      walked({ visibleBytes: 10.5 * GB }),
      'and 500 MB (5 % of the size) more than df counts: files changed meanwhile, or share blocks',
    ],
  ])('when %s', (_what, changes, rest) => {
    expect(line(changes)).toMatch(/^The 10 GB used are: /);
    expect(line(changes).split('nothing in deleted but open files, ')[1]).toBe(
      `${rest}. Reserved blocks are free, so they are no part of it.`,
    );
  });

  it('adds up visible, deleted and mapped files', () => {
    const changes = {
      ...walked({ visibleBytes: 3 * GB, inodes: 1 }),
      deleted: deleted(deletedFile()),
      mapped: [mappedFile(), mappedFile({ inode: 18, sizeBytes: GB })],
    };
    expect(line(changes)).toBe(
      'The 10 GB used are: 3 GB in visible files and directories (1 inode), 4 GB in 1 deleted but open file, 3 GB in 2 deleted but mapped files, 0 B (0 % of the size) other, such as file-system metadata. Reserved blocks are free, so they are no part of it.',
    );
    expect(full(used(10 * GB, changes))[0]?.data).toMatchObject({
      deletedOpenBytes: 4 * GB,
      mappedDeletedBytes: 3 * GB,
      unexplainedBytes: 0,
    });
  });

  it.each([
    ['the same file, open and mapped, is counted once', mappedFile({ inode: 13 }), undefined],
    [
      'another file of the same inode number elsewhere is not',
      mappedFile({ inode: 13, device: '8:9' }),
      undefined,
    ],
    [
      'another inode is another file',
      mappedFile({ inode: 18 }),
      '2 GB in 1 deleted but mapped file',
    ],
  ])('%s', (_what, mapped, words) => {
    const parts = line({ ...all, deleted: deleted(deletedFile()), mapped: [mapped] });
    expect(/[^,]+ mapped files?/.exec(parts)?.[0].trim()).toBe(words);
  });

  it('counts an open file of an overlay and a mapped one of the disk as two', () => {
    const open = deletedFile({ device: '0:50' });
    const parts = line({ ...all, deleted: deleted(open), mapped: [mappedFile({ inode: 13 })] });
    expect(parts).toContain('2 GB in 1 deleted but mapped file,');
  });
});
