import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { fixture } from '../../../support/vitals-reading.ts';

const host = fixture('directory-full');

/** Uptime of the fixture: 3738.74 s. */
function said(device: string, inode: number, at = '3738.341028'): string {
  return `line directory-full ${at} EXT4-fs warning (device ${device}): ext4_dx_add_entry:2528: Directory (ino: ${inode}) index full, reach max htree level :2\n`;
}

function judged(kernel: string, directories: string): readonly Finding[] {
  const lines = kernel.split('line directory-full').length - 1;
  return host
    .section(
      'kernel',
      `source dmesg\nlines 1282 0 0.000000\nclass directory-full ${lines} ${lines}\n${kernel}`,
    )
    .section('directories', directories)
    .judge()
    .findings.filter(({ data }) => data['class'] === 'directory-full');
}

const FULL = 'directory sdb1 12 /srv/d\nname sdb1 12 /srv/d/a\nsize sdb1 12 10485760 1024\n';
const SMALL = 'directory sdb1 12 /srv/d\nname sdb1 12 /srv/d/other\nsize sdb1 12 4096 4096\n';

describe('vitals: a directory that the kernel called full', () => {
  it('is full now where the directory of today is as large as a full one', () => {
    expect(judged(said('sdb1', 12), FULL)).toMatchObject([
      {
        status: 'critical',
        subject: '/srv/d/a',
        title: expect.stringMatching(/^The directory `\/srv\/d\/a` is full: /),
        data: { path: '/srv/d/a', lines: 1 },
        next: [{ diagnostic: 'disk', params: { mount: '/srv/d' } }],
      },
    ]);
  });

  it('is still full where the same file system was mounted again since', () => {
    const [one] = judged(`${said('sdb1', 12)}mounted sdb1 3738.500000\n`, FULL);
    expect(one).toMatchObject({ status: 'critical', data: { path: '/srv/d/a' } });
  });

  it.each([
    ['a small directory has its inode today', said('sdb1', 12), SMALL, 'is `/srv/d/other` now'],
    [
      'no directory has its inode today',
      said('sdb1', 12),
      'directory sdb1 12 /srv/d\ngone sdb1 12\n',
      'No directory on `/srv/d` has inode 12 now',
    ],
    [
      'the device was mounted again since',
      `${said('sdb1', 12, '3000.000000')}mounted sdb1 3138.740000\n`,
      'directory sdb1 12 /srv/d\n',
      'mounted again 10 min ago, after these lines',
    ],
    ['the device is not mounted', said('loop0', 12), '', 'is mounted from `loop0` now'],
    [
      'lines carry no times, and the device was mounted',
      `${said('sdb1', 12, '-')}mounted sdb1 -\n`,
      'directory sdb1 12 /srv/d\n',
      'order is not known',
    ],
  ])('is said to be earlier, never to be now, where %s', (_, kernel, directories, reason) => {
    const [one, ...rest] = judged(kernel, directories);
    expect(rest).toEqual([]);
    expect(one?.status).toBe('warning');
    expect(one?.title).toMatch(
      /^A directory was full .*, perhaps of an earlier file system on this device/,
    );
    expect(one?.data).not.toHaveProperty('path');
    expect(one?.detail).toContain(reason);
    expect(one?.detail).not.toMatch(/Remove|Delete/);
  });

  it('is told in the past where the file system is the one of then, and the directory was not found', () => {
    expect(
      judged(`${said('sdb1', 12)}mounted sdb1 3.500000\n`, 'directory sdb1 12 /srv/d\n'),
    ).toMatchObject([
      {
        status: 'critical',
        subject: 'sdb1',
        title: expect.stringMatching(/^A directory on `\/srv\/d` was full just now: /),
        detail: expect.stringContaining('find /srv/d -xdev -inum 12'),
      },
    ]);
  });

  it('is another one for each directory, and one finding holds all that is earlier', () => {
    const found = judged(
      said('loop0', 2, '3700.0') + said('sdb1', 12) + said('loop1', 7, '3738.5'),
      FULL,
    );
    expect(found.map(({ status, subject }) => [status, subject])).toEqual([
      ['critical', '/srv/d/a'],
      ['warning', 'directory-full'],
    ]);
    expect(found[0]?.detail).not.toContain('loop');
    expect(found[1]?.data).toMatchObject({ devices: ['loop0', 'loop1'], lines: 2 });
  });

  it('is told without an inode, as old kernels do', () => {
    const line =
      'line directory-full 3738.3 EXT4-fs warning (device sdb1): ext4_dx_add_entry:1992: Directory index full!\n';
    const [one] = judged(line, 'directory sdb1 0 /srv/d\n');
    expect(one?.title).toMatch(/^A directory on `\/srv\/d` was full just now: /);
    expect(one?.detail).not.toContain('-inum');
  });

  it('is no more told a day later, when it was perhaps of an earlier file system', () => {
    const long = host.line('time', 'time 37387400 1795264914.602275495');
    const kernel = `source dmesg\nlines 9 0 0.0\nclass directory-full 1 0\n${said('loop0', 2)}`;
    const { findings } = long.section('kernel', kernel).section('directories', '').judge();
    expect(findings.filter(({ code }) => code === 'vitals.kernel')).toEqual([]);
  });
});

describe('vitals: what the kernel said of a device that was mounted again since', () => {
  it.each(['file-system', 'read-only'])('class %s: may be of an earlier file system', (name) => {
    const kernel = `source dmesg\nlines 9 0 0.0\nclass ${name} 1 1\nline ${name} 3000.0 EXT4-fs (loop0): Remounting filesystem read-only\n`;
    const title = (text: string) =>
      host
        .section('kernel', text)
        .judge()
        .findings.find(({ code }) => code === 'vitals.kernel');
    expect(title(kernel)?.detail).not.toContain('earlier');
    expect(title(`${kernel}mounted loop0 3438.74\n`)?.detail).toContain(
      '`loop0` was mounted again 5 min ago, after these lines: they may be of an earlier file system on this device.',
    );
  });
});
