import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buttonsOf } from '../../../src/app/demo/read-message.ts';
import { ADA, createInstallation, type Installation } from '../../support/installation.ts';
import {
  commandLines,
  eventsOf,
  expectReportedOnce,
  recordOf,
  untilAllSaid,
  untilRecorded,
  WAIT,
} from '../../support/observe.ts';
import type { RoleProcess } from '../../support/role-process.ts';

describe('a worker that goes away during a diagnosis', () => {
  let site: Installation;
  let web: RoleProcess;
  let worker: RoleProcess;

  beforeAll(async () => {
    site = await createInstallation();
    web = await site.start('web');
    worker = await site.start('worker');
  });
  afterAll(() => site.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  /** Somebody types /diag in a channel of its own; resolves when the probe runs on the host. */
  async function beginRun(
    name: string,
    sampleSeconds: number,
  ): Promise<{ stream: string; run: string; channel: string }> {
    const { control } = site.workspace;
    const channel = control.createChannel(ADA, name).id;
    const words = `disk host-17 mount=/proc timeBudgetSeconds=2 sampleSeconds=${sampleSeconds}`;
    expect(await control.slash(ADA, channel, '/diag', words)).toMatchObject({ ok: true });
    const button = await control.waitFor(
      () =>
        control
          .messages(channel)
          .flatMap(buttonsOf)
          .find(({ action }) => action === 'run.cancel'),
      WAIT.timeout,
      'the message of the run',
    );
    await expect.poll(() => probesOf(sampleSeconds), WAIT).toBeGreaterThan(0);
    const [stream = '', run = ''] = button.value.split(' ');
    return { stream, run, channel };
  }

  /** Probes that run on the host now; the time between their samples tells them apart. */
  function probesOf(sampleSeconds: number): number {
    return commandLines().filter((line) => line.endsWith(` 2 ${sampleSeconds}`)).length;
  }

  /** Waits for the run's end, sees that it was reported once, and gives the ends on record. */
  async function endsOf(run: { stream: string; run: string; channel: string }) {
    await untilRecorded(site, run.stream, 'run.finished');
    await untilAllSaid(site);
    await expectReportedOnce(site, run);
    return eventsOf(await recordOf(site, run.stream), 'run.finished');
  }

  it('is killed: another one, up already, does the run again, and it is reported once', async () => {
    const run = await beginRun('killed', 3);
    const other = await site.start('worker');
    await worker.kill();
    worker = other;
    expect(await endsOf(run)).toHaveLength(1);
  });

  it('is killed as the last one: the run waits for the next worker, and is reported once', async () => {
    const run = await beginRun('killed-last', 2);
    await worker.kill();
    worker = await site.start('worker');
    expect(await endsOf(run)).toHaveLength(1);
  });

  it('gets SIGTERM: it gives the run back within its grace, kills the probe, and ends with 0', async () => {
    await worker.terminate();
    worker = await site.start('worker', { times: { graceSeconds: 0.3 } });
    const run = await beginRun('returned', 4);
    const begun = Date.now();
    expect(await worker.terminate()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(10_000);
    await expect.poll(() => probesOf(4), WAIT).toBe(0);
    worker = await site.start('worker');
    expect(await endsOf(run)).toHaveLength(1);
  });

  it('gets SIGTERM with the web role, as installed: both end with 0, and the verdict comes once', async () => {
    await Promise.all([web.terminate(), worker.terminate()]);
    [web, worker] = await Promise.all([
      site.start('web', { production: true }),
      site.start('worker', { production: true }),
    ]);
    const run = await beginRun('deployed', 5);
    expect(await Promise.all([web.terminate(), worker.terminate()])).toEqual([0, 0]);
    [web, worker] = await Promise.all([site.start('web'), site.start('worker')]);
    expect(await endsOf(run)).toHaveLength(1);
  });
});
