import { afterEach, describe, expect, it } from 'vitest';
import { quarantineImage } from '../../src/fixes/quarantine-image/index.ts';
import { boxProblem } from '../support/box.ts';
import { dockerProblem } from '../support/dockerd.ts';
import { createImageStoreLab, type ImageStoreLab } from '../support/image-store-lab.ts';
import { FixInBox, SAVE, stepOf } from '../support/service-box.ts';

describe.skipIf((boxProblem() ?? dockerProblem()) !== null)('quarantine-image', () => {
  let lab: ImageStoreLab;
  afterEach(() => lab?.close());

  const fixOf = (
    params: Record<string, unknown>,
    shell: 'dash' | 'busybox' | 'bash' = 'dash',
  ): FixInBox => new FixInBox(lab.box, { fix: quarantineImage, params, options: { shell } });

  it.each([
    ['overlay2', 'dash'],
    ['vfs', 'busybox'],
  ] as const)(
    'of an empty diff on %s: moves, loads again, verifies, under %s',
    async (driver, shell) => {
      lab = await createImageStoreLab(driver);
      lab.damage(`: >${lab.top}/layerdb/sha256/${lab.layer}/diff`);
      expect(lab.docker_('ps', '-a', '--format', '{{.Names}}')).toBe('keep');
      const fix = fixOf({ layer: `sha256:${lab.layer}` }, shell);
      const before = fix.look();
      expect(before.result.stderr).toBe('');
      const plan = fix.plan();
      expect(plan.steps.map(({ id }) => id)).toEqual(['claim', 'quarantine', 'reload', 'restart']);
      const words = plan.preconditions.join('\n');
      expect(words).toMatch(/Damaged: layer .*diff-empty/);
      expect(words).toMatch(/started again by restart policy: keep/);
      expect(words).toMatch(/Containers on it: victim/);
      expect(words).toMatch(/Loaded again from \/srv\/save\/images\/app\.tar/);
      const done = fix.run(plan.steps);
      expect(done).toEqual({
        codes: [0, 0, 0, 0],
        said: expect.stringMatching(/Loaded image: lab\/app:1/),
      });
      const after = fix.look();
      expect(after.verify(before)).toMatchObject({ outcome: 'verified' });
      expect(lab.docker_('start', '-a', 'victim')).toBe('app');
      expect(lab.docker_('exec', 'keep', 'cat', '/v/gold')).toBe('gold');
      expect(lab.docker_('run', '--rm', 'lab/app:1', 'cat', '/etc/app')).toBe('app');
      const quarantine = `/srv/d/housecall-quarantine/${fix.id}`;
      expect(lab.box.run(`stat -c %a /srv/d/housecall-quarantine ${quarantine}`)).toBe(
        '700\n700\n',
      );
      expect(
        lab.box.run(`find ${quarantine} -mindepth 2 -maxdepth 2 | sort`).trim().split('\n'),
      ).toEqual([
        `${quarantine}/imagedb-content/${lab.app}`,
        `${quarantine}/imagedb-metadata/${lab.app}`,
        `${quarantine}/layerdb/${lab.layer}`,
      ]);
      expect(fix.run(plan.steps).codes).toEqual([75, 75, 75, 75]);
      expect(before.verify(before)).toMatchObject({ outcome: 'ineffective' });
      expect(after.plan).toMatch(/it is healthy/);
    },
  );
});
