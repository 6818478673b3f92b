import { describe, expect, it } from 'vitest';
import { Params } from '../../../../src/fixes/reuse-time-wait/params.ts';
import { plan } from '../../../../src/fixes/reuse-time-wait/plan.ts';
import type { State, Target } from '../../../../src/fixes/reuse-time-wait/state.ts';
import { holds, verify } from '../../../../src/fixes/reuse-time-wait/verify.ts';

const CONTEXT = {
  fix: 'f0000000000000001',
  host: 'host-17',
  saveDirectory: '/var/tmp/housecall',
  nonce: 'n0nce',
};
const FILE_SYSTEM = { type: 'ef53', blockSize: 4096, blocks: 1000, freeBlocks: 500, inodes: 100 };
const place = (path: string, availableBytes = 1_000_000) => ({
  kind: 'ready' as const,
  path,
  device: '8:1',
  fileSystem: FILE_SYSTEM,
  availableBytes,
});
const TARGET: Target = {
  pid: 261,
  startTime: '4711',
  process: 'php',
  namespace: '4026532591',
  host: false,
  own: false,
  container: null,
  shared: 0,
  settings: { reuse: '2', timestamps: '1', writable: true },
  timeWait: 200,
  recycled: 5,
};
const state = (target: Partial<Target> | string = {}, more: Partial<State> = {}): State => ({
  bootId: 'boot',
  uid: 0,
  enter: 'nsenter',
  target: typeof target === 'string' ? target : { ...TARGET, ...target },
  saveDirectory: place('/var/tmp/housecall'),
  runDirectory: place('/run/housecall'),
  ...more,
});
const set = (reuse: string | null): Partial<Target> => ({
  settings: { reuse, timestamps: '1', writable: true },
});

describe('the parameters of reuse-time-wait', () => {
  it.each([
    {},
    { pid: 1, container: 'web' },
    { pid: 0 },
    { pid: 1.5 },
    { pid: 4_194_305 },
    { pid: '1/../2' },
    { container: '' },
    { container: '-rf' },
    { container: '../../etc' },
    { container: 'a b' },
    { container: '$(reboot)' },
    { container: 'a\nb' },
    { container: 'a'.repeat(129) },
    { pid: 1, other: 1 },
  ])('are refused: %o', (given) => {
    expect(Params.safeParse(given).success).toBe(false);
  });

  it.each([{ pid: 1 }, { pid: '261' }, { container: 'a'.repeat(64) }, { container: 'web_1.x-y' }])(
    'are taken: %o',
    (given) => {
      expect(Params.safeParse(given).success).toBe(true);
    },
  );
});

describe('the plan of reuse-time-wait', () => {
  it.each<[string, State, RegExp]>([
    ['gone', state('process 261 is gone'), /^process 261 on host-17: process 261 is gone$/],
    [
      'not root',
      state({}, { uid: 33, sudoRefused: 'no tty' }),
      /this is uid 33 \(sudo refused: no tty\)$/,
    ],
    ['no sudo', state({}, { uid: 33 }), /this is uid 33$/],
    ['nothing to enter with', state({}, { enter: 'none' }), /neither nsenter nor a busybox/],
    ['not entered', state({ settings: null }), /could not be entered$/],
    ['old kernel', state(set(null)), /before Linux 4\.15/],
    ['already', state(set('1')), /is 1 already: there is nothing to change$/],
    [
      'no timestamps',
      state({ settings: { reuse: '2', timestamps: '0', writable: true } }),
      /no effect/,
    ],
    [
      'read-only',
      state({ settings: { reuse: '2', timestamps: '1', writable: false } }),
      /read-only/,
    ],
    [
      'unsafe directory',
      state({}, { saveDirectory: { kind: 'unsafe', reason: 'it is a symbolic link' } }),
      /saveDirectory \/var\/tmp\/housecall cannot be used: it is a symbolic link$/,
    ],
    [
      'no room for the mark',
      state({}, { saveDirectory: place('/s', 65_535), runDirectory: place('/run/housecall', 0) }),
      /\/s is full, and \/run cannot be used either$/,
    ],
  ])('is refused: %s', (_what, seen, words) => {
    expect(plan(seen, { pid: 261 }, CONTEXT)).toMatch(words);
  });

  it('keeps its mark in /run when the directory for copies is full', () => {
    const full = state({}, { saveDirectory: place('/s', 65_535) });
    expect(plan(full, { pid: 261 }, CONTEXT)).toMatchObject({
      identity: { claim: '/run/housecall' },
    });
    const room = state({}, { saveDirectory: place('/s', 65_536) });
    expect(plan(room, { pid: 261 }, CONTEXT)).toMatchObject({ identity: { claim: '/s' } });
  });

  it('names what must still hold, and the exact way back', () => {
    const made = plan(state(), { pid: 261 }, CONTEXT);
    if (typeof made === 'string') throw new Error(made);
    expect(made.identity).toEqual({
      claim: '/var/tmp/housecall',
      uid: '0',
      bootId: 'boot',
      pid: '261',
      startTime: '4711',
      namespace: '4026532591',
      container: 'none',
      host: 'false',
      enter: 'nsenter',
      oldValue: '2',
    });
    expect(made.steps[1]).toMatchObject({
      id: 'set',
      equivalent: 'nsenter -t 261 -n sysctl -w net.ipv4.tcp_tw_reuse=1',
      undo: 'nsenter -t 261 -n sysctl -w net.ipv4.tcp_tw_reuse=2',
    });
    expect(made.steps[1]?.argv.slice(3)).toEqual([
      '/var/tmp/housecall',
      CONTEXT.fix,
      'nsenter',
      '261',
      '4711',
      'boot',
      '4026532591',
      '2',
    ]);
  });

  it('is the same while connections come and go', () => {
    const [one, other] = [{}, { timeWait: 7, recycled: 99 }].map((target) =>
      plan(state(target), { pid: 261 }, CONTEXT),
    );
    expect(one).toEqual(other);
  });

  it('changes the host for a process of it, and never for a container', () => {
    const host = state({ host: true, own: true });
    expect(plan(host, { container: 'web' }, CONTEXT)).toMatch(/uses the network of the host/);
    const made = plan(host, { pid: 1 }, CONTEXT);
    expect(made).toMatchObject({ identity: { enter: '-', host: 'true' } });
    expect(JSON.stringify(made)).toContain('THIS CHANGES THE HOST');
  });

  it.each([
    [0, 'Nothing else is in this network namespace'],
    [1, '1 other container shares this network namespace'],
    [2, '2 other containers share this network namespace'],
  ])('says who shares the namespace: %d', (shared, words) => {
    expect(JSON.stringify(plan(state({ shared }), { pid: 261 }, CONTEXT))).toContain(words);
  });
});

describe('reuse-time-wait afterwards', () => {
  it.each<[string, State, string, RegExp]>([
    [
      'set',
      state({ ...set('1'), recycled: 1239 }),
      'verified',
      /^tcp_tw_reuse is 1, it was 2; 1,234 ports/,
    ],
    ['set, not used yet', state(set('1')), 'verified', /^tcp_tw_reuse is 1, it was 2$/],
    ['not set', state(), 'ineffective', /^tcp_tw_reuse is 2$/],
    ['key gone', state(set(null)), 'ineffective', /not there$/],
    [
      'restarted',
      state({ ...set('1'), namespace: '9' }),
      'unknown',
      /another network namespace .* is 1$/,
    ],
    ['unreadable', state({ settings: null }), 'unknown', /could not be entered/],
    ['gone', state('it is gone'), 'unknown', /^it is gone$/],
    ['host restarted', state(set('1'), { bootId: 'other' }), 'unknown', /started again/],
  ])('%s', (_what, after, outcome, reason) => {
    expect(verify(state(), after)).toEqual({ outcome, reason: expect.stringMatching(reason) });
  });

  it('cannot tell what was never seen', () => {
    expect(verify(state('gone'), state(set('1')))).toMatchObject({ outcome: 'unknown' });
  });

  it('holds while the value is 1; what cannot be read is not told', () => {
    expect(holds(state(set('1')))).toBe(true);
    expect(holds(state())).toBe(false);
    expect(holds(state({ settings: null }))).toBe(null);
    expect(holds(state('gone'))).toBe(null);
  });
});
