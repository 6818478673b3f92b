import { expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import type { HostReport, Measure } from '../../../src/core/finding.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import type { BoundFix, Fix } from '../../../src/fixes/contract.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { finishRun } from '../../../src/workflows/run/finish-run.ts';
import { createFixLab, type FixLab, onlyFix, STREAM } from '../../support/fix-lab.ts';
import { type SampleState, sampleFix } from '../../support/sample-fix.ts';
import { diskFindings } from '../../support/story-findings.ts';

const SIZE = 105e9;

/** The sample fix, on a disk of 100 GB of which its thing is the half. */
function measuring(): Fix {
  const fix = sampleFix();
  return {
    ...fix,
    bind: (params, context): BoundFix => ({
      ...fix.bind(params, context),
      figures: (state) => ({
        fileSystemBytes: SIZE,
        usedBytes: 40e9 + (state as SampleState).bytes * 50e6,
      }),
    }),
  };
}

function healthyDisk(usedGb: number, mount = '/var/lib/docker'): Measure {
  return { code: 'disk.filesystem-full', data: { ...diskFindings(usedGb)[0]?.data, mount } };
}

/** A look at the disk that ends now, with this report. */
async function look(
  lab: FixLab,
  run: string,
  told: Pick<HostReport, 'findings' | 'measures'>,
): Promise<void> {
  await lab.record({ kind: 'housecall' }, [
    {
      type: 'run.started',
      run,
      diagnostic: 'disk',
      params: {},
      hosts: ['host-17'],
      lane: `room:${STREAM}`,
      thread: 'panel',
      reason: 'verify',
    },
  ]);
  await lab.store.reports.put(run, {
    host: 'host-17',
    status: told.findings.length === 0 ? 'ok' : 'critical',
    durationMs: 1,
    coverage: { privilege: 'root', notes: [] },
    ...told,
  });
  await finishRun(
    {
      ...lab.deps,
      reports: lab.store.reports,
      known: { diagnostics: ['disk'], fixes: [] },
      followDepth: 0,
      diagnostic: (id) => {
        const found = diagnostics.find((one) => one.id === id);
        if (found === undefined) throw new HousecallError('NOT_FOUND', id);
        return found;
      },
    },
    { stream: STREAM, run },
  );
}

function charts(lab: FixLab) {
  return lab.said().flatMap((operation) => (operation.op === 'chart.post' ? [operation] : []));
}

it('a fix that was verified posts how the disk fell, where it was done', async () => {
  const lab = await createFixLab({ finding: { mount: '/var/lib/docker' } });
  lab.deps.fix = onlyFix(measuring());
  await look(lab, 'run2', { findings: diskFindings(98) });
  lab.clock.advance(60_000);
  lab.host.before = async () => {
    lab.clock.advance(1_000);
    return null;
  };
  const { fix } = await lab.approved();
  await lab.execute(fix);
  expect(await lab.fix(fix)).toMatchObject({
    result: { figures: { before: { usedBytes: 90e9 }, after: { usedBytes: 40e9 } } },
  });
  expect(charts(lab)).toMatchObject([
    {
      key: `chart:${fix}`,
      thread: 'panel',
      chart: {
        title: '/var/lib/docker on host-17: 40 % full, 90 % before sample',
        series: [{ points: [{ value: 98e9 }, { value: 90e9 }, { value: 40e9 }] }],
        marks: [{ name: 'sample' }],
      },
    },
  ]);
});

it('a fix whose worker died has no numbers from before it: those of its plan may be hours old', async () => {
  const lab = await createFixLab({ finding: { mount: '/var/lib/docker' } });
  lab.deps.fix = onlyFix(measuring());
  const { fix } = await lab.approved();
  const { journal } = lab.store;
  lab.deps.journal = {
    ...journal,
    commit: async (commit) => {
      if (!commit.events.some(({ type }) => type === 'fix.finished')) return journal.commit(commit);
      throw new HousecallError('STORE_UNAVAILABLE', 'the worker is dead');
    },
  };
  await expect(lab.execute(fix)).rejects.toThrow(/dead/);
  lab.deps.journal = journal;
  await lab.execute(fix);
  const { result } = await lab.fix(fix);
  expect(result).toMatchObject({ outcome: 'verified' });
  expect(result).not.toHaveProperty('figures');
});

it('a healthy look is kept for what the case found wrong, and drawn when it tells something', async () => {
  const lab = await createFixLab();
  await look(lab, 'run2', { findings: diskFindings(98) });
  lab.clock.advance(60_000);
  await look(lab, 'run3', { findings: [], measures: [healthyDisk(7), healthyDisk(9, '/srv')] });
  const run = (await readCase(lab.store.journal, STREAM)).runs.get('run3');
  expect(run?.finished).toMatchObject({ status: 'ok', reports: [{ measures: [healthyDisk(7)] }] });
  expect(run?.finished?.reports[0]?.measures).toHaveLength(1);
  expect(charts(lab)).toMatchObject([
    {
      key: 'chart:run3',
      chart: {
        title: '/var/lib/docker on host-17: 7 % full',
        series: [{ points: [{ value: 98e9 }, { value: 7e9 }] }],
      },
    },
  ]);
});
