import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan.ts';
import { Params } from '../../../../src/fixes/truncate-deleted-file/params.ts';
import { plan } from '../../../../src/fixes/truncate-deleted-file/plan.ts';
import type { Descriptor, State } from '../../../../src/fixes/truncate-deleted-file/state.ts';
import { verify } from '../../../../src/fixes/truncate-deleted-file/verify.ts';
import { FIXTURE_CONTEXT } from '../../../support/fix-fixture.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const DISK = { type: 'ef53', blockSize: 4096, blocks: 1000, freeBlocks: 10, inodes: 100 };
const OTHER = { ...DISK, blocks: 90_000, freeBlocks: 50_000 };
const FILE: Descriptor = {
  device: '8:1',
  inode: '12',
  links: 0,
  regular: true,
  sizeBytes: 8 * MIB,
  allocatedBytes: 8_000_000,
  flags: '0102001',
  path: '/var/log/app.log',
  fileSystem: DISK,
  mappedBy: [],
  sample: { read: 1000, packed: 500 },
};
const PLACE = {
  kind: 'ready',
  path: '/var/tmp/housecall',
  device: '8:2',
  fileSystem: OTHER,
  availableBytes: GIB,
} as const;
const STATE: State = {
  bootId: 'b',
  uid: 0,
  process: { startTime: '4711', name: 'java' },
  descriptor: FILE,
  saveDirectory: PLACE,
  runDirectory: { ...PLACE, path: '/run/housecall', device: '0:25' },
  gzip: true,
};
const PARAMS = Params.parse({ pid: 7, fd: 4, inode: 12, device: '8:1' });

const stateOf = (file: Partial<Descriptor>, more: Partial<State> = {}): State => ({
  ...STATE,
  descriptor: { ...FILE, ...file },
  ...more,
});
const of = (file: Partial<Descriptor>, more: Partial<State> = {}): Plan | string =>
  plan(stateOf(file, more), PARAMS, FIXTURE_CONTEXT);
function planned(file: Partial<Descriptor> = {}, more: Partial<State> = {}): Plan {
  const made = of(file, more);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

describe('truncate-deleted-file refuses', () => {
  it.each<[string, Plan | string, string]>([
    [
      'a process that is gone',
      of({}, { process: null }),
      'process 7 is gone from host-17, or hidden from uid 0: what it held is free if nobody else holds it',
    ],
    [
      'a descriptor that is closed',
      of({}, { descriptor: 'missing' }),
      'descriptor 4 of process 7 on host-17 is closed: there is nothing to truncate',
    ],
    [
      'one that cannot be looked at',
      of({}, { descriptor: 'denied', uid: 5 }),
      'descriptor 4 of process 7 on host-17 cannot be looked at as uid 5',
    ],
    [
      'the same where sudo refused',
      of({}, { descriptor: 'denied', uid: 5, sudoRefused: 'no' }),
      'descriptor 4 of process 7 on host-17 cannot be looked at as uid 5 (sudo refused: no)',
    ],
    [
      'the inode on another device',
      of({ device: '8:3' }),
      'descriptor 4 of process 7 on host-17 is another file now (device 8:3, inode 12)',
    ],
    [
      'another inode of the device',
      of({ inode: '13' }),
      'descriptor 4 of process 7 on host-17 is another file now (device 8:1, inode 13)',
    ],
    ['a pipe or a device', of({ regular: false }), 'is no regular file'],
    [
      'a file with a name',
      of({ links: 1 }),
      'still has 1 name on disk: truncating it would destroy living data',
    ],
    [
      'a file with names',
      of({ links: 2 }),
      'still has 2 names on disk: truncating it would destroy living data',
    ],
    [
      'what is in memory',
      of({ fileSystem: { ...DISK, type: '1021994' } }),
      'is in memory (tmpfs or memfd), not on a disk, and may be shared by processes',
    ],
    [
      'what processes have mapped',
      of({ mappedBy: ['8', '9'] }),
      'may be mapped into process 8, 9: truncating it would kill whoever reads it there',
    ],
    ['what holds nothing', of({ allocatedBytes: 0 }), 'holds no space: there is nothing to free'],
    [
      'a directory for copies that is not safe',
      of({}, { saveDirectory: { kind: 'unsafe', reason: 'its mode is 777' } }),
      'fixes.saveDirectory /var/tmp/housecall cannot be used on host-17: its mode is 777',
    ],
    [
      'when the mark finds no place',
      of(
        { device: '8:1' },
        {
          saveDirectory: { ...PLACE, device: '8:1' },
          runDirectory: { kind: 'unsafe', reason: 'it is a symbolic link' },
        },
      ),
      'the mark that makes a fix run at most once cannot be kept in /run either: it is a symbolic link',
    ],
  ])('%s', (_what, made, words) => {
    const why = typeof made === 'string' ? made : 'a plan';
    expect(why.slice(-words.length)).toBe(words);
  });
});

describe('truncate-deleted-file plans', () => {
  it('a copy first, then the file that was approved and no other', () => {
    const { steps, saved, identity, summary } = planned();
    expect(summary).toBe(
      'Empty the deleted file app.log that java (pid 7) on host-17 holds open, after saving a copy',
    );
    expect(steps.map(({ id, timeoutSeconds }) => [id, timeoutSeconds]).slice(1)).toEqual([
      ['save', 7200],
      ['truncate', 1800],
    ]);
    for (const { id, argv } of steps.slice(1)) {
      const place = [PLACE.path, FIXTURE_CONTEXT.fix];
      const file = ['7', '4', '4711', 'b', '8:1', '12', `${FIXTURE_CONTEXT.fix}-app.log.gz`];
      expect(argv).toEqual(['sh', '-s', '--', id, ...place, ...file]);
    }
    const copy = `/var/tmp/housecall/${FIXTURE_CONTEXT.fix}-app.log.gz`;
    expect(saved).toMatchObject({ kind: 'file', path: copy, bytes: 4 * MIB });
    expect(steps.slice(1).map(({ equivalent, undo }) => [equivalent, undo])).toEqual([
      [`gzip -1 < /proc/7/fd/4 > ${copy}`, `rm ${copy}`],
      [': > /proc/7/fd/4', `none: the bytes are in the saved copy ${copy}`],
    ]);
    expect(identity).toEqual({
      claim: PLACE.path,
      uid: '0',
      bootId: 'b',
      pid: '7',
      startTime: '4711',
      fd: '4',
      device: '8:1',
      inode: '12',
      links: '0',
      flags: '0102001',
    });
  });

  it('without a copy only where none can be kept, and says that everything is lost', () => {
    const { steps, saved, summary, preconditions } = planned({}, { gzip: false });
    expect(summary).toMatch(/ holds open WITHOUT a copy$/);
    expect(saved).toEqual({ kind: 'loss', words: 'lose app.log' });
    expect(preconditions).toContain('It cannot be saved: there is no gzip on the host');
    expect(steps.slice(1)).toMatchObject([
      { id: 'truncate', undo: null, why: 'Frees the blocks. Everything in the file is lost.' },
    ]);
    expect(steps[1]?.argv.at(-1)).toBe('');
  });

  it('its mark in /run when the directory for copies is on the full file system', () => {
    const made = planned({}, { saveDirectory: { ...PLACE, device: '8:1' } });
    expect(made.identity['claim']).toBe('/run/housecall');
    expect(made.saved.kind).toBe('loss');
  });

  const atStart = 'The writer appends: it goes on at the start of the emptied file';
  const atItsOffset =
    'The writer does not append: it goes on at its old offset (up to 8.4 MB), so the file looks as large as before, but the blocks in front stay free';
  it.each([
    ['0102001', atStart],
    ['02000', atStart],
    ['0100001', atItsOffset],
    ['01001', atItsOffset],
  ])('what the writer does afterwards, by the flags of open %s', (flags, words) => {
    expect(planned({ flags }).preconditions.at(-1)).toBe(words);
  });

  it('whose process it is: its container by the short id', () => {
    const container = 'c0ffee'.padEnd(64, '0');
    const process = { startTime: '4711', name: 'java', container };
    expect(planned({}, { process }).preconditions[0]).toBe(
      'Process 7 is java, started 4711 ticks after boot, in container c0ffee000000',
    );
    expect(planned().preconditions[0]).toBe('Process 7 is java, started 4711 ticks after boot');
  });
});

describe('truncate-deleted-file keeps a copy', () => {
  // 20 GiB: a twentieth of it stays free for everybody else.
  const large = { ...DISK, blocks: 5_242_880, freeBlocks: 4_000_000 };
  const room = (
    availableBytes: number,
    fileSystem: typeof DISK = OTHER,
  ): State['saveDirectory'] => ({
    ...PLACE,
    fileSystem,
    availableBytes,
  });
  const kept = (
    file: Partial<Descriptor>,
    saveDirectory: State['saveDirectory'] = PLACE,
  ): string | null => {
    const { saved, preconditions } = planned(file, { saveDirectory });
    return saved.kind === 'file' ? null : (preconditions[4] ?? '');
  };

  it('when half as much again as the sample promises is free beside what must stay free', () => {
    // 4 MiB packed, times 1.5, and a twentieth of 90,000 blocks of 4 KiB.
    const least = 6 * MIB + 4500 * 4096;
    expect(kept({}, room(least))).toBeNull();
    expect(kept({}, room(least - 1))).toBe(
      'It cannot be saved: /var/tmp/housecall has 6.3 MB to spare, about 6.3 MB are needed',
    );
    expect(kept({}, room(0))).toMatch(/ has 0 B to spare, about 6\.3 MB are needed$/);
  });

  it.each([
    ['at least 16 MiB', DISK, 16 * MIB],
    ['at most 1 GiB', { ...large, blocks: 90_000_000 }, GIB],
    ['a twentieth in between', large, GIB],
    ['a twentieth of 10 GiB', { ...large, blocks: 2_621_440 }, GIB / 2],
  ])('and %s stay free', (_what, fileSystem, margin) => {
    const other = { ...fileSystem, freeBlocks: fileSystem.freeBlocks + 9_000_000 };
    expect(kept({}, room(6 * MIB + margin, other))).toBeNull();
    expect(kept({}, room(6 * MIB + margin - 1, other))).toMatch(/are needed$/);
  });

  it('as large as the file when there is no sample, and never taken for much larger', () => {
    const bytes = (sample: Descriptor['sample']): number | undefined => {
      const { saved } = planned({ sample });
      return saved.kind === 'file' ? saved.bytes : undefined;
    };
    expect(bytes({ read: 0, packed: 0 })).toBe(8 * MIB);
    expect(bytes({ read: 10, packed: 200 })).toBe(Math.ceil(8 * MIB * 1.01));
    expect(bytes({ read: 3, packed: 1 })).toBe(Math.ceil((8 * MIB) / 3));
  });

  it('not in memory, and not of what would take hours', () => {
    expect(kept({}, room(GIB, { ...OTHER, type: '1021994' }))).toBe(
      'It cannot be saved: /var/tmp/housecall is in memory',
    );
    const sample = { read: 1_000_000, packed: 1 };
    expect(kept({ sizeBytes: 256 * GIB, sample })).toBeNull();
    expect(kept({ sizeBytes: 256 * GIB + 1, sample })).toMatch(
      /^It cannot be saved: 274\.9 GB cannot be copied in the time there is$/,
    );
  });
});

describe('truncate-deleted-file afterwards', () => {
  it.each<[string, State, string, RegExp]>([
    ['freed', stateOf({ allocatedBytes: 0 }), 'verified', /^8 MB freed$/],
    ['freed in part', stateOf({ allocatedBytes: 7_000_000 }), 'verified', /^1 MB freed$/],
    ['nothing freed', stateOf({}), 'ineffective', /^nothing was freed: .* still holds 8 MB$/],
    ['grown', stateOf({ allocatedBytes: 9_000_000 }), 'ineffective', /still holds 9 MB$/],
    ['host restarted', stateOf({}, { bootId: 'c' }), 'unknown', /^the host was started again/],
    ['process gone', stateOf({}, { process: null }), 'unknown', /^process 7 is gone/],
    [
      'its number given to another',
      stateOf({ allocatedBytes: 0 }, { process: { startTime: '4712', name: 'java' } }),
      'unknown',
      /^process 7 is gone/,
    ],
    ['closed', stateOf({}, { descriptor: 'missing' }), 'unknown', /has closed descriptor 4/],
    ['denied', stateOf({}, { descriptor: 'denied' }), 'unknown', /can no longer be looked at$/],
    ['another inode', stateOf({ inode: '9', allocatedBytes: 0 }), 'unknown', /another file now$/],
    ['another device', stateOf({ device: '9:9', allocatedBytes: 0 }), 'unknown', /another file/],
  ])('%s', (_what, after, outcome, reason) => {
    expect(verify(STATE, after, PARAMS)).toEqual({
      outcome,
      reason: expect.stringMatching(reason),
    });
  });

  it('cannot tell what was not seen before', () => {
    expect(verify(stateOf({}, { descriptor: 'denied' }), STATE, PARAMS)).toEqual({
      outcome: 'unknown',
      reason: 'the file was not seen before',
    });
  });
});
