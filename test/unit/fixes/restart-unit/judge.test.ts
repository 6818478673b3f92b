import { describe, expect, it } from 'vitest';
import type { HostDirectory } from '../../../../src/core/approval/host-directory.ts';
import { dockerWords, noRoom } from '../../../../src/fixes/restart-unit/docker-words.ts';
import { Params } from '../../../../src/fixes/restart-unit/params.ts';
import { plan } from '../../../../src/fixes/restart-unit/plan.ts';
import type { Container, Docker, State, Target } from '../../../../src/fixes/restart-unit/state.ts';
import { verify } from '../../../../src/fixes/restart-unit/verify.ts';

const MIB = 2 ** 20;
const TARGET: Target = {
  id: 'web.service',
  name: 'web.service',
  state: 'active',
  main: { pid: '42', startTime: '1000' },
  start: 'aaaa',
  notes: [],
};
const PLACE: HostDirectory = {
  kind: 'ready',
  path: '/var/tmp/housecall',
  device: '8:1',
  fileSystem: { type: 'ef53', blockSize: 4096, blocks: 10, freeBlocks: 10, inodes: 10 },
  availableBytes: 65_536,
};
const STATE: State = {
  bootId: 'b',
  uid: 0,
  manager: 'systemd',
  target: TARGET,
  dependents: [],
  docker: null,
  saveDirectory: PLACE,
  runDirectory: { ...PLACE, path: '/run/housecall' },
};
const DOCKER: Docker = {
  liveRestore: false,
  root: '/var/lib/docker',
  room: { freeBytes: 16 * MIB, freeInodes: 64, readOnly: false },
  running: [],
  missingLayers: [],
};
const CONTEXT = { fix: 'f1', host: 'host-17', saveDirectory: '/var/tmp/housecall', nonce: 'n' };
const state = (target: Partial<Target> | string, more: Partial<State> = {}): State => ({
  ...STATE,
  target: typeof target === 'string' ? target : { ...TARGET, ...target },
  ...more,
});
const container = (name: string, more: Partial<Container> = {}): Container => ({
  id: name,
  name,
  comesBack: false,
  shares: false,
  ...more,
});

describe('restart-unit takes', () => {
  it.each([
    [{ unit: 'docker' }, { unit: 'docker.service' }],
    [{ unit: 'docker.service' }, { unit: 'docker.service' }],
    [{ unit: 'docker.socket' }, { unit: 'docker.socket' }],
    [{ unit: 'getty@tty1' }, { unit: 'getty@tty1.service' }],
    [{ unit: 'org.app.thing' }, { unit: 'org.app.thing.service' }],
    [{ container: 'web_1' }, { container: 'web_1' }],
  ])('%j', (given, expected) => {
    expect(Params.parse(given)).toEqual(expected);
  });

  it.each([
    {},
    { unit: 'a', container: 'b' },
    { unit: '' },
    { unit: '-rf' },
    { unit: 'a b' },
    { unit: 'a;b' },
    { unit: '../cron' },
    { unit: 'a/b' },
    { unit: 'a\nb' },
    { unit: 'multi-user.target' },
    { unit: 'home.mount' },
    { unit: 'system.slice' },
    { container: '-f' },
    { container: 'a/b' },
    { container: 'a b' },
    { container: 'x'.repeat(129) },
  ])('not %j', (given) => {
    expect(Params.safeParse(given).success).toBe(false);
  });
});

describe('restart-unit is', () => {
  it.each<[string, State, State, RegExp]>([
    [
      'verified',
      state({}),
      state({ main: { pid: '43', startTime: '2000' }, start: 'b' }),
      /again as process 43$/,
    ],
    [
      'verified',
      state({}),
      state({ main: { pid: '42', startTime: '2000' }, start: 'b' }),
      /process 42$/,
    ],
    ['verified', state({ main: null }), state({}), /process 42$/],
    ['verified', state({ main: null }), state({ main: null, start: 'b' }), /was started again$/],
    ['ineffective', state({}), state({}), /still process 42 of before/],
    ['ineffective', state({ main: null }), state({ main: null }), /was not started again/],
    [
      'ineffective',
      state({}),
      state({ state: 'failed', main: null }),
      /is failed now: it did not start/,
    ],
    [
      'unknown',
      state({ main: null, start: '' }),
      state({ main: null, start: '' }),
      /cannot be seen/,
    ],
    ['unknown', state({}), state({ state: 'activating' }), /still being started/],
    ['unknown', state({}), state({ state: 'restarting' }), /still being started/],
    ['unknown', state({}), state('no answer'), /any more: no answer/],
    ['unknown', state('gone'), state({}), /not seen before/],
    ['unknown', state({}), state({ id: 'x' }), /another one now/],
    ['unknown', state({}), state({}, { bootId: 'c' }), /host itself/],
  ])('%s', (outcome, before, after, reason) => {
    expect(verify(before, after)).toEqual({ outcome, reason: expect.stringMatching(reason) });
  });
});

describe('restart-unit of docker', () => {
  const full = (
    room: Partial<NonNullable<Docker['room']>>,
    manager: State['manager'] = 'docker',
  ): string | null =>
    noRoom({
      ...STATE,
      manager,
      docker: {
        ...DOCKER,
        room: { freeBytes: MIB * 99, freeInodes: null, readOnly: false, ...room },
      },
    });

  it('needs 16 MiB, 64 inodes and a disk that can be written', () => {
    expect(full({ freeBytes: 16 * MIB })).toBeNull();
    expect(full({ freeBytes: 16 * MIB - 1 })).toMatch(
      /is full .*would stop it and could not start it again/,
    );
    expect(full({ freeBytes: 0 }, 'systemd')).toMatch(/docker would not start again/);
    expect(full({ freeInodes: 64 })).toBeNull();
    expect(full({ freeInodes: 63 })).toMatch(/no inodes left \(63 free\)/);
    expect(full({ readOnly: true })).toMatch(/is read-only/);
    expect(noRoom({ ...STATE, manager: 'docker', docker: { ...DOCKER, room: null } })).toMatch(
      /cannot be looked at/,
    );
    expect(noRoom({ ...STATE, docker: { ...DOCKER, room: null } })).toBeNull();
    expect(
      noRoom({ ...STATE, manager: 'docker', docker: { ...DOCKER, missingLayers: ['/x/diff'] } }),
    ).toMatch(/damaged \(\/x\/diff\)/);
    expect(noRoom(STATE)).toBeNull();
  });

  it('says which containers stay, come back and do not', () => {
    const words = (docker: Partial<Docker>): string =>
      dockerWords({ ...STATE, docker: { ...DOCKER, ...docker } }, TARGET).join('; ');
    expect(dockerWords(STATE, TARGET)).toEqual([]);
    expect(words({})).toMatch(/16\.8 MB free.*; No container runs$/);
    expect(words({ running: null })).toMatch(/cannot be told: docker does not answer/);
    const two = [container('b'), container('a', { comesBack: true })];
    expect(words({ running: two })).toMatch(/again by restart policy: a; Stopped, and NOT .*: b$/);
    expect(words({ running: two, liveRestore: true })).toMatch(
      /The 2 running containers stay running/,
    );
    expect(words({ running: [container('a')], liveRestore: true })).toMatch(
      /The running container stay/,
    );
    expect(words({ running: [container('a')] })).not.toMatch(/by restart policy/);
    expect(words({ running: [container('a', { comesBack: true })] })).not.toMatch(/NOT/);
    const many = Array.from({ length: 22 }, (_, at) =>
      container(`c${String(at).padStart(2, '0')}`),
    );
    expect(words({ running: many })).toMatch(/c19 and 2 more$/);
    expect(words({ running: many.slice(0, 20) })).toMatch(/c19$/);
  });

  it('says who lives in its namespaces', () => {
    const words = (running: Docker['running']): string =>
      dockerWords({ ...STATE, manager: 'docker', docker: { ...DOCKER, running } }, TARGET).join(
        '; ',
      );
    expect(words(null)).toMatch(/cannot be told$/);
    expect(words([container('a')])).toMatch(/No running container lives/);
    expect(words([container(TARGET.id, { shares: true })])).toMatch(/No running container lives/);
    expect(words([container('b', { shares: true }), container('a', { shares: true })])).toMatch(
      /a, b live in its namespaces/,
    );
  });
});

describe('restart-unit keeps its mark', () => {
  const claim = (more: Partial<State>): unknown => {
    const made = plan({ ...STATE, ...more }, { unit: 'web.service' }, CONTEXT);
    return typeof made === 'string' ? made : made.identity['claim'];
  };
  const tight = { ...PLACE, availableBytes: 65_535 };
  it('where there is room, and nowhere that is unsafe', () => {
    expect(claim({})).toBe('/var/tmp/housecall');
    expect(claim({ saveDirectory: tight })).toBe('/run/housecall');
    expect(claim({ saveDirectory: tight, runDirectory: tight })).toMatch(
      /is full, and \/run cannot be used/,
    );
    expect(claim({ saveDirectory: tight, runDirectory: { kind: 'unsafe', reason: 'x' } })).toMatch(
      /is full/,
    );
    expect(claim({ saveDirectory: { kind: 'unsafe', reason: 'its mode is 777' } })).toMatch(
      /cannot be used on host-17: its mode is 777/,
    );
  });
});
