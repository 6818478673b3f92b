import { describe, expect, it } from 'vitest';
import { createChartRenderer } from '../../../src/adapters/charts/create-chart-renderer.ts';
import { chartBlock } from '../../../src/adapters/slack/render/chart-block.ts';
import { altText, chartDocument } from '../../../src/adapters/slack/render/chart-document.ts';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import type { Chart } from '../../../src/core/chart.ts';
import { caseCharts } from '../../../src/core/charts/case-charts.ts';
import { chartRows, fixChartRows } from '../../../src/core/charts/chart-rows.ts';
import { keptMeasures } from '../../../src/core/charts/kept-measures.ts';
import type { Measure } from '../../../src/core/finding.ts';
import type { CaseState, Run } from '../../../src/core/incident/case.ts';
import { fixOf } from '../../support/ended-fix.ts';
import { caseOf, runOf } from '../../support/ended-run.ts';
import {
  diskFindings,
  logFindings,
  portFindings,
  storyFinding,
} from '../../support/story-findings.ts';

const PLACE = { lane: 'room:20261120-7', thread: 'panel' } as const;
const DELETED = { fix: 'truncate-deleted-file', params: { pid: 991 } };
const EMPTIED = { fix: 'truncate-log', params: { path: '/var/log/docker.log' } };
const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 12, minutes)).toISOString();

function figures(before: number, after: number, fileSystemBytes = 105e9) {
  const of = (usedBytes: number) => ({ fileSystemBytes, usedBytes, logBytes: usedBytes / 2 });
  return { before: of(before), after: of(after) };
}

function healthyDisk(usedGb: number): Measure {
  const { data } = diskFindings(usedGb)[0] ?? storyFinding('', 'ok');
  return { code: 'disk.filesystem-full', data };
}

function chartsOf(runs: readonly Run[], ...fixes: readonly FixState[]): readonly Chart[] {
  return caseCharts(stateOf(runs, ...fixes)).map(({ chart }) => chart);
}

function stateOf(runs: readonly Run[], ...fixes: readonly FixState[]): CaseState {
  return { ...caseOf(runs), fixes: new Map(fixes.map((fix) => [fix.id, fix])) };
}

describe('a disk that was fixed', () => {
  const found = runOf('r0', 0, diskFindings(98));
  const fix = fixOf(
    DELETED,
    { run: 'r0', finding: 'disk.filesystem-full', minute: 20 },
    figures(99e9, 4e9),
  );

  it('falls where the fix was done, seen by the look that verified it', () => {
    expect(chartsOf([found], fix)).toEqual([
      {
        kind: 'line',
        title: '/var/lib/docker on host-17: 4 % full, 99 % before truncate-deleted-file',
        unit: 'bytes',
        series: [
          {
            name: 'used',
            points: [
              { at: at(0), value: 98e9 },
              { at: at(20), value: 99e9 },
              { at: at(21), value: 4e9 },
            ],
          },
        ],
        limit: { name: 'full: 100 GB', value: 100e9 },
        marks: [{ at: at(20), name: 'truncate-deleted-file' }],
      },
    ]);
  });

  it('goes on with every later look, healthy ones too', () => {
    const later = runOf('r3', 3, [], [healthyDisk(5)]);
    const [chart] = chartsOf([found, later], fix);
    expect(chart).toMatchObject({
      title: '/var/lib/docker on host-17: 5 % full, 99 % before truncate-deleted-file',
      series: [{ points: [{}, {}, {}, { at: at(30), value: 5e9 }] }],
    });
  });

  it('that a record of an older version tells of has the mark, and says that nobody looked since', () => {
    const { figures: _, ...result } = fix.result ?? {
      at: '',
      outcome: 'failed',
      reason: '',
      steps: [],
    };
    const [chart] = chartsOf([runOf('r', -1, diskFindings(90)), found], { ...fix, result });
    expect(chart).toMatchObject({
      title: '/var/lib/docker on host-17: 98 % full, before truncate-deleted-file at 12:20 UTC',
      marks: [{ at: at(20) }],
    });
  });

  it('was full, and no more than that, when root had used what is reserved for it', () => {
    const over = fixOf(
      DELETED,
      { run: 'r0', finding: 'disk.filesystem-full', minute: 20 },
      figures(104e9, 4e9),
    );
    expect(chartsOf([found], over)[0]?.title).toMatch(/4 % full, 100 % before/);
  });

  it('is not drawn with the numbers of another file system', () => {
    const other = fixOf(
      DELETED,
      { run: 'r0', finding: 'disk.filesystem-full', minute: 20 },
      figures(9, 4, 10),
    );
    expect(chartsOf([found], other)).toEqual([]);
  });

  it('by a log that only has a path is the one below which the log lies', () => {
    const log = storyFinding('disk.container-log', 'warning', {
      data: { path: '/var/lib/docker/containers/a/a-json.log' },
      fixes: [{ fix: 'truncate-log', params: { path: '/var/lib/docker/containers/a/a-json.log' } }],
    });
    const [offer = EMPTIED] = log.fixes;
    const run = runOf('r0', 0, [...diskFindings(98), log]);
    const emptied = (size?: number): FixState =>
      fixOf(
        offer,
        { run: 'r0', finding: 'disk.container-log', minute: 20 },
        figures(99e9, 4e9, size),
      );
    expect(chartsOf([run], emptied())).toMatchObject([{ marks: [{ name: 'truncate-log' }] }]);
    expect(chartsOf([run], emptied(7e9))).toEqual([]);
  });

  it('is posted under the fix, once: a later look that sees the same posts nothing', () => {
    const later = runOf('r3', 3, [], [healthyDisk(4)]);
    expect(fixChartRows(stateOf([found], fix), fix, PLACE)).toMatchObject([
      { lane: PLACE.lane, operation: { op: 'chart.post', key: 'chart:f1', thread: 'panel' } },
    ]);
    expect(chartRows(stateOf([found, later], fix), later, 'panel')).toEqual([]);
  });

  it('has no picture of its own in a rollout, or when nothing was measured', () => {
    const member = { ...fix, rollout: { id: 'x', place: 0 } };
    expect(fixChartRows(stateOf([found], member), member, PLACE)).toEqual([]);
    const blind = fixOf(DELETED, { run: 'r0', finding: 'disk.filesystem-full', minute: 20 });
    expect(fixChartRows(stateOf([found], blind), blind, PLACE)).toEqual([]);
  });

  it('has the mark of a fix whose worker died: the host said that it ran', () => {
    const { figures: _, ...result } = { ...fix.result, at: at(21), outcome: 'verified' as const };
    const settled = { ...fix, result: { ...result, reason: '', steps: [] } };
    const later = runOf('r3', 3, [], [healthyDisk(5)]);
    expect(chartsOf([found, later], settled)).toMatchObject([
      { series: [{ points: [{}, { value: 5e9 }] }], marks: [{ at: at(20) }] },
    ]);
  });

  it('has no mark of a fix that ran nothing', () => {
    const refused = (outcome: 'stale' | 'failed'): FixState => ({
      ...fix,
      result: { at: at(21), outcome, reason: 'nothing was run', steps: [] },
    });
    const grown = [found, runOf('r1', 1, diskFindings(99))];
    for (const outcome of ['stale', 'failed'] as const) {
      expect(chartsOf(grown, refused(outcome))[0]).not.toHaveProperty('marks');
    }
  });
});

describe('a log that was fixed', () => {
  const found = runOf('r0', 0, logFindings());
  const from = { run: 'r0', finding: 'logs.dominant-template', minute: 20 };

  it('has a bar of what is left of it', () => {
    const fix = fixOf(EMPTIED, from, figures(80e9, 2e6));
    expect(chartsOf([found], fix)).toMatchObject([
      {
        title:
          '/var/log/docker.log on host-17: 98 % of 102.4 GB is one message; 1 MB in all at 12:21 UTC, after truncate-log',
        bars: [{}, {}, { name: 'all of it at 12:21 UTC, after truncate-log', value: 1e6 }],
      },
    ]);
  });

  it('has the bar of its latest look', () => {
    const fix = fixOf(EMPTIED, from, figures(80e9, 2e6));
    const data = { path: '/var/log/docker.log', sizeBytes: 3e6 };
    const later = runOf('r4', 4, [], [{ code: 'logs.dominant-template', data }]);
    expect(chartsOf([found, later], fix)).toMatchObject([
      { bars: [{}, {}, { name: 'all of it at 12:40 UTC, after truncate-log', value: 3e6 }] },
    ]);
  });

  it('is not said to be as large after a fix as a look before it saw', () => {
    const fix = fixOf(EMPTIED, from);
    const data = { path: '/var/log/docker.log', sizeBytes: 3e9 };
    const between = runOf('r1', 1, [], [{ code: 'logs.dominant-template', data }]);
    expect(chartsOf([found, between], fix)).toMatchObject([
      { bars: [{}, {}, { name: 'all of it at 12:10 UTC, before truncate-log', value: 3e9 }] },
    ]);
  });

  it('is posted once for as long as looks find it as large', () => {
    const look = (n: number): Run =>
      runOf(`r${n}`, n, [], [{ code: 'logs.dominant-template', data: { ...data } }]);
    const data = { path: '/var/log/docker.log', sizeBytes: 3e6 };
    const fix = fixOf(EMPTIED, from);
    expect(chartRows(stateOf([found, look(4)], fix), look(4), 'panel')).toHaveLength(1);
    expect(chartRows(stateOf([found, look(4), look(5)], fix), look(5), 'panel')).toEqual([]);
  });

  it('is drawn by its messages again when it has grown again', () => {
    const fix = fixOf(EMPTIED, from, figures(80e9, 2e6));
    const [chart] = chartsOf([found, runOf('r4', 4, logFindings())], fix);
    expect(chart?.kind === 'bar' && chart.bars).toHaveLength(2);
  });
});

describe('ports that were fixed', () => {
  const found = runOf('r0', 0, portFindings(27_900));
  const offer = { fix: 'reuse-time-wait', params: { pid: 7 } };
  const [finding = storyFinding('', 'ok')] = portFindings(27_900);
  const offered = runOf('r0', 0, [{ ...finding, fixes: [offer] }]);
  const fix = fixOf(offer, { run: 'r0', finding: finding.code, minute: 20 });

  it('go on with what a healthy look counted, the fix marked', () => {
    const { namespace, destination, range } = finding.data;
    const data = { namespace, destination, range, used: 900, timeWait: 24_000 };
    const later = runOf('r3', 3, [], [{ code: finding.code, data }]);
    expect(chartsOf([offered, later], fix)).toMatchObject([
      {
        title: expect.stringContaining('billing-api on host-17: 3.2 % of the local ports'),
        series: [{ points: [{ value: 27_900 }, { value: 900 }] }, { name: 'TIME_WAIT' }],
        marks: [{ at: at(20), name: 'reuse-time-wait' }],
      },
    ]);
  });

  it('that are too few to be counted by destination are at most all sockets of the namespace', () => {
    const data = { namespace: finding.data['namespace'], sockets: 300 };
    const later = runOf('r3', 3, [], [{ code: finding.code, data }]);
    expect(chartsOf([found, later])).toMatchObject([
      {
        title: expect.stringContaining('at most 1.1 % of the local ports'),
        series: [
          { name: 'taken', points: [{ value: 27_900 }] },
          { name: 'TIME_WAIT' },
          { name: 'taken, at most', points: [{ value: 27_900 }, { at: at(30), value: 300 }] },
        ],
      },
    ]);
  });

  it('that nobody looked at since say when the fix was', () => {
    expect(chartsOf([offered], fix)).toMatchObject([
      { kind: 'bar', title: expect.stringMatching(/, before reuse-time-wait at 12:20 UTC$/) },
    ]);
  });
});

describe('what is healthy', () => {
  const measured = (measures: readonly Measure[]) =>
    runOf('r1', 1, [], measures).finished?.reports ?? [];

  it('is kept where the case had found something wrong, and nowhere else', () => {
    const other = { code: 'disk.filesystem-full', data: { mount: '/', usedBytes: 1 } };
    const reports = measured([healthyDisk(5), other]);
    const found = runOf('r0', 0, diskFindings(98));
    expect(keptMeasures([found], reports)[0]?.measures).toEqual([healthyDisk(5)]);
    expect(keptMeasures([], reports)[0]).not.toHaveProperty('measures');
    const elsewhere = reports.map((report) => ({ ...report, host: 'host-18' }));
    expect(keptMeasures([found], elsewhere)[0]).not.toHaveProperty('measures');
  });

  it('of a disk that fills is kept in the very run that says so', () => {
    const run = runOf('r0', 0, diskFindings(10, true).slice(1), [healthyDisk(10)]);
    const reports = keptMeasures([], run.finished?.reports ?? []);
    expect(reports[0]?.measures).toHaveLength(1);
  });
});

describe('the mark of a fix', () => {
  const [chart] = chartsOf(
    [runOf('r0', 0, diskFindings(98))],
    fixOf(DELETED, { run: 'r0', finding: 'disk.filesystem-full', minute: 20 }, figures(99e9, 4e9)),
  );
  if (chart === undefined) throw new Error('no chart');

  it('stands in the picture, in its words and in its table', async () => {
    expect(await createChartRenderer().svg(chart)).toContain('>truncate-deleted-file<');
    expect(altText(chart)).toContain('truncate-deleted-file 2026-11-20 12:20:00');
    expect(JSON.stringify(chartDocument(chart))).toContain('"truncate-deleted-file","2026-11-20');
  });

  it("is not lost in Slack's own chart, which has none: a picture is posted", () => {
    expect(chartBlock(chart)).toBeNull();
  });
});
