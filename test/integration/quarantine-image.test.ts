import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quarantineImage } from '../../src/fixes/quarantine-image/index.ts';
import { boxProblem } from '../support/box.ts';
import { dockerProblem } from '../support/dockerd.ts';
import { createImageStoreLab, type ImageStoreLab } from '../support/image-store-lab.ts';
import { FixInBox, SAVE } from '../support/service-box.ts';

type Shell = 'dash' | 'busybox';
const problem = boxProblem() ?? dockerProblem();

describe.skipIf(problem !== null).each([
  ['overlay2', 'dash'],
  ['vfs', 'busybox'],
] as const)('quarantine-image on %s under %s', (driver, shell) => {
  let lab: ImageStoreLab;
  beforeAll(async () => {
    lab = await createImageStoreLab(driver);
  });
  afterAll(() => lab?.close());

  const fixOf = (
    params: Record<string, unknown>,
    options: { shell: Shell } = { shell },
  ): FixInBox => new FixInBox(lab.box, { fix: quarantineImage, params, options });
  const layer = (): Record<string, unknown> => ({ layer: `sha256:${lab.layer}` });

  it('refuses what is healthy, and what is not there', () => {
    const plan = (params: Record<string, unknown>): unknown => fixOf(params).look().plan;
    expect(plan(layer())).toMatch(/it is healthy: its files and its data are whole/);
    expect(plan({ image: `sha256:${lab.app}` })).toMatch(/it is healthy/);
    expect(plan({ layer: `sha256:${'0'.repeat(64)}` })).toMatch(/it is gone/);
    expect(plan({ image: `sha256:${'0'.repeat(64)}` })).toMatch(/it is gone/);
  });

  it('moves a layer with an empty diff and its image, loads it again, and everything is there', () => {
    lab.damage(`: >${lab.top}/layerdb/sha256/${lab.layer}/diff`);
    expect(lab.command('ps', '-a', '--format', '{{.Names}}')).toBe('keep');
    const fix = fixOf(layer());
    const before = fix.look();
    expect(before.result.stderr).toBe('');
    const plan = fix.plan();
    expect(plan.steps.map(({ id }) => id)).toEqual(['claim', 'quarantine', 'reload', 'restart']);
    const words = plan.preconditions.join('\n');
    expect(words).toMatch(/Damaged: layer .*diff-empty/);
    expect(words).toMatch(/started again by restart policy: keep/);
    expect(words).toMatch(/Containers on it: victim\. Docker sees them again/);
    expect(words).toMatch(/Loaded again from \/srv\/save\/images\/app\.tar/);

    const done = fix.run(plan.steps);
    expect(done).toEqual({
      codes: [0, 0, 0, 0],
      said: expect.stringMatching(/Loaded image: lab\/app:1/),
    });
    const after = fix.look();
    expect(after.verify(before)).toMatchObject({ outcome: 'verified' });
    expect(lab.command('start', '-a', 'victim')).toBe('app');
    expect(lab.command('exec', 'keep', 'cat', '/v/gold')).toBe('gold');
    expect(lab.command('run', '--rm', 'lab/app:1', 'cat', '/etc/app')).toBe('app');

    const quarantine = `/srv/d/housecall-quarantine/${fix.id}`;
    expect(lab.box.run(`stat -c '%a %u' ${quarantine} /srv/d/housecall-quarantine`)).toBe(
      '700 0\n700 0\n',
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
  });

  // Configurations are the same on every driver.
  it.each(driver === 'overlay2' ? [driver] : [])(
    'on %s moves only the configuration when that alone is damaged, with the daemon down',
    () => {
      lab.damage(`: >${lab.top}/imagedb/content/sha256/${lab.app}`, 'stay down');
      const fix = fixOf({ image: `sha256:${lab.app}` });
      const before = fix.look();
      expect(before.words).toMatch(/^docker is down; on disk /);
      const plan = fix.plan();
      expect(plan.preconditions).toContain('Docker is down now; it is started');
      expect(plan.summary).toMatch(/move 1 image away/);
      expect(fix.run(plan.steps).codes).toEqual([0, 0, 0, 0]);
      expect(fix.look().verify(before)).toMatchObject({ outcome: 'verified' });
      expect(lab.command('run', '--rm', 'lab/app:1', 'cat', '/etc/app')).toBe('app');
      expect(lab.command('start', '-a', 'victim')).toBe('app');
    },
  );

  it('without an archive moves, and says how to bring the image back; base and all above it when the base is hit', () => {
    const lost =
      driver === 'vfs'
        ? `rm -r ${lab.cacheOf(lab.base)}`
        : `: >${lab.cacheOf(lab.base)}/link; find ${lab.cacheOf(lab.base)}/diff/etc -type f -exec sh -c ': >"$1"' sh {} ';'`;
    lab.damage(`mv ${SAVE}/images/app.tar ${SAVE}/images/app.kept; ${lost}`);
    const fix = fixOf({ layer: `sha256:${lab.base}` });
    const before = fix.look();
    const plan = fix.plan();
    expect(plan.summary).toMatch(/move 2 layers and 2 images away/);
    expect(plan.steps.map(({ id }) => id)).toEqual(['claim', 'quarantine']);
    const words = plan.preconditions.join('\n');
    expect(words).toMatch(driver === 'vfs' ? /data-missing/ : /link-empty, content-short/);
    expect(words).toMatch(/docker pull lab\/app:1.*then restart docker once more/);
    expect(words).toMatch(
      driver === 'vfs'
        ? /victim\. Docker sees them again/
        : /victim\. Data below them is damaged: they must be made anew/,
    );
    expect(fix.run(plan.steps).codes).toEqual([0, 0]);
    expect(fix.look().verify(before)).toMatchObject({ outcome: 'verified' });
    expect(lab.command('load', '-i', `${SAVE}/images/app.kept`)).toMatch(/Loaded/);
    expect(lab.command('run', '--rm', 'lab/app:1', 'cat', '/etc/app', '/etc/base')).toBe(
      'app\nbase',
    );
  });
});
