import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan.ts';
import { plan } from '../../../../src/fixes/quarantine-image/plan.ts';
import type { Container, State, Store } from '../../../../src/fixes/quarantine-image/state.ts';
import {
  APP,
  CONTEXT,
  container,
  HEALTHY,
  ILL,
  id,
  image,
  LAYER,
  MIDDLE,
  PLACE,
  planned,
  state,
  store,
  TOP,
} from './sample-store.ts';

describe('quarantine-image refuses', () => {
  const why = (of: State): unknown => plan(of, LAYER, CONTEXT);
  const hurt = (more: Partial<Store> = {}): Store => store(ILL, more);
  it.each<[RegExp, State]>([
    [
      /needs root, this is uid 5 \(sudo refused: no\)/,
      state(hurt(), { uid: 5, sudoRefused: 'no' }),
    ],
    [/data root cannot be entered/, state(null)],
    [/there is no tar, mv on the host/, state(hurt(), { missing: ['tar', 'mv'] })],
    [/storage driver is btrfs/, state(hurt({ driver: 'btrfs' }))],
    [/storage driver is unknown/, state(hurt({ driver: '' }))],
    [/on other file systems/, state(hurt({ oneFileSystem: false }))],
    [
      /nobody is known to stop/,
      state(hurt(), { manager: { kind: 'none', unit: '-', exact: false, socket: false } }),
    ],
    [
      /pid 7\) is not the one that sysv keeps/,
      state(hurt(), { manager: { kind: 'sysv', unit: 'docker', exact: false, socket: false } }),
    ],
    [
      /says that docker runs, but there is no daemon/,
      state(hurt(), {
        daemon: null,
        manager: { kind: 'sysv', unit: 'docker', exact: false, socket: false },
      }),
    ],
    [
      /does not answer: restart it first/,
      state(hurt(), { daemon: { pid: '7', startTime: '8', answers: false, liveRestore: false } }),
    ],
    [/docker is at work: x\. Wait/, state(hurt(), { busy: ['x'] })],
    [/is read-only/, state(hurt({ readOnly: true }))],
    [/is full/, state(hurt({ freeBytes: 16 * 2 ** 20 - 1 }))],
    [/no inodes left \(63 free\)/, state(hurt({ freeInodes: 63 }))],
    [/is a symbolic link/, state(hurt({ links: [id('f')] }))],
    [
      /container web runs on it: stop it first/,
      state(hurt({ containers: [container('web', { parent: TOP, running: true })] })),
    ],
    [
      /web runs on it \(its file system is mounted\)/,
      state(hurt({ containers: [container('web', { parent: TOP })], mounted: ['m1'] })),
    ],
    [
      /cannot be used: its mode/,
      state(hurt(), { saveDirectory: { kind: 'unsafe', reason: 'its mode is 777' } }),
    ],
    [
      /is full, and \/run cannot/,
      state(hurt(), {
        saveDirectory: { ...PLACE, availableBytes: 1 },
        runDirectory: { kind: 'unsafe', reason: 'x' },
      }),
    ],
    [
      /150 that one approval/,
      state(
        hurt({
          images: Array.from({ length: 149 }, (_, at) =>
            image(String(at).padStart(64, '0'), [MIDDLE]),
          ),
        }),
      ),
    ],
  ])('%s', (words, of) => {
    expect(why(of)).toMatch(words);
  });

  it('not a container that runs on something else, nor a file system that does not count inodes', () => {
    expect(
      why(
        state(
          hurt({
            containers: [container('web', { running: true })],
            mounted: ['m1'],
            freeInodes: null,
          }),
        ),
      ),
    ).toBeTypeOf('object');
    expect(
      why(
        state(
          hurt({
            images: Array.from({ length: 148 }, (_, at) =>
              image(String(at).padStart(64, '0'), [MIDDLE]),
            ),
          }),
        ),
      ),
    ).toBeTypeOf('object');
    expect(why(state(hurt(), { saveDirectory: { ...PLACE, availableBytes: 1 } }))).toMatchObject({
      identity: { claim: '/run/housecall' },
    });
  });
});

describe('quarantine-image plans', () => {
  it('exactly what moves, and in which state it must be', () => {
    const { steps } = planned(state(store(ILL)));
    expect(steps[1]?.argv.slice(3)).toEqual([
      'quarantine',
      '/var/tmp/housecall',
      'f1',
      'b',
      '/var/lib/docker',
      '1:2',
      'overlay2',
      'systemd',
      'docker.service',
      'socket',
      '7',
      '8',
      'layer',
      MIDDLE,
      `${MIDDLE}|/diff:1:2:3,/link:26:5:6,/lower:28:7:8,`,
      'layer',
      TOP,
      `${TOP}|/diff:1:2:3,/link:26:5:6,/lower:28:7:8,`,
      'image',
      APP,
      `state ${APP}`,
    ]);
    expect(steps[1]?.equivalent).toMatch(
      /^systemctl stop docker\.socket docker\.service; mv .*; systemctl start docker\.socket docker\.service$/,
    );
    expect(steps[1]?.undo).toMatch(/\/var\/lib\/docker\/housecall-quarantine\/f1\/manifest says/);
  });

  it('counts bytes again where only they tell the damage', () => {
    const { steps } = planned(state(store({}, { content: { [MIDDLE]: 3 } })));
    expect(steps[1]?.argv[17]).toMatch(/^b+\|.*\|3$/);
    expect(steps[1]?.argv[20]).not.toMatch(/\|3$/);
  });

  it('leaves out what is not there: metadata, socket, daemon', () => {
    const images = [image(APP, [MIDDLE], { metadata: false })];
    const manager = { kind: 'sysv', unit: 'docker', exact: true, socket: false } as const;
    const { steps, preconditions } = planned(
      state(store(ILL, { images }), { daemon: null, manager }),
    );
    expect(steps[1]?.argv.slice(10, 15)).toEqual(['sysv', 'docker', '-', '-', '-']);
    expect(steps[1]?.argv).toContain('config');
    expect(steps[1]?.equivalent).toMatch(/^service docker stop; .*service docker start$/);
    expect(preconditions).toContain('Docker is down now; it is started');
    const runit = { kind: 'runit', unit: '/service/docker', exact: true, socket: false } as const;
    expect(planned(state(store(ILL), { manager: runit })).steps[1]?.equivalent).toMatch(
      /^sv down \/service\/docker; .*sv up/,
    );
  });

  const words = (of: Partial<Store>, more: Partial<State> = {}): string =>
    planned(state(store(ILL, of), more)).preconditions.join('\n');

  it('says which containers stop, and which come back', () => {
    const running = (name: string, policy: string): Container =>
      container(name, { running: true, policy });
    const containers = [
      running('b', 'always'),
      running('a', 'unless-stopped'),
      running('c', 'on-failure'),
      container('d'),
    ];
    expect(words({ containers })).toMatch(
      /started again by restart policy: a, b\nStopped with docker, and NOT started again .*: c\n/,
    );
    expect(words({})).toMatch(/No container runs/);
    const live = { pid: '7', startTime: '8', answers: true, liveRestore: true };
    expect(words({ containers }, { daemon: live })).toMatch(/a, b, c stay running/);
    const many = Array.from({ length: 21 }, (_, at) => running(`c${at + 10}`, 'no'));
    expect(words({ containers: many })).toMatch(/c29 and 1 more/);
    expect(words({ containers: many })).not.toMatch(/restart policy: c/);
  });

  it('loads what an archive holds, if there is room for it, and says what else is needed', () => {
    const archive = { file: 'app.tar', bytes: 8 * 2 ** 20, state: 's', images: [APP] };
    const of = (more: Partial<typeof archive>, also: Partial<Store> = {}): Plan =>
      planned(state(store(ILL, { archives: [{ ...archive, ...more }], ...also })));
    const whole = of({});
    expect(whole.steps.map(({ id: step }) => step)).toEqual([
      'claim',
      'quarantine',
      'reload',
      'restart',
    ]);
    expect(whole.steps[2]?.argv.slice(13)).toEqual([
      '-',
      '-',
      '/var/tmp/housecall/images',
      'app.tar',
      's',
    ]);
    expect(whole.steps[2]?.equivalent).toBe('docker load -i /var/tmp/housecall/images/app.tar');
    expect(of({ images: [HEALTHY] }).steps).toHaveLength(2);
    const tight = of({ bytes: 8 * 2 ** 20 + 1 });
    expect(tight.steps).toHaveLength(2);
    expect(tight.preconditions.join('\n')).toMatch(
      /Archives cannot be used: 16\.8 MB would be needed/,
    );
    expect(words({ archivesUnsafe: '/x is writable by others' })).toMatch(
      /cannot be used: \/x is writable/,
    );
    expect(words({})).toMatch(/No archive of image 1{12} is known .*docker pull app:1/);
    const nameless = { images: [image(APP, [MIDDLE])] };
    expect(words(nameless)).not.toMatch(/No archive/);
    expect(words({ ...nameless, containers: [container('x', { image: APP })] })).toMatch(
      /load it again \(`docker load`\) or build it.*\n.*Containers on it: x\. Docker sees/,
    );
    expect(
      words({ content: { [MIDDLE]: 1 }, containers: [container('x', { image: APP })] }),
    ).toMatch(/x\. Data below them is damaged/);
  });
});
