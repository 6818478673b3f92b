import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { mountOf } from '../../../../src/diagnostics/disk/assess/file-system.ts';
import {
  topFiles,
  topHolders,
  walkEvidence,
} from '../../../../src/diagnostics/disk/assess/holders.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { Mount, Reading, Walk } from '../../../../src/diagnostics/disk/reading.ts';
import { GB, mount, params, used, walk } from '../../../support/disk-reading.ts';

const full = (seen: Reading): Finding[] =>
  assess(seen, params()).filter((one) => one.code === 'disk.filesystem-full');
/** The detail behind what is used and how it adds up. */
const more = (changes: Partial<Reading>): string[] =>
  full(used(10 * GB, changes)).flatMap((one) => one.detail.split('\n').slice(2));
const on = (changes: Partial<Mount>): Pick<Reading, 'mounts'> => ({ mounts: [mount(changes)] });
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

describe('what else is said of a full file system', () => {
  const missing = walked({ visibleBytes: 9.8 * GB });
  const whole = { visibleBytes: 10 * GB };

  it.each<[what: string, changes: Partial<Reading>, lines: string[]]>([
    ['nothing when nothing is special', walked(whole), []],
    ['nothing of holders without a walk', {}, []],
    [
      'the largest directories',
      walked({
        ...whole,
        directories: [dir('/srv', 10 * GB), dir('/srv/a', 5 * GB), dir('/srv/b', 2 * GB)],
      }),
      ['Largest directories: `/srv/a` 5 GB, `/srv/b` 2 GB.'],
    ],
    [
      'the largest files',
      walked({ ...whole, files: [file('/srv/x', 2 * GB), file('/srv/y', GB)] }),
      ['Largest files: `/srv/x` 2 GB, `/srv/y` 1 GB.'],
    ],
    [
      'a walk that ran out of time',
      walked({ ...whole, finished: false, elapsedSeconds: 19.6 }),
      ['The walk stopped after 20 s; sizes are lower bounds.'],
    ],
    [
      'a walk that was stopped at once',
      walked({ ...whole, finished: false, elapsedSeconds: 0 }),
      ['The walk stopped after 1 s; sizes are lower bounds.'],
    ],
    [
      'an unreadable directory, nothing missing',
      walked({ ...whole, deniedDirectories: 1 }),
      ['1 directory could not be read; sizes are lower bounds.'],
    ],
    [
      'unreadable directories that may hold what is missing',
      walked({ visibleBytes: 9.999 * GB, deniedDirectories: 2 }),
      [
        '2 directories could not be read; sizes are lower bounds, and what is missing may be there.',
      ],
    ],
    [
      'mounts that may hide files, from 2 % missing on',
      { ...missing, ...on({ under: ['/srv/a', '/srv/b'] }) },
      [
        'Files could be hidden below `/srv/a`, `/srv/b`: what was written there before the mount cannot be seen without unmounting.',
      ],
    ],
    [
      'not of mounts when less is missing',
      { ...walked({ visibleBytes: 9.801 * GB }), ...on({ under: ['/srv/a'] }) },
      [],
    ],
    ['not of mounts when there are none', missing, []],
    ['not of mounts when nobody walked', on({ under: ['/srv/a'] }), []],
    [
      'a part of a file system',
      on({ root: '/sub' }),
      ['Only `/sub` of this file system is mounted here; the rest cannot be seen.'],
    ],
    ['not of a part of an overlay', on({ root: '/sub', kind: 'overlay' }), []],
    [
      'its other mount points',
      on({ also: ['/a', '/b'] }),
      ['The same file system is also at `/a`, `/b`.'],
    ],
    [
      'deleted images of loops',
      { loops: [{ name: 'loop3', path: '/srv/disk.img', atMostBytes: 3 * GB }] },
      [
        'The image `/srv/disk.img` below `loop3` is deleted but still attached: it holds up to 3 GB here until `losetup -d /dev/loop3`.',
      ],
    ],
    [
      'not of loops elsewhere',
      { loops: [{ name: 'loop3', path: '/other/disk.img', atMostBytes: GB }] },
      [],
    ],
  ])('%s', (_what, changes, lines) => {
    expect(more(changes)).toEqual(lines);
  });

  it.each(['tmpfs', 'devtmpfs'])('a %s is memory', (type) => {
    expect(full(used(10 * GB, on({ type })))[0]?.detail.split('\n')[0]).toBe(
      '10 GB of 10 GB are used, 0 B are available. This file system lives in memory: what is in it takes RAM or swap, and its limit is the mount option size=.',
    );
  });

  it('only its own walk counts', () => {
    expect(full(used(10 * GB, walked({ mount: 2 })))[0]?.data).not.toHaveProperty('visibleBytes');
  });
});

describe('the directories worth naming', () => {
  const top = (directories: Walk['directories'], usedBytes = 1000): string[] =>
    topHolders(walk({ directories }), usedBytes).map(({ path }) => path);

  it('are not the top of the walk itself, unless nothing else was seen', () => {
    expect(top([dir('/srv', 1000), dir('/srv/a', 500)])).toEqual(['/srv/a']);
  });

  it('are not those whose size is one directory below them', () => {
    const of = (inner: number): string[] =>
      top([dir('/srv', 1000), dir('/srv/a', 500), dir('/srv/a/b', inner)]);
    expect(of(400)).toEqual(['/srv/a/b']);
    expect(of(399)).toEqual(['/srv/a']);
  });

  it('are told apart by whole names', () => {
    expect(top([dir('/srv', 1000), dir('/srv/a', 500), dir('/srv/ab', 480)])).toEqual([
      '/srv/a',
      '/srv/ab',
    ]);
  });

  it('are at least a hundredth of what is used', () => {
    expect(top([dir('/srv', 1000), dir('/srv/a', 10), dir('/srv/b', 9)])).toEqual(['/srv/a']);
  });

  it('are five at most', () => {
    const many = [1, 2, 3, 4, 5, 6].map((i) => dir(`/srv/${i}`, 100));
    expect(top([dir('/srv', 1000), ...many])).toEqual([
      '/srv/1',
      '/srv/2',
      '/srv/3',
      '/srv/4',
      '/srv/5',
    ]);
  });

  it('are handed on as directories with their size', () => {
    expect(topHolders(walk({ directories: [dir('/s', 9), dir('/s/a', 5)] }), 10)).toEqual([
      { path: '/s/a', bytes: 5, kind: 'directory' },
    ]);
  });
});

describe('the files worth naming', () => {
  it('are the first five of at least a hundredth of what is used', () => {
    const files = [90, 80, 70, 60, 50, 40].map((bytes) => file(`/srv/${bytes}`, bytes));
    expect(topFiles(walk({ files }), 1000).map(({ bytes }) => bytes)).toEqual([90, 80, 70, 60, 50]);
    expect(topFiles(walk({ files }), 7500)).toEqual([
      { path: '/srv/90', bytes: 90, kind: 'file' },
      { path: '/srv/80', bytes: 80, kind: 'file' },
    ]);
    expect(topFiles(walk({ files }), 9000).map(({ bytes }) => bytes)).toEqual([90]);
  });
});

describe('the evidence of a walk', () => {
  it('is what du prints: kibibytes rounded up, directories before files', () => {
    const seen = walk({ directories: [dir('/srv', 1025)], files: [file('/srv/x', 1024)] });
    expect(walkEvidence(seen, '/srv')).toEqual({
      argv: ['du', '-x', '-a', '-k', '/srv'],
      exitCode: 0,
      output: '2\t/srv\n1\t/srv/x',
      truncated: false,
    });
  });

  it('ends as timeout(1) does when it was stopped, after 12 directories and 8 files', () => {
    const many = Array.from({ length: 20 }, (_, i) => i);
    const seen = walk({
      finished: false,
      directories: many.map((i) => dir(`/d${i}`, 1)),
      files: many.map((i) => file(`/f${i}`, 1)),
    });
    const { exitCode, output } = walkEvidence(seen, '/srv');
    expect(exitCode).toBe(124);
    expect(output.split('\n')).toHaveLength(20);
    expect(output).toContain('/d11\n1\t/f0');
  });
});

describe('the mount that a path lies on', () => {
  const mounts = [
    mount({ mountpoint: '/' }),
    mount({ mountpoint: '/srv', also: ['/export'] }),
    mount({ mountpoint: '/srv/data' }),
  ];

  it.each([
    ['/etc/passwd', '/'],
    ['/srv', '/srv'],
    ['/srv/x', '/srv'],
    ['/srvx', '/'],
    ['/srv/data', '/srv/data'],
    ['/srv/data/x', '/srv/data'],
    ['/srv/database', '/srv'],
    ['/export/x', '/srv'],
  ])('%s is on %s', (path, mountpoint) => {
    expect(mountOf(path, mounts)?.mountpoint).toBe(mountpoint);
    expect(mountOf(path, mounts.toReversed())?.mountpoint).toBe(mountpoint);
  });

  it('is none when nothing listed holds it', () => {
    expect(mountOf('/etc', mounts.slice(1))).toBeNull();
  });
});
