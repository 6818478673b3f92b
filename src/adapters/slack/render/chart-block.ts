import type { Chart } from '../../../core/chart.ts';
import { sanitiseLine } from '../../../core/sanitise.ts';
import { LIMITS } from '../limits.ts';
import { clip } from './text.ts';

/** Not in @slack/types 3.2.0: docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface ChartBlock {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line' | 'bar';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label?: string;
      readonly y_label?: string;
    };
  };
}

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Slack's own chart of it; null where Slack could not show it as it is: labels that would have to be
 * cut, lines that do not have their points at the same times, marks.
 */
export function chartBlock(chart: Chart): ChartBlock | null {
  return chart.kind === 'bar' ? barBlock(chart) : lineBlock(chart);
}

function barBlock(chart: Extract<Chart, { kind: 'bar' }>): ChartBlock | null {
  const bars = chart.bars.slice(0, LIMITS.chartPoints);
  const labels = bars.map(({ name }) => sanitiseLine(name));
  const values = bars.map(({ value }) => value);
  if (bars.length < chart.bars.length) return null;
  return block(chart, { type: 'bar', labels, series: [{ name: 'value', values }] });
}

function lineBlock(chart: Extract<Chart, { kind: 'line' }>): ChartBlock | null {
  const [first] = chart.series;
  if (first === undefined || (chart.marks ?? []).length > 0) return null;
  const times = first.points.map(({ at }) => at);
  const same = chart.series.every(
    ({ points }) => JSON.stringify(points.map(({ at }) => at)) === JSON.stringify(times),
  );
  // On Slack's axis every point is as far from the next: gaps in time would show as none.
  if (!same || !areEven(times) || times.length > LIMITS.chartPoints) return null;
  const { limit } = chart;
  return block(chart, {
    type: 'line',
    labels: timeLabels(times),
    series: [
      ...chart.series.map(({ name, points }) => ({
        name: sanitiseLine(name),
        values: points.map(({ value }) => value),
      })),
      ...(limit === undefined
        ? []
        : [{ name: sanitiseLine(limit.name), values: times.map(() => limit.value) }]),
    ],
    xLabel: 'UTC',
  });
}

function block(
  { title, unit }: Chart,
  of: {
    readonly type: 'line' | 'bar';
    readonly labels: readonly string[];
    readonly series: readonly Series[];
    readonly xLabel?: string;
  },
): ChartBlock | null {
  const { labels, series } = of;
  const names = series.map(({ name }) => name);
  if (!areLabels(labels) || !areLabels(names) || series.length > LIMITS.chartSeries) return null;
  const values = series.flatMap((one) => one.values);
  if (!values.every((value) => Number.isFinite(value))) return null;
  const { divisor, word } = scaleOf(unit, Math.max(...values));
  return {
    type: 'data_visualization',
    title: clip(sanitiseLine(title) || '–', LIMITS.chartTitle),
    chart: {
      type: of.type,
      series: series.map((one) => ({
        name: one.name,
        data: labels.map((label, n) => ({
          label,
          value: Number(((one.values[n] ?? 0) / divisor).toPrecision(6)),
        })),
      })),
      axis_config: {
        categories: labels,
        ...(of.xLabel === undefined ? {} : { x_label: of.xLabel }),
        ...(word === '' ? {} : { y_label: word }),
      },
    },
  };
}

/** Uncut, and each its own. */
function areLabels(texts: readonly string[]): boolean {
  return (
    texts.length > 0 &&
    new Set(texts).size === texts.length &&
    texts.every((text) => text !== '' && text.length <= LIMITS.chartLabel)
  );
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Slack writes numbers as they are: in a unit that keeps them short. */
function scaleOf(unit: Chart['unit'], top: number): { divisor: number; word: string } {
  if (unit !== 'bytes') return { divisor: 1, word: unit === 'percent' ? '%' : '' };
  const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log10(top || 1) / 3)));
  return { divisor: 1000 ** power, word: BYTES[power] ?? 'B' };
}

/** Whether no step is more than three times another. */
function areEven(times: readonly string[]): boolean {
  const steps = times.slice(1).map((at, n) => Date.parse(at) - Date.parse(times[n] ?? ''));
  return times.length > 1 && Math.min(...steps) > 0 && Math.max(...steps) <= 3 * Math.min(...steps);
}

/** The shortest form in which all differ. */
function timeLabels(times: readonly string[]): readonly string[] {
  const cuts = [
    [11, 16],
    [11, 19],
    [5, 16],
  ] as const;
  const days = new Set(times.map((at) => at.slice(0, 10))).size;
  const forms = cuts.map(([from, to]) => times.map((at) => at.slice(from, to).replace('T', ' ')));
  const [minutes = [], seconds = [], dates = []] = forms;
  if (days > 1) return dates;
  return new Set(minutes).size === times.length ? minutes : seconds;
}
