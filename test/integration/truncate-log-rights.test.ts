import { appendFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBox } from '../support/box.ts';
import { hasRoot, stepOf } from '../support/deleted-file-lab.ts';
import { boxRemote, lookAt, planOf, runAll } from '../support/fix-runs.ts';
import { createLocalRemote } from '../support/local-remote.ts';
import { LogLab } from '../support/log-lab.ts';

describe.skipIf(!hasRoot())('truncate-log when the host or its rights are not as hoped', () => {
  let lab: LogLab;
  beforeAll(() => {
    lab = new LogLab();
  });
  afterEach(() => lab.clear());
  afterAll(() => lab.remove());

  it('does not touch a network file system, whose server may never answer', async () => {
    const box = await createBox();
    try {
      const holder = fileURLToPath(new URL('../support/file-holder.py', import.meta.url));
      await box.start('python3', '-u', holder, box.directory, 'hung');
      const log = lab.at(join(box.directory, 'deep', 'hung', 'app.log'));
      const { plan } = await lookAt(boxRemote(box, {}), log);
      expect(plan).toMatch(/it is on fuse\.sshfs: only files on local disks are emptied/);
    } finally {
      box.close();
    }
  });

  it('does nothing when sudo is lost', async () => {
    const log = lab.log();
    const save = `/var/tmp/${lab.fresh('housecall-test')}`;
    lab.leftovers.push(save);
    const plan = await planOf(lab.remote('sh'), { ...log, save });
    chmodSync(lab.directory, 0o755);
    const nobody = createLocalRemote({ shell: ['sh'], uid: 65_534 });
    expect((await lookAt(nobody, { ...log, save })).plan).toMatch(/cannot be seen as uid 65534/);
    chmodSync(log.path, 0o600);
    expect((await lookAt(nobody, { ...log, save })).plan).toMatch(/cannot be read as uid 65534/);
    await runAll(lab.remote('sh'), plan.steps.slice(0, 1));
    expect((await runAll(nobody, plan.steps)).codes).toEqual([73, 73, 73]);
    expect(log.blocks()).toBeGreaterThan(0);
  });

  it('runs nothing of a script that arrives cut off', async () => {
    const remote = lab.remote('sh');
    const log = lab.log();
    const plan = await planOf(remote, log);
    await runAll(remote, plan.steps.slice(0, 2));
    const step = stepOf(plan, 'truncate');
    const script = step.stdin ?? '';
    for (let end = 0; end < script.trimEnd().length - '"$@" </dev/null'.length; end += 197) {
      await remote.change('host-17', { ...step, stdin: script.slice(0, end) });
    }
    expect(log.blocks()).toBeGreaterThan(0);
    appendFileSync(log.path, 'still alive\n');
    expect((await runAll(remote, [step])).codes).toEqual([0]);
  });

  it('empties once when ten begin at the same moment', async () => {
    const remote = lab.remote('sh');
    const plan = await planOf(remote, lab.log());
    await runAll(remote, plan.steps.slice(0, 2));
    const all = await Promise.all(
      Array.from({ length: 10 }, () => remote.change('host-17', stepOf(plan, 'truncate'))),
    );
    const codes = all.map(({ exitCode }) => exitCode ?? -1).toSorted((a, b) => a - b);
    expect(codes).toEqual([0, ...Array<number>(9).fill(75)]);
  });
});
