import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartUnit } from '../../src/fixes/restart-unit/index.ts';
import { type Box, boxProblem } from '../support/box.ts';
import { busyboxImage, dockerProblem } from '../support/dockerd.ts';
import {
  createServiceBox,
  DATA_ROOT,
  dockerAsService,
  FixInBox,
  type ServiceDockerd,
  stepOf,
} from '../support/service-box.ts';

const AT = { pid: 9, start: 10, token: 11 };

describe.skipIf((boxProblem() ?? dockerProblem()) !== null)('restart-unit of docker', () => {
  let box: Box;
  let docker: ServiceDockerd;
  beforeAll(async () => {
    box = await createServiceBox();
    docker = await dockerAsService(box, { megabytes: 96 });
    busyboxImage(docker.dockerd);
    const run = (name: string, ...args: string[]): string =>
      docker.dockerd.docker(
        'run',
        '-d',
        '--stop-signal',
        'KILL',
        '--name',
        name,
        ...args,
        'busybox:lab',
        'sleep',
        '600',
      );
    run('web', '--restart', 'always');
    run('side', '--network', 'container:web');
  });
  afterAll(() => {
    docker?.close();
    box?.close();
  });

  const of = (params: Record<string, unknown>, shell: 'dash' | 'busybox' = 'dash'): FixInBox =>
    new FixInBox(box, { fix: restartUnit, params, options: { shell } });

  it.each(['dash', 'busybox'] as const)(
    'restarts a container and verifies it, under %s',
    (shell) => {
      const fix = of({ container: 'web' }, shell);
      const before = fix.look();
      expect(before.result.stderr).toBe('');
      const plan = fix.plan();
      expect(plan.summary).toBe('Restart the container web on host-17');
      expect(plan.preconditions.join('\n')).toMatch(
        /side lives in its namespaces and must be restarted/,
      );
      expect(fix.run(plan.steps)).toEqual({ codes: [0, 0], said: expect.any(String) });
      expect(fix.look().verify(before)).toMatchObject({ outcome: 'verified' });
      expect(fix.run(plan.steps).codes).toEqual([75, 75]);
    },
  );

  it.each([
    ['another start of the process (pid reuse)', AT.start, '1'],
    ['another process', AT.pid, '1'],
    ['another start of the container', AT.token, '2026-01-01T00:00:00.000000000Z'],
  ])('refuses %s and restarts nothing', (_what, index, value) => {
    const fix = of({ container: 'side' });
    const before = fix.look();
    const plan = fix.plan();
    fix.step(stepOf(plan, 'claim'));
    expect(fix.step(stepOf(plan, 'restart'), { [index]: value }).exitCode).toBe(65);
    expect(fix.look().words).toBe(before.words);
  });

  it('says that there is no such container', () => {
    expect(of({ container: 'nobody' }).look().plan).toMatch(/No such container: nobody/);
  });

  it('restarts the daemon itself, and says which containers come back', () => {
    const fix = of({ unit: 'docker' });
    const before = fix.look();
    const plan = fix.plan();
    const words = plan.preconditions.join('\n');
    expect(words).toMatch(/Stopped, and started again by restart policy: web/);
    expect(words).toMatch(/Stopped, and NOT started again .*: side/);
    expect(fix.run(plan.steps).codes).toEqual([0, 0]);
    const after = fix.look();
    expect(after.verify(before)).toMatchObject({
      outcome: 'verified',
      reason: expect.stringMatching(/as process/),
    });
  });

  it('restarts nothing on a full disk, where docker could not start it again', () => {
    const fix = of({ container: 'web' });
    const plan = fix.plan();
    const before = fix.look();
    box.run(`dd if=/dev/zero of=${DATA_ROOT}/fill bs=64k 2>/dev/null || true`);
    try {
      for (const params of [{ container: 'web' }, { unit: 'docker.service' }]) {
        expect(of(params).look().plan).toMatch(/\/srv\/d is full .* Free space first/);
      }
      expect(fix.run(plan.steps)).toEqual({
        codes: [0, 74],
        said: expect.stringMatching(/is full by now/),
      });
      expect(fix.look().words).toBe(before.words);
    } finally {
      box.run(`rm ${DATA_ROOT}/fill`);
    }
  });

  it('does not hang on a daemon that does not answer', async () => {
    const pid = box.run('cat /run/docker-ssd.pid').trim();
    box.run(`kill -STOP ${pid}`);
    try {
      expect(of({ container: 'web' }).look().plan).toMatch(/docker does not answer within 10 s/);
    } finally {
      box.run(`kill -CONT ${pid}`);
    }
  });
});
