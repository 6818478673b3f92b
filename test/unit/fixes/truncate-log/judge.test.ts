import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan.ts';
import { Params } from '../../../../src/fixes/truncate-log/params.ts';
import { plan } from '../../../../src/fixes/truncate-log/plan.ts';
import type { File, Log, State, Way } from '../../../../src/fixes/truncate-log/state.ts';
import { verify } from '../../../../src/fixes/truncate-log/verify.ts';
import { FIXTURE_CONTEXT } from '../../../support/fix-fixture.ts';

const PATH = '/var/log/app.log';
const DISK = { type: 'ef53', blockSize: 4096, blocks: 1000, freeBlocks: 10, inodes: 100 };
const OTHER = { type: 'ef53', blockSize: 4096, blocks: 9999, freeBlocks: 5000, inodes: 100 };
const FILE: File = {
  rawDevice: '2049',
  device: '8:1',
  inode: '12',
  links: 1,
  regular: true,
  uid: 0,
  sizeBytes: 2_000_000,
  allocatedBytes: 2_000_896,
  directory: { uid: 0, mode: 0o755 },
};
const LOG: Log = {
  fileSystem: DISK,
  firstByte: 0,
  head: `0:${'a'.repeat(64)}`,
  magic: '323032362d31312d',
  text: { read: 1_000_000, nuls: 0, controls: 0 },
  writers: [{ pid: '7', flags: '02001', name: 'app' }],
  way: 'appends',
  unseenProcesses: 0,
  mappedBy: [],
};

function stateOf(
  change: { file?: Partial<File> | null; log?: Partial<Log> | null; state?: Partial<State> } = {},
): State {
  return {
    bootId: 'b',
    uid: 0,
    place: { kind: 'here', readOnly: false },
    file: change.file === null ? null : { ...FILE, ...change.file },
    log: change.log === null ? null : { ...LOG, ...change.log },
    saveDirectory: {
      kind: 'ready',
      path: '/var/tmp/housecall',
      device: '8:2',
      fileSystem: OTHER,
      availableBytes: 1e9,
    },
    runDirectory: {
      kind: 'creatable',
      path: '/run/housecall',
      device: '0:25',
      fileSystem: { ...OTHER, blocks: 77 },
      availableBytes: 1e6,
    },
    ...change.state,
  };
}

const planned = (change: Parameters<typeof stateOf>[0] = {}, path = PATH): Plan | string =>
  plan(stateOf(change), { path }, FIXTURE_CONTEXT);
const words = (change: Parameters<typeof stateOf>[0], path?: string): string => {
  const found = planned(change, path);
  return typeof found === 'string' ? found : found.preconditions.join('\n');
};

describe('whether a log may be emptied', () => {
  it('is planned for a text log that somebody writes', () => {
    expect(planned()).toMatchObject({
      identity: { claim: '/var/tmp/housecall', written: 'appends', head: LOG.head, links: '1' },
      saved: { kind: 'incident', name: `${FIXTURE_CONTEXT.fix}-app.log.txt` },
    });
  });

  it.each([
    '/etc/app.log',
    '/usr/share/app.log',
    '/bin/app.log',
    '/sbin/x.log',
    '/lib/a.log',
    '/lib64/a.log',
    '/boot/a.log',
    '/proc/a.log',
    '/sys/a.log',
    '/dev/shm/a.log',
  ])('never for %s', (path) => {
    expect(words({}, path)).toBe(`${path} on host-17: no file there is ever emptied by Housecall`);
  });

  it.each(['/etcetera/app.log', '/srv/usr/app.log', '/home/etc/app.log'])('but for %s', (path) => {
    expect(planned({}, path)).toBeTypeOf('object');
  });

  it.each([
    [{ state: { place: { kind: 'link', what: '/var/log' } as const } }, /symbolic link \/var\/log/],
    [{ state: { place: { kind: 'foreign', what: 'nfs4' } as const } }, /it is on nfs4/],
    [{ state: { place: { kind: 'missing' } as const } }, /no such file, or it is hidden as uid 0/],
    [{ state: { place: { kind: 'denied' } as const } }, /directory cannot be entered as uid 0/],
    [{ state: { place: { kind: 'here', readOnly: true } as const } }, /mounted read-only/],
    [{ file: null, log: null }, /cannot be looked at as uid 0/],
    [{ file: { regular: false }, log: null }, /no regular file/],
    [{ log: null }, /cannot be read as uid 0/],
    [{ log: null, state: { uid: 7, sudoRefused: 'no' } }, /as uid 7 \(sudo refused: no\)/],
    [{ file: { allocatedBytes: 65_535 } }, /holds only 65.5 kB/],
    [{ log: { magic: '1f8b0800' } }, /it is a gzip archive, not a log/],
    [{ log: { magic: '504b03041400' } }, /a zip archive/],
    [{ log: { magic: '53514c69746520666f726d617420330010' } }, /SQLite database/],
    [{ log: { magic: '5245444953303031' } }, /Redis snapshot/],
    [{ log: { magic: '2a320d0a24360d0a53454c4543540d0a' } }, /Redis append-only file/],
    [{ log: { magic: '4c504b534848524800' } }, /journal of systemd \(journalctl --vacuum-size/],
    [{ log: { magic: '23212f62696e2f7368' } }, /a script/],
    [{ log: { firstByte: 2_000_000 } }, /nothing but NUL/],
    [{ log: { text: { read: 0, nuls: 0, controls: 0 } } }, /nothing but NUL/],
    [{ log: { text: { read: 1000, nuls: 1, controls: 0 } } }, /1 of 1000 bytes looked at are NUL/],
    [{ log: { text: { read: 1000, nuls: 0, controls: 21 } } }, /2.1 % of the bytes/],
    [{ log: { mappedBy: ['5', '6'] } }, /process 5, 6 has mapped it/],
    [{ log: { way: 'unseen' } as const }, /could not be found out in 20 s/],
    [{ log: { unseenProcesses: 3 }, state: { uid: 7 } }, /cannot be seen as uid 7: 3 processes/],
    [{ file: { links: 2, directory: { uid: 5, mode: 0o755 } } }, /somebody else's file/],
    [{ file: { links: 2, directory: { uid: 0, mode: 0o775 } } }, /somebody else's file/],
    [{ file: { links: 2, directory: { uid: 0, mode: 0o757 } } }, /somebody else's file/],
  ] as const)('not for %j', (change, reason) => {
    expect(planned(change)).toMatch(reason);
  });

  it.each([
    [{ file: { allocatedBytes: 65_536 } }, /It holds 65.5 kB/],
    [{ log: { text: { read: 1000, nuls: 0, controls: 20 } } }, /It is text: 1 kB/],
    [{ log: { unseenProcesses: 1 } }, /memory \(1 process could not be looked at\)/],
    [{ log: { unseenProcesses: 2 } }, /memory \(2 processes could not be looked at\)/],
    [{ log: { firstByte: 500_000 } }, /the first 500 kB are a hole/],
    [{ file: { links: 2 } }, /It has 2 names: under each of them/],
    [{ file: { links: 2, uid: 5, directory: { uid: 5, mode: 0o755 } } }, /It has 2 names/],
    [{ log: { fileSystem: { ...DISK, type: '1021994' } } }, /frees RAM, not disk/],
  ] as const)('and says it of %j', (change, said) => {
    expect(planned(change)).toBeTypeOf('object');
    expect(words(change)).toMatch(said);
  });

  it('says nothing of names, holes and memory where there are none', () => {
    expect(words({})).not.toMatch(/names|hole|RAM|could not be looked at/);
  });

  it.each([
    ['appends', /Written by app \(pid 7\), which appends/],
    ['offset', /without O_APPEND: it goes on at its old offset \(up to 2 MB\)/],
    ['both', /in part without O_APPEND: such a writer goes on at its old offset/],
    ['nobody', /No process has it open for writing/],
  ] as const satisfies readonly (readonly [Way, RegExp])[])(
    'tells how it is written: %s',
    (way, said) => {
      expect(words({ log: { way } })).toMatch(said);
    },
  );

  it('names the container of a writer and of the log', () => {
    const id = 'c0ffee'.padEnd(64, '0');
    const path = `/var/lib/docker/containers/${id}/${id}-json.log`;
    expect(words({}, path)).toMatch(
      /log of container c0ffee000000: docker logs goes on .*max-size/,
    );
    expect(words({}, `/containers/${id}/${id.replace('c', 'd')}-json.log`)).not.toMatch(/docker/);
    const writers = [{ pid: '7', flags: '02001', name: 'app', container: id }];
    expect(words({ log: { writers } })).toMatch(/app \(pid 7, container c0ffee000000\)/);
  });

  it('leaves its mark elsewhere than on the disk of the log, or not at all', () => {
    const near = stateOf().saveDirectory;
    const same = { ...near, device: '8:1' } as State['saveDirectory'];
    expect(planned({ state: { saveDirectory: same } })).toMatchObject({
      identity: { claim: '/run/housecall' },
    });
    const unsafe = { kind: 'unsafe', reason: 'it is a symbolic link' } as const;
    expect(planned({ state: { saveDirectory: unsafe } })).toMatch(
      /fixes.saveDirectory \/var\/tmp\/housecall cannot be used on host-17: it is a symbolic link/,
    );
    expect(planned({ state: { saveDirectory: same, runDirectory: unsafe } })).toMatch(
      /cannot be kept in \/run either: it is a symbolic link/,
    );
    expect(planned({ state: { runDirectory: unsafe } })).toBeTypeOf('object');
  });

  it.each([
    '/var/log/../app.log',
    '/var/./app.log',
    'var/log',
    '/var//log',
    '/var/log/',
    '/',
    '/a\0',
  ])('takes no path like %j', (path) => {
    expect(Params.safeParse({ path }).success).toBe(false);
  });

  it('takes a path with a newline, and one of 4096 characters', () => {
    expect(Params.safeParse({ path: '/var/log/a\nb..c/.hidden' }).success).toBe(true);
    expect(Params.safeParse({ path: `/${'a'.repeat(4095)}` }).success).toBe(true);
    expect(Params.safeParse({ path: `/${'a'.repeat(4096)}` }).success).toBe(false);
  });
});

describe('whether it helped', () => {
  const after = (file: Partial<File> | null, log: Partial<Log> | null = {}): unknown =>
    verify(stateOf(), stateOf({ file, log }));

  it.each([
    ['emptied', { sizeBytes: 0, allocatedBytes: 0 }, 'verified', '2 MB freed'],
    [
      'emptied, and goes on at its offset',
      { allocatedBytes: 896 },
      'verified',
      '2 MB freed; its length of 2 MB is a hole in front, which takes no space',
    ],
    [
      'shorter on as many blocks',
      { sizeBytes: 1_999_999 },
      'verified',
      'its length fell from 2 MB to 2 MB',
    ],
    ['as before', {}, 'ineffective', 'nothing was freed: it still holds 2 MB'],
    [
      'larger',
      { allocatedBytes: 3_000_000, sizeBytes: 3_000_000 },
      'ineffective',
      'nothing was freed: it still holds 3 MB',
    ],
  ] as const)('%s', (_what, file, outcome, reason) => {
    expect(after(file)).toEqual({ outcome, reason });
  });

  it('tells that it filled again at once', () => {
    expect(after({}, { head: `0:${'b'.repeat(64)}` })).toEqual({
      outcome: 'ineffective',
      reason: 'it was emptied and holds 2 MB again: stop what writes it first',
    });
    expect(after({}, null)).toMatchObject({ reason: expect.stringMatching(/nothing was freed/) });
  });

  it.each([
    ['gone', null, /no file at its path/],
    ['another inode', { inode: '13', allocatedBytes: 0 }, /rotated meanwhile/],
    ['another device', { device: '8:9', allocatedBytes: 0 }, /rotated meanwhile/],
  ] as const)('cannot tell of one that is %s', (_what, file, reason) => {
    expect(after(file)).toEqual({ outcome: 'unknown', reason: expect.stringMatching(reason) });
  });

  it('cannot tell what was not seen before', () => {
    const reason = 'the log was not seen before';
    expect(verify(stateOf({ file: null }), stateOf())).toEqual({ outcome: 'unknown', reason });
    expect(verify(stateOf({ log: null }), stateOf())).toEqual({ outcome: 'unknown', reason });
  });
});
