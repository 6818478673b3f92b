import type { Chart } from '../../../core/chart.ts';
import type { Document } from '../../../core/document/document.ts';
import type { Chat } from '../../../ports/chat.ts';

/** The chart in numbers, as a table: for a chat that has neither charts nor files. */
export function chartDocument(chart: Chart): Document {
  const rows =
    chart.kind === 'bar'
      ? chart.bars.map(({ name, value }) => [name, String(value)])
      : chart.series.flatMap(({ name, points }) =>
          points.map(({ at, value }) => [name, at, String(value)]),
        );
  const header = chart.kind === 'bar' ? ['', chart.unit] : ['', 'UTC', chart.unit];
  return { summary: chart.title, blocks: [{ kind: 'table', header, rows }] };
}

export function createCharts(post: Chat['post']): Pick<Chat, 'postChart'> {
  return {
    postChart: ({ chart, ...posting }) => post({ ...posting, document: chartDocument(chart) }),
  };
}
