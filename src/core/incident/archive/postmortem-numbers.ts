import type { Chart } from '../../chart.ts';
import { caseCharts } from '../../charts/case-charts.ts';
import { thinned } from '../../charts/seen-finding.ts';
import { formatBytes, formatPercent } from '../../format.ts';
import type { PostmortemTelling } from './postmortem-telling.ts';
import { time } from './telling.ts';

/** More nobody reads; the pictures stand in `transcript.html`. */
const MOST_CHARTS = 12;
const MOST_POINTS = 12;

/** How it rose and fell, and where a fix was done: what the charts of the transcript show, in numbers. */
export function numbersSection({ state, line }: PostmortemTelling): string | null {
  const charts = caseCharts(state).slice(0, MOST_CHARTS);
  if (charts.length === 0) return null;
  const parts = charts.map(({ chart }) =>
    [`* ${line(chart.title)}`, ...rowsOf(chart, line).map((row) => `  * ${row}`)].join('\n'),
  );
  return `## What was measured\n\nDrawn in \`transcript.html\`.\n\n${parts.join('\n')}`;
}

function rowsOf(chart: Chart, line: PostmortemTelling['line']): readonly string[] {
  const say = (value: number): string => {
    if (chart.unit === 'bytes') return formatBytes(value);
    return chart.unit === 'percent' ? formatPercent(value) : String(value);
  };
  if (chart.kind === 'bar') {
    return chart.bars.map(({ name, value }) => `${say(value)}: ${line(name)}`);
  }
  const points = chart.series.flatMap((series) =>
    thinned(series.points, MOST_POINTS).map(({ at, value }) => ({
      at,
      said: `${say(value)} ${line(series.name)}`,
    })),
  );
  const marks = (chart.marks ?? []).map(({ at, name }) => ({ at, said: `**${line(name)}**` }));
  // Where both have one time, the point was measured just before.
  return [...points, ...marks]
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, said }) => `${time(at)}: ${said}`);
}
