import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { Reading } from '../../../../src/diagnostics/disk/reading.ts';
import { facts, GB, mount, params, reading, used, walk } from '../../../support/disk-reading.ts';

const unseen = (seen: Reading, asked: Readonly<Record<string, unknown>> = {}): Finding[] =>
  assess(seen, params(asked)).filter((one) => one.code === 'disk.coverage');

const titles = (seen: Reading): string[] => unseen(seen).map(({ title }) => title);

const BUDGET = 'Look again with a larger timeBudgetSeconds, or at one file system with mount=….';
const RIGHTS = 'Run as root or allow sudo for this host to see everything.';
const DENIED =
  'Not even root may look into the others: this account is root of a container, or a security module forbids it. Look from the host itself.';
const NAME_ONE = 'Name the mount point of a local file system, or a path on one.';

const finding = (changes: Partial<Finding>): Finding => ({
  code: 'disk.coverage',
  status: 'unknown',
  subject: '/srv',
  title: '',
  detail: BUDGET,
  data: { privilege: 'root', seen: 9, total: 9, what: 'deleted files and holders' },
  evidence: [],
  fixes: [],
  next: [],
  ...changes,
});

describe('disk with nothing hidden', () => {
  it.each<[what: string, seen: Reading]>([
    ['a healthy file system', reading()],
    [
      'a healthy one with processes out of sight',
      reading({ privilege: 'none', processes: { total: 9, denied: 8 } }),
    ],
    [
      'a healthy one whose walk stopped',
      used(7.4 * GB, { walks: [walk({ finished: false, visibleBytes: 0 })] }),
    ],
    ['a full one whose walk explains it', used(9.6 * GB, { walks: [walk()] })],
    [
      'a full one, unexplained to exactly 2 %',
      used(9.7 * GB, { walks: [walk({ finished: false, deniedDirectories: 3 })] }),
    ],
    [
      'a full one, walked to its end, unexplained though all was readable',
      used(9.8 * GB, { walks: [walk()] }),
    ],
    [
      'a full one explained although root did not see every process',
      used(9.7 * GB, { processes: { total: 9, denied: 1 }, walks: [walk()] }),
    ],
  ])('says nothing of coverage: %s', (_what, seen) => {
    expect(unseen(seen)).toEqual([]);
  });
});

describe('a file system that was asked for and cannot be judged', () => {
  const about = (title: string, changes: Partial<Finding> = {}): Finding =>
    finding({
      subject: '/mnt/x',
      title,
      detail: NAME_ONE,
      data: { privilege: 'root', seen: 0, total: 1, what: 'file system' },
      ...changes,
    });

  it.each<[title: string, seen: Partial<Reading>]>([
    ['`/mnt/x` does not exist on this host', { problem: 'missing' }],
    ['`/mnt/x` cannot be reached without more rights', { problem: 'denied' }],
    [
      '`/mnt/x` is on nfs4 (`/mnt`), which is never touched: a network or foreign file system may hang',
      { asked: { kind: 'hazard', type: 'nfs4', mountpoint: '/mnt' } },
    ],
    [
      '`/mnt/x` is on proc, which holds no files on a disk',
      { asked: { kind: 'pseudo', type: 'proc', mountpoint: '/proc' } },
    ],
    [
      '`/mnt/x` is on no file system that can be looked at',
      { asked: { kind: 'none', type: '', mountpoint: '' } },
    ],
    ['`/mnt/x` is on no file system that can be looked at', { asked: null }],
  ])('%s', (title, seen) => {
    const none = reading({ mounts: [], samples: [{ atSeconds: 1, facts: [] }], ...seen });
    expect(unseen(none, { mount: '/mnt/x' })).toEqual([about(title)]);
  });

  it('is told with what else was in the way', () => {
    const seen = reading({ problem: 'denied', mounts: [], samples: [], sudoRefused: 'no' });
    expect(unseen(seen, { mount: '/mnt/x' })).toEqual([
      about('`/mnt/x` cannot be reached without more rights', {
        detail: `sudo was refused: no\n${NAME_ONE}`,
      }),
    ]);
  });

  it('is no finding when it could be looked at', () => {
    const asked = { kind: 'local', type: 'ext4', mountpoint: '/srv' };
    expect(unseen(reading({ asked }), { mount: '/srv/x' })).toEqual([]);
  });

  it('is no matter when nothing was asked for', () => {
    const asked = { kind: 'pseudo', type: 'proc', mountpoint: '/proc' };
    expect(unseen(reading({ problem: 'missing', asked }))).toEqual([]);
  });
});

describe('file systems that could not be measured', () => {
  const two = [mount(), mount({ index: 2, mountpoint: '/data' })];
  const total = (seen: number, all: number): Finding['data'] => ({
    privilege: 'root',
    seen,
    total: all,
    what: 'file systems',
  });

  it('are unknown, by the name of the one that failed', () => {
    const samples = [{ atSeconds: 1, facts: [facts(GB), null] }];
    expect(unseen(reading({ mounts: two, samples }))).toEqual([
      finding({
        subject: '/data',
        title: '`/data` could not be measured',
        detail: `\`/data\` could not be measured\n${BUDGET}`,
        data: total(1, 2),
      }),
    ]);
  });

  it('are named together when several failed', () => {
    const samples = [{ atSeconds: 1, facts: [null, null] }];
    expect(unseen(reading({ mounts: two, samples }))).toMatchObject([
      { subject: '/srv', title: '`/srv`, `/data` could not be measured', data: total(0, 2) },
    ]);
  });

  it('are unknown when there is none at all', () => {
    expect(unseen(reading({ mounts: [], samples: [{ atSeconds: 1, facts: [] }] }))).toEqual([
      finding({
        subject: '/',
        title: 'No local file system could be found',
        data: total(0, 0),
      }),
    ]);
  });

  it('are unknown when there is none and no sample either', () => {
    expect(titles(reading({ mounts: [], samples: [] }))).toEqual([
      'No local file system could be found',
    ]);
  });
});

describe('a probe that did not finish', () => {
  it('is unknown and says where it stopped', () => {
    const cutAt = 'it ran into its time limit, in the part "walk"';
    expect(unseen(reading({ privilege: 'none', cutAt }))).toEqual([
      finding({
        subject: '/',
        title: 'The probe did not finish: it ran into its time limit, in the part "walk"',
        detail: BUDGET,
        data: { privilege: 'none', seen: 0, total: 1, what: 'probe' },
      }),
    ]);
  });
});

describe('a full file system that was seen in part', () => {
  const denied = { total: 9, denied: 2 };

  it('is unknown when the open files of others could hold what is missing', () => {
    const seen = used(9.5 * GB, { processes: denied, walks: [walk({ visibleBytes: 9 * GB })] });
    expect(unseen(seen)).toEqual([
      finding({
        title:
          'Deleted files that fill `/srv` could not be looked for: 7 of 9 processes readable; 500 MB of it is unaccounted for',
        detail: `7 of 9 processes readable\n${DENIED}`,
        data: { privilege: 'root', seen: 7, total: 9, what: 'deleted files and holders' },
      }),
    ]);
  });

  it('is unknown without rights even when little is missing, and never less than nothing', () => {
    const seen = used(9.4 * GB, { privilege: 'none', processes: denied, walks: [walk()] });
    expect(unseen(seen)).toEqual([
      finding({
        title:
          'Deleted files that fill `/srv` could not be looked for: 7 of 9 processes readable; 0 B of it is unaccounted for',
        detail: `7 of 9 processes readable\n${RIGHTS}`,
        data: { privilege: 'none', seen: 7, total: 9, what: 'deleted files and holders' },
      }),
    ]);
  });

  it('says under hidepid what helps and what only seems to', () => {
    const host = { ...reading().host, pid1Visible: false };
    const processes = { total: 2, denied: 0 };
    const [found] = unseen(
      used(9.5 * GB, { privilege: 'none', host, processes, walks: [walk({ visibleBytes: GB })] }),
    );
    expect(found?.detail).toBe(
      [
        '2 processes readable; those of other users are hidden (hidepid)',
        'Run as root, or give this account sudo and set sudo: true for this host: only root sees which deleted files the processes of others hold open. The group of gid= of the mount of /proc would see these processes (hidepid), but not their files.',
      ].join('\n'),
    );
    const [root] = unseen(used(9.5 * GB, { host, processes, walks: [walk({ visibleBytes: GB })] }));
    expect(root?.detail).toContain('hidden (hidepid)');
    expect(root?.detail).toContain(DENIED);
  });

  it('is unknown when it was neither walked nor searched', () => {
    expect(titles(used(9.5 * GB, { processes: denied }))).toEqual([
      'Deleted files that fill `/srv` could not be looked for: 7 of 9 processes readable',
    ]);
  });

  it('is unknown when nobody looked what fills it', () => {
    expect(titles(used(9.5 * GB))).toEqual(['What fills `/srv` was not looked at']);
  });

  it('is unknown from the warning on', () => {
    expect(titles(used(7.499 * GB))).toEqual([]);
    expect(titles(used(7.5 * GB))).toEqual(['What fills `/srv` was not looked at']);
  });

  it('is unknown when only its inodes are short', () => {
    const full = facts(GB, { inodesFree: 0 });
    expect(titles(reading({ samples: [{ atSeconds: 1, facts: [full] }] }))).toEqual([
      'What fills `/srv` was not looked at',
    ]);
  });

  it('is unknown when the walk stopped early and more than 2 % is missing', () => {
    const walks = [walk({ finished: false, deniedDirectories: 5 })];
    expect(titles(used(9.701 * GB, { walks }))).toEqual([
      'What fills `/srv` was seen in part only: 201 MB are unaccounted for',
    ]);
  });

  it.each([
    [1, '1 directory'],
    [5, '5 directories'],
  ])('is unknown when more than 2 %% may lie in unreadable directories: %i', (count, words) => {
    const walks = [walk({ deniedDirectories: count })];
    expect(titles(used(9.701 * GB, { walks }))).toEqual([
      `What fills \`/srv\` was seen in part only: ${words} unreadable, 201 MB unaccounted for`,
    ]);
  });
});
