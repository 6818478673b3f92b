import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/disk/assess.ts';
import type { ContainerLog, Facts, Reading } from '../../../../src/diagnostics/disk/reading.ts';
import {
  containerLog,
  containers,
  deleted,
  deletedFile,
  facts,
  GB,
  MB,
  params,
  reading,
  used,
} from '../../../support/disk-reading.ts';

const of = (code: string, seen: Reading): Finding[] =>
  assess(seen, params()).filter((one) => one.code === `disk.${code}`);

/** `/srv` half full; so many seconds later it has so much more, and this is available. */
function grown(
  bytes: number,
  { seconds = 2, ...later }: { readonly seconds?: number } & Partial<Facts> = {},
  more: Partial<Reading> = {},
): Reading {
  return reading({
    samples: [
      { atSeconds: 100, facts: [facts(5 * GB)] },
      { atSeconds: 100 + seconds, facts: [facts(5 * GB + bytes, later)] },
    ],
    ...more,
  });
}
/** Logs of one container two seconds apart. */
const logs = (from: number, to: number, seconds = 2): Pick<Reading, 'containers'> => {
  const log = (sizeBytes: number): ContainerLog => containerLog({ sizeBytes, diskBytes: 1 });
  return {
    containers: [
      containers([log(from)], { atSeconds: 100 }),
      containers([log(to)], { atSeconds: 100 + seconds }),
    ],
  };
};

describe('a file system that fills', () => {
  const status = (seen: Reading): string | undefined => of('filling', seen)[0]?.status;
  const small = { sizeBytes: 10 * MB, freeBytes: 5 * MB, availableBytes: 5 * MB };
  const grownSmall = (bytes: number): Reading =>
    reading({
      samples: [
        { atSeconds: 100, facts: [facts(0, small)] },
        { atSeconds: 102, facts: [facts(0, { ...small, freeBytes: 5 * MB - bytes })] },
      ],
    });

  it('is told from noise by 2 MiB, or a hundredth of a small one', () => {
    expect(status(grown(2_097_152))).toBe('warning');
    expect(status(grown(2_097_151))).toBeUndefined();
    expect(status(grownSmall(100_000))).toBe('critical');
    expect(status(grownSmall(99_999))).toBeUndefined();
    expect(status(grown(-GB))).toBeUndefined();
  });

  it('needs two samples half a second apart', () => {
    expect(status(grown(4 * MB, { seconds: 0.5 }))).toBe('critical');
    expect(status(grown(4 * MB, { seconds: 0.25 }))).toBeUndefined();
    expect(status(reading({ samples: grown(4 * MB).samples.slice(0, 1) }))).toBeUndefined();
    const gone = { atSeconds: 102, facts: [null] };
    expect(
      status(reading({ samples: [...grown(4 * MB).samples.slice(0, 1), gone] })),
    ).toBeUndefined();
  });

  // 4 MB in two seconds: 2 MB/s.
  it.each([
    [3600 * 2 * MB - 1, 'critical'],
    [3600 * 2 * MB, 'warning'],
    [86_400 * 2 * MB, 'warning'],
    [86_400 * 2 * MB + MB, undefined],
    [0, undefined],
  ])('with %d bytes available at 2 MB/s is %s', (availableBytes, expected) => {
    expect(status(grown(4 * MB, { availableBytes }))).toBe(expected);
  });

  it('says what root may still write, where something is reserved', () => {
    const line = 'Processes of root go on';
    expect(of('filling', grown(4 * MB))[0]?.detail).not.toContain(line);
    const reserved = grown(4 * MB);
    const samples = reserved.samples.map((one) => ({
      ...one,
      facts: one.facts.map((each) => (each === null ? null : { ...each, availableBytes: GB })),
    }));
    expect(of('filling', { ...reserved, samples })[0]?.detail).toContain(`${line} into the 4 GB`);
  });

  it('names the container whose log is a twentieth of the growth, and asks the group', () => {
    const next = (log: Pick<Reading, 'containers'>): unknown =>
      of('filling', grown(4 * MB, {}, log))[0]?.next;
    const { path } = containerLog();
    expect(next(logs(0, 200_000))).toEqual([
      { diagnostic: 'logs', params: { path } },
      { diagnostic: 'disk', params: {}, scope: 'group' },
    ]);
    expect(next(logs(0, 199_999))).toEqual([]);
    expect(next({ containers: [] })).toEqual([]);
    const [found] = of('filling', grown(4 * MB, {}, logs(0, 200_000)));
    expect(found?.data['container']).toBe('shop');
    expect(found?.detail).toContain('The log of container shop grows by 100 kB/s');
  });
});

describe('the log of a container', () => {
  const found = (diskBytes: number, sizeBytes: number): number =>
    of(
      'container-log',
      reading({
        samples: [{ atSeconds: 1, facts: [facts(0, { sizeBytes, freeBytes: sizeBytes })] }],
        containers: [containers([containerLog({ diskBytes })])],
      }),
    ).length;

  it.each([
    ['a gigabyte', GB, 100 * GB],
    ['a tenth of its file system', 200 * MB, 2 * GB],
    ['5 MB on a tiny one', 5 * MB, 20 * MB],
  ])('is large from %s on', (_what, bytes, size) => {
    expect(found(bytes, size)).toBe(1);
    expect(found(bytes - 1, size)).toBe(0);
  });

  it('is said to grow only when it did, between samples half a second apart', () => {
    const rate = (to: number, seconds: number): unknown => {
      const large = (sizeBytes: number): ContainerLog => containerLog({ sizeBytes });
      const seen = reading({
        containers: [
          containers([large(2 * GB)], { atSeconds: 100 }),
          containers([large(to)], { atSeconds: 100 + seconds }),
        ],
      });
      return of('container-log', seen)[0]?.data['bytesPerSecond'];
    };
    expect(rate(2 * GB + 1000, 2)).toBe(500);
    expect(rate(2 * GB + 1000, 0.5)).toBe(2000);
    expect(rate(2 * GB + 1000, 0.25)).toBeUndefined();
    expect(rate(2 * GB, 2)).toBeUndefined();
    expect(rate(GB, 2)).toBeUndefined();
  });
});

describe('a deleted file that is still open', () => {
  const found = (sizeBytes: number, usedBytes: number): readonly (string | undefined)[] =>
    of(
      'deleted-open-file',
      used(usedBytes, { deleted: deleted(deletedFile({ sizeBytes, lengthBytes: sizeBytes })) }),
    ).map(({ status }) => status);

  it.each([
    ['is named from a twentieth of a file system with room on', 500 * MB, 5 * GB, 'warning'],
    ['is named from 0.5 % of a full one on', 50 * MB, 9.5 * GB, 'warning'],
  ])('%s', (_what, bytes, usedBytes, status) => {
    expect(found(bytes, usedBytes)).toEqual([status]);
    expect(found(bytes - 1, usedBytes)).toEqual([]);
  });

  it('is as bad as the file system from a twentieth of it on', () => {
    expect(found(500 * MB, 9.5 * GB)).toEqual(['critical']);
    expect(found(500 * MB - 1, 9.5 * GB)).toEqual(['warning']);
  });

  it('is offered to be emptied from 1 MB on, also on a tiny file system', () => {
    const tiny = facts(0, { sizeBytes: 10 * MB, freeBytes: 5 * MB, availableBytes: 5 * MB });
    const fixes = (sizeBytes: number): unknown =>
      of(
        'deleted-open-file',
        reading({
          samples: [{ atSeconds: 1, facts: [tiny] }],
          deleted: deleted(deletedFile({ sizeBytes })),
        }),
      ).map((one) => one.fixes.map(({ fix }) => fix));
    expect(fixes(MB)).toEqual([['truncate-deleted-file']]);
    expect(fixes(MB - 1)).toEqual([]);
  });

  it.each([
    ['written', 0o102001, ['truncate-deleted-file']],
    ['read and written', 0o2, ['truncate-deleted-file']],
    ['only read', 0o100000, []],
    ['not known', null, []],
    ['without a name ever (O_TMPFILE)', 0o20200002, []],
  ])(
    'is offered to be emptied only when it is a log that is written: %s',
    (_what, flags, fixes) => {
      const [first] = of(
        'deleted-open-file',
        used(9.5 * GB, { deleted: deleted(deletedFile({ flags })) }),
      );
      expect(first?.fixes.map(({ fix }) => fix)).toEqual(fixes);
      expect(first?.next).toHaveLength(fixes.length);
    },
  );
});
