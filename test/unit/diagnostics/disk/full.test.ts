import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { Mount, Reading, Walk } from '../../../../src/diagnostics/disk/reading.ts';
import { facts, GB, mount, params, reading, used, walk } from '../../../support/disk-reading.ts';

const full = (seen: Reading): Finding[] =>
  assess(seen, params()).filter((one) => one.code === 'disk.filesystem-full');

const title = (seen: Reading): string => full(seen)[0]?.title ?? 'not full';
const detail = (seen: Reading): string[] => full(seen)[0]?.detail.split('\n') ?? [];
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

describe('a full file system', () => {
  it.each([
    [7.4999 * GB, undefined],
    [7.5 * GB, 'warning'],
    [8.9999 * GB, 'warning'],
    [9 * GB, 'critical'],
    [10 * GB, 'critical'],
  ])('with %d of 10 GB used is %s', (bytes, status) => {
    expect(full(used(bytes))[0]?.status).toBe(status);
  });

  it('is measured as df does: against what is used and available, not against its size', () => {
    const tight = facts(6 * GB, { availableBytes: 1 * GB });
    const seen = reading({ samples: [{ atSeconds: 1, facts: [tight] }] });
    expect(title(seen)).toBe('`/srv` is 85.7 % full');
    expect(detail(seen)[0]).toBe(
      '6 GB of 10 GB are used, 1 GB are available; another 3 GB (30 % of the size) is free but reserved for root.',
    );
    expect(full(seen)[0]?.data).toMatchObject({ usedPercent: 85.7, reservedBytes: 3 * GB });
  });

  it('whose quota leaves more available than is free has nothing reserved', () => {
    const odd = facts(9 * GB, { availableBytes: 1.2 * GB });
    const seen = reading({ samples: [{ atSeconds: 1, facts: [odd] }] });
    expect(full(seen)[0]?.data).toMatchObject({ reservedBytes: 0, usedPercent: 88.2 });
  });

  it('told whole, when only measured', () => {
    expect(full(used(9.5 * GB))).toMatchInlineSnapshot(`
      [
        {
          "code": "disk.filesystem-full",
          "data": {
            "availableBytes": 500000000,
            "deletedOpenBytes": 0,
            "device": "/dev/sda1",
            "fileSystemType": "ext4",
            "mount": "/srv",
            "reservedBytes": 0,
            "sizeBytes": 10000000000,
            "usedBytes": 9500000000,
            "usedPercent": 95,
          },
          "detail": "9.5 GB of 10 GB are used, 500 MB are available.
      Of what is used, nothing in deleted but open files; the other holders were not looked at.",
          "evidence": [
            {
              "argv": [
                "df",
                "-P",
                "-k",
                "/srv",
              ],
              "exitCode": 0,
              "output": "Filesystem 1024-blocks Used Available Capacity Mounted on
      /dev/sda1 9765625 9277343 488281 95% /srv",
              "truncated": false,
            },
          ],
          "fixes": [],
          "next": [],
          "status": "critical",
          "subject": "/srv",
          "title": "\`/srv\` is 95 % full",
        },
      ]
    `);
  });

  it('told whole, with a walk', () => {
    const directories = [dir('/srv', 9.5 * GB), dir('/srv/www', 3 * GB), dir('/srv/db', 2 * GB)];
    const files = [file('/srv/app.log', 4 * GB), file('/srv/db/t.ibd', GB)];
    expect(full(used(9.6 * GB, walked({ directories, files })))).toMatchInlineSnapshot(`
      [
        {
          "code": "disk.filesystem-full",
          "data": {
            "availableBytes": 400000000,
            "deletedOpenBytes": 0,
            "device": "/dev/sda1",
            "fileSystemType": "ext4",
            "holders": [
              {
                "bytes": 3000000000,
                "kind": "directory",
                "path": "/srv/www",
              },
              {
                "bytes": 2000000000,
                "kind": "directory",
                "path": "/srv/db",
              },
              {
                "bytes": 4000000000,
                "kind": "file",
                "path": "/srv/app.log",
              },
              {
                "bytes": 1000000000,
                "kind": "file",
                "path": "/srv/db/t.ibd",
              },
            ],
            "mappedDeletedBytes": 0,
            "mount": "/srv",
            "reservedBytes": 0,
            "sizeBytes": 10000000000,
            "unexplainedBytes": 100000000,
            "usedBytes": 9600000000,
            "usedPercent": 96,
            "visibleBytes": 9500000000,
            "walkFinished": true,
          },
          "detail": "9.6 GB of 10 GB are used, 400 MB are available.
      The 9.6 GB used are: 9.5 GB in visible files and directories (100 inodes), nothing in deleted but open files, 100 MB (1 % of the size) other, such as file-system metadata. Reserved blocks are free, so they are no part of it.
      Largest directories: \`/srv/www\` 3 GB, \`/srv/db\` 2 GB.
      Largest files: \`/srv/app.log\` 4 GB, \`/srv/db/t.ibd\` 1 GB.",
          "evidence": [
            {
              "argv": [
                "df",
                "-P",
                "-k",
                "/srv",
              ],
              "exitCode": 0,
              "output": "Filesystem 1024-blocks Used Available Capacity Mounted on
      /dev/sda1 9765625 9375000 390625 96% /srv",
              "truncated": false,
            },
            {
              "argv": [
                "du",
                "-x",
                "-a",
                "-k",
                "/srv",
              ],
              "exitCode": 0,
              "output": "9277344	/srv
      2929688	/srv/www
      1953125	/srv/db
      3906250	/srv/app.log
      976563	/srv/db/t.ibd",
              "truncated": false,
            },
          ],
          "fixes": [
            {
              "fix": "truncate-log",
              "params": {
                "path": "/srv/app.log",
              },
            },
          ],
          "next": [
            {
              "diagnostic": "logs",
              "params": {
                "path": "/srv/app.log",
              },
            },
          ],
          "status": "critical",
          "subject": "/srv",
          "title": "\`/srv\` is 96 % full; 4 GB of it is \`/srv/app.log\`",
        },
      ]
    `);
  });
});

describe('what is meant to be full', () => {
  it.each<[what: string, seen: Reading, count: number]>([
    ['an image', used(10 * GB, on({ kind: 'image', readOnlyMount: true })), 0],
    [
      'what was mounted read-only',
      used(10 * GB, on({ readOnlyMount: true, readOnlySuper: true })),
      0,
    ],
    ['but not what the kernel made read-only', used(10 * GB, on({ readOnlySuper: true })), 1],
    [
      'nothing of size 0',
      reading({ samples: [{ atSeconds: 1, facts: [facts(0, { sizeBytes: 0 })] }] }),
      0,
    ],
    [
      'what has neither use nor room',
      reading({ samples: [{ atSeconds: 1, facts: [facts(0, { availableBytes: 0 })] }] }),
      0,
    ],
  ])('%s', (_what, seen, count) => {
    expect(full(seen)).toHaveLength(count);
  });
});

describe('a root overlay', () => {
  const overlay = mount({
    index: 2,
    kind: 'overlay',
    type: 'overlay',
    mountpoint: '/',
    device: '0:40',
  });
  const subjects = (lower: ReturnType<typeof facts> | null): string[] =>
    full(
      reading({
        mounts: [mount(), overlay],
        samples: [{ atSeconds: 1, facts: [lower, facts(9.5 * GB)] }],
      }),
    ).map(({ subject }) => subject);

  it('is left out when it answers for a disk that is listed', () => {
    expect(subjects(facts(9.5 * GB))).toEqual(['/srv']);
  });

  it.each([
    ['another size', facts(9.5 * GB, { sizeBytes: 11 * GB })],
    ['another use', facts(9.4 * GB)],
    ['other inodes', facts(9.5 * GB, { inodes: 1001 })],
  ])('is told when no listed disk is like it: %s', (_what, lower) => {
    expect(subjects(lower)).toContain('/');
  });

  it('is told when the disk could not be measured, or there is no other', () => {
    expect(subjects(null)).toEqual(['/']);
    expect(full(used(9.5 * GB, { mounts: [overlay] }))).toHaveLength(1);
  });

  it('hides no disk that happens to be as full', () => {
    const mounts = [mount(), mount({ index: 2, mountpoint: '/data', device: '8:2' })];
    const samples = [{ atSeconds: 1, facts: [facts(9.5 * GB), facts(9.5 * GB)] }];
    expect(full(reading({ mounts, samples }))).toHaveLength(2);
  });
});
