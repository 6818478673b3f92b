import type { Chart } from '../../../core/chart.ts';
import type { Document } from '../../../core/document/document.ts';
import { formatBytes, formatPercent } from '../../../core/format.ts';
import { LIMITS } from '../limits.ts';
import { clip } from './text.ts';

const TABLE_ROWS = 60;

/** What the picture says, for who does not see it. */
export function altText(chart: Chart): string {
  const said = rowsOf(chart).map((row) => row.join(' '));
  return clip([clip(chart.title, LIMITS.headerText), ...said].join('; '), LIMITS.imageAlt);
}

/** The numbers, as a table: for a chat that has neither charts nor files. */
export function chartDocument(chart: Chart): Document {
  const header = chart.kind === 'bar' ? ['', chart.unit] : ['', 'UTC', chart.unit];
  const rows = rowsOf(chart);
  const limit = chart.kind === 'line' && chart.limit !== undefined ? [chart.limit.name] : [];
  const left = rows.length - TABLE_ROWS;
  return {
    summary: chart.title,
    blocks: [
      { kind: 'table', header, rows: rows.slice(0, TABLE_ROWS) },
      ...[...limit, ...(left > 0 ? [`… ${left} more`] : [])].map(
        (text) => ({ kind: 'context', content: [text] }) as const,
      ),
    ],
  };
}

function time(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}

function rowsOf(chart: Chart): readonly (readonly string[])[] {
  const say = (value: number): string => {
    if (chart.unit === 'bytes') return formatBytes(value);
    return chart.unit === 'percent' ? formatPercent(value) : String(value);
  };
  if (chart.kind === 'bar') return chart.bars.map(({ name, value }) => [name, say(value)]);
  return [
    ...(chart.marks ?? []).map(({ at, name }) => [name, time(at), '']),
    ...chart.series.flatMap(({ name, points }) =>
      points.map(({ at, value }) => [name, time(at), say(value)]),
    ),
  ];
}
