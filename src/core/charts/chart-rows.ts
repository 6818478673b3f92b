import type { FixState } from '../approval/fix-state.ts';
import type { Chart } from '../chart.ts';
import type { ChatRow, Lane } from '../chat-operation.ts';
import { compareStatus } from '../finding.ts';
import type { CaseState, Run } from '../incident/case.ts';
import { canonicalJson } from '../plan.ts';
import type { CaseChart } from './case-chart.ts';
import { caseCharts } from './case-charts.ts';

/**
 * The picture that a run which just ended is worth: at most one row, in the thread where its evidence
 * stands. None when nothing is to be drawn, or when an earlier run of the case drew the same.
 * `state` holds the run with its result; `thread` is the key of the thread's first message.
 */
export function chartRows(state: CaseState, run: Run, thread: string): readonly ChatRow[] {
  const best = bestOf(run, caseCharts(state));
  if (best === undefined || wasShown(state, run, best)) return [];
  return [
    {
      lane: run.lane as Lane,
      operation: { op: 'chart.post', key: `chart:${run.id}`, thread, chart: best.chart },
    },
  ];
}

/**
 * The picture of what a fix changed, before and after, in its thread: one row at most. Of a fix in a
 * rollout none: its message has the numbers of every host.
 */
export function fixChartRows(
  state: CaseState,
  fix: FixState,
  { lane, thread }: { readonly lane: Lane; readonly thread: string },
): readonly ChatRow[] {
  if (fix.rollout !== undefined || fix.result?.figures === undefined) return [];
  const mine = caseCharts(state).find(
    (one) => one.fixes.includes(fix.id) && tellsSomething(one.chart),
  );
  if (mine === undefined) return [];
  return [
    { lane, operation: { op: 'chart.post', key: `chart:${fix.id}`, thread, chart: mine.chart } },
  ];
}

/** Of this run's own findings, on its worst host; a disk or ports before a log. */
function bestOf(run: Run, charts: readonly CaseChart[]): CaseChart | undefined {
  const statusOf = new Map((run.finished?.reports ?? []).map((one) => [one.host, one.status]));
  return charts
    .filter((one) => one.run === run.id && tellsSomething(one.chart))
    .toSorted((a, b) =>
      compareStatus(statusOf.get(a.host) ?? 'ok', statusOf.get(b.host) ?? 'ok'),
    )[0];
}

/** Looks that all found the same make a flat line: the words beside it say that already. */
function tellsSomething(chart: Chart): boolean {
  if (chart.kind === 'bar') return chart.bars.length > 1;
  return chart.series.some(
    ({ points }) => new Set(points.map(({ value }) => rough(value))).size > 1,
  );
}

/** Whether the runs that ended before this one gave the same picture already. */
function wasShown(state: CaseState, run: Run, chart: CaseChart): boolean {
  const earlier = new Map([...state.runs].filter(([id]) => id !== run.id));
  const before = caseCharts({ ...state, runs: earlier }).find(({ key }) => key === chart.key);
  return before !== undefined && sightOf(before.chart) === sightOf(chart.chart);
}

/** As `clockOf` writes it. */
const CLOCK = /\d\d:\d\d UTC/;

/** What the eye sees: no clock times, values to two digits, repetitions once. */
function sightOf(chart: Chart): string {
  if (chart.kind === 'bar') {
    return canonicalJson(
      chart.bars.map(({ name, value }) => [name.replace(CLOCK, ''), rough(value)]),
    );
  }
  return canonicalJson([
    (chart.marks ?? []).map(({ name }) => name),
    chart.series.map(({ name, points }) => [
      name,
      points
        .map(({ value }) => rough(value))
        .filter((value, n, all) => n === 0 || value !== all[n - 1]),
    ]),
  ]);
}

function rough(value: number): number {
  return Number(value.toPrecision(2));
}
