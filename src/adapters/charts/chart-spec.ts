import type { Config, TopLevelSpec } from 'vega-lite';
import type { Chart } from '../../core/chart.ts';
import { sanitiseLine } from '../../core/sanitise.ts';

/** `page`: in the colours of the page around it; `picture`: dark on white, with its title. */
export type Look = 'page' | 'picture';

type LineChart = Extract<Chart, { kind: 'line' }>;
type BarChart = Extract<Chart, { kind: 'bar' }>;
type Layered = Extract<TopLevelSpec, { layer: unknown }>;
type Layer = Layered['layer'][number];
type Parts = Pick<Layered, 'layer' | 'height' | 'data' | 'encoding'>;

/** Told apart without colours too: by their order, and dashed from the second on. */
const COLOURS = ['#2f7de1', '#e8722c', '#2a9d6f', '#a05bd6', '#c23b57', '#8a7a1f'];
const MOST_SERIES = 6;
const MOST_POINTS = 200;
const MOST_BARS = 20;
const MOST_MARKS = 12;
/** Names of marks stand above each other, so that neighbours can be read. */
const MARK_ROWS = 4;
const MARK_ROW = 14;

const WIDTH = 620;
const HEIGHT = 220;
const BAR_WIDTH = 360;
const BAR_STEP = 26;

/** How numbers of a unit are written; constant, as everything else that Vega evaluates. */
const LABELS: Readonly<Record<Chart['unit'], string>> = {
  bytes: "replace(format(datum.value, '.3~s'), /([a-zA-Zµ]?)$/, ' $1B')",
  percent: "datum.value + ' %'",
  count: "format(datum.value, ',')",
};

/** The chart as a Vega-Lite specification. Texts of the chart are data in it, never expressions. */
export function chartSpec(chart: Chart, look: Look): TopLevelSpec {
  const ink = look === 'page' ? 'currentColor' : '#1d1c1d';
  const frame = {
    width: chart.kind === 'line' ? WIDTH : BAR_WIDTH,
    padding: look === 'page' ? 4 : 16,
    ...(look === 'page' ? {} : { title: titleOf(chart.title) }),
    config: configOf(look, ink),
  };
  return chart.kind === 'line'
    ? { ...frame, ...lineParts(chart, ink) }
    : { ...frame, ...barParts(chart, ink) };
}

function configOf(look: Look, ink: string): Config {
  const faint = look === 'page' ? '#80808055' : '#d8d8d8';
  return {
    background: look === 'page' ? 'transparent' : '#ffffff',
    font: look === 'page' ? 'system-ui, sans-serif' : 'DejaVu Sans',
    aria: false,
    view: { stroke: null },
    title: { color: ink, fontSize: 14, anchor: 'start', offset: 12 },
    axis: {
      labelColor: ink,
      labelFontSize: 11,
      labelLimit: 420,
      gridColor: faint,
      domainColor: faint,
      tickColor: faint,
      title: null,
      titleColor: ink,
      titleFontSize: 10,
      titleFontWeight: 'normal',
    },
    legend: { labelColor: ink, labelFontSize: 11, labelLimit: 260, orient: 'top', title: null },
  };
}

/** A long title goes on in a second line. */
function titleOf(text: string): string[] {
  const words = sanitiseLine(text).slice(0, 300).split(' ');
  return words.reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 85) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

function lineParts(chart: LineChart, ink: string): Parts {
  const series = chart.series.slice(0, MOST_SERIES).map((one, n) => ({
    name: distinct(sanitiseLine(one.name), n),
    points: one.points.slice(-MOST_POINTS).flatMap(({ at, value }) => {
      const time = Date.parse(at);
      return Number.isFinite(time) && Number.isFinite(value) ? [{ time, value }] : [];
    }),
  }));
  const names = series.map(({ name }) => name);
  const values = series.flatMap(({ name, points }) =>
    points.map(({ time, value }) => ({ time, value, name })),
  );
  const { limit, unit } = chart;
  const top = Math.max(1, ...values.map(({ value }) => value), limit?.value ?? 0);
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    scale: { domain: [0, top * 1.08], nice: false },
    axis: { labelExpr: LABELS[unit], tickCount: 5 },
  };
  const times = values.map(({ time }) => time);
  const rows = Math.min(MARK_ROWS, chart.marks?.length ?? 0);
  const lines: Layer = {
    data: { values },
    mark: { type: 'line', point: { size: 40, filled: true }, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'time',
        type: 'temporal',
        scale: { type: 'utc' },
        axis: { format: timeFormat(times), tickCount: 6, grid: false, title: 'UTC' },
      },
      y,
      color: byName(names, COLOURS, rows),
      strokeDash: byName(
        names,
        names.map((_, n) => (n === 0 ? [1, 0] : [6, 4])),
        rows,
      ),
    },
  };
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return {
    height: HEIGHT,
    layer: [
      lines,
      ...markLayers(chart.marks ?? [], ink, { first, last }),
      ...(limit === undefined ? [] : limitLayers(limit, ink, y)),
    ],
  };
}

type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>;

function limitLayers(
  limit: NonNullable<LineChart['limit']>,
  ink: string,
  y: NonNullable<Encoding['y']>,
): readonly Layer[] {
  const data = { values: [{ value: limit.value, name: sanitiseLine(limit.name) }] };
  return [
    { data, mark: { type: 'rule', color: '#d13438', strokeWidth: 1.5 }, encoding: { y } },
    {
      data,
      mark: {
        type: 'text',
        align: 'right',
        baseline: 'bottom',
        dy: -3,
        x: WIDTH,
        fontSize: 11,
        color: ink,
      },
      encoding: { y, text: { field: 'name', type: 'nominal' } },
    },
  ];
}

/** Where something was done: an upright line, its name above, each a line higher than the one before. */
function markLayers(
  marks: NonNullable<LineChart['marks']>,
  ink: string,
  { first, last }: { readonly first: number; readonly last: number },
): readonly Layer[] {
  const known = marks.slice(-MOST_MARKS).flatMap(({ at, name }) => {
    const time = Date.parse(at);
    return Number.isFinite(time) ? [{ time, name: sanitiseLine(name) }] : [];
  });
  const x = { field: 'time', type: 'temporal', scale: { type: 'utc' } } as const;
  return known.flatMap(({ time, name }, n): Layer[] => {
    const isLate = time - first > (last - first) / 2;
    const data = { values: [{ time, name }] };
    return [
      {
        data,
        mark: { type: 'rule', color: ink, strokeWidth: 1.5, strokeDash: [2, 3] },
        encoding: { x },
      },
      {
        data,
        mark: {
          type: 'text',
          align: isLate ? 'right' : 'left',
          dx: isLate ? 4 : -4,
          y: -8 - MARK_ROW * (n % MARK_ROWS),
          fontSize: 11,
          color: ink,
        },
        encoding: { x, text: { field: 'name', type: 'nominal' } },
      },
    ];
  });
}

function byName(names: readonly string[], range: readonly (string | number[])[], rows: number) {
  return {
    field: 'name',
    type: 'nominal' as const,
    scale: { domain: [...names], range: range.slice(0, names.length) },
    legend: names.length > 1 ? { offset: 18 + MARK_ROW * Math.max(0, rows - 1) } : null,
  };
}

/** As much of the time as tells the points apart. Always UTC. */
function timeFormat(times: readonly number[]): string {
  const span = Math.max(...times, 0) - Math.min(...times);
  if (!(span > 0)) return '%Y-%m-%d %H:%M';
  if (span < 600_000) return '%H:%M:%S';
  return span < 86_400_000 ? '%H:%M' : '%m-%d %H:%M';
}

function barParts(chart: BarChart, ink: string): Parts {
  const values = chart.bars.slice(0, MOST_BARS).map(({ name, value }, n) => ({
    name: distinct(sanitiseLine(name), n),
    value: Number.isFinite(value) ? value : 0,
  }));
  return {
    height: { step: BAR_STEP },
    data: { values },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: values.map(({ name }) => name),
        axis: { ticks: false },
      },
      x: {
        field: 'value',
        type: 'quantitative',
        axis: { labelExpr: LABELS[chart.unit], tickCount: 5 },
      },
    },
    layer: [
      { mark: { type: 'bar', color: '#2f7de1', height: 16 } },
      {
        transform: [{ calculate: LABELS[chart.unit], as: 'said' }],
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, color: ink },
        encoding: { text: { field: 'said', type: 'nominal' } },
      },
    ],
  };
}

/** Two of the same name would be drawn as one. */
function distinct(name: string, n: number): string {
  return `${name === '' ? '–' : name}${'\u200b'.repeat(n)}`;
}
