import type { Place } from './problems.ts';
import { checkRichText } from './rich-text.ts';

/** 100 rows of 20 cells. */
export function checkTable(place: Place): void {
  for (const row of place.at('rows').items(1, 100))
    for (const cell of row.items(1, 20)) checkCell(cell, true);
  if (place.has('column_settings'))
    for (const column of place.at('column_settings').items(0, 20)) {
      if (column.value === null) continue;
      column.fields(['align', 'is_wrapped']);
      column.at('align').oneOf(['left', 'center', 'right']);
    }
}

/** The stricter numbers of the older documentation: 101 rows with the header, 10,000 characters. */
export function checkDataTable(place: Place): void {
  place.at('caption').string(300, 1);
  place.at('page_size').integer(1, 100);
  place.at('row_header_column_index').integer(0, 19);
  let width = -1;
  let characters = 0;
  for (const [index, row] of place.at('rows').items(1, 101).entries()) {
    const cells = row.items(1, 20);
    if (width === -1) width = cells.length;
    if (cells.length !== width) row.fail(`must have ${width} cells like the header row`);
    for (const cell of cells) {
      checkCell(cell, index > 0);
      characters += JSON.stringify(cell.json['text'] ?? cell.json['elements'] ?? '').length - 2;
    }
  }
  if (characters > 10_000) place.at('rows').fail('must be less than 10001 characters');
}

function checkCell(cell: Place, richText: boolean): void {
  if (cell.type === 'raw_text') {
    cell.fields(['type', 'text'], ['text']);
    cell.at('text').string(3000, 1);
  } else if (cell.type === 'raw_number') {
    cell.fields(['type', 'value', 'text'], ['value']);
    if (typeof cell.json['value'] !== 'number') cell.at('value').fail('must be a number');
  } else if (cell.type === 'rich_text' && richText) checkRichText(cell);
  else cell.fail(`unsupported type: ${cell.type}`);
}

/** Line, bar, area and pie charts: at most 6 series or segments of 20 points, labels of 20 characters. */
export function checkChart(place: Place): void {
  place.at('title').string(50, 1);
  const chart = place.at('chart');
  chart.at('type').oneOf(['line', 'bar', 'area', 'pie']);
  if (chart.type === 'pie') return checkPie(chart);
  if (!chart.fields(['type', 'series', 'axis_config'], ['type', 'series', 'axis_config'])) return;
  const categories = checkAxes(chart.at('axis_config'));
  const names = new Set<unknown>();
  for (const series of chart.at('series').items(1, 6)) {
    if (!series.fields(['name', 'data'], ['name', 'data'])) continue;
    series.at('name').string(20, 1);
    const name = series.json['name'];
    if (names.has(name)) series.at('name').fail('series names must be unique');
    names.add(name);
    const points = series.at('data').items(1, 20);
    for (const point of points) checkPoint(point);
    const labels = points.map((point) => point.json['label']);
    if (JSON.stringify(labels) !== JSON.stringify(categories))
      series.at('data').fail('labels must match axis_config.categories');
  }
}

function checkPie(chart: Place): void {
  if (!chart.fields(['type', 'segments'], ['type', 'segments'])) return;
  for (const segment of chart.at('segments').items(1, 6)) {
    checkPoint(segment);
    const value = segment.json['value'];
    if (typeof value === 'number' && value <= 0) segment.at('value').fail('must be more than 0');
  }
}

function checkAxes(place: Place): readonly unknown[] {
  place.fields(['categories', 'x_label', 'y_label'], ['categories']);
  place.at('x_label').string(50);
  place.at('y_label').string(50);
  const labels = place.at('categories').items(1, 20);
  for (const label of labels) {
    if (typeof label.value !== 'string') label.fail('must be a string');
    label.string(20, 1);
  }
  const values = labels.map(({ value }) => value);
  if (new Set(values).size < values.length)
    place.at('categories').fail('categories must be unique');
  return values;
}

function checkPoint(point: Place): void {
  if (!point.fields(['label', 'value'], ['label', 'value'])) return;
  point.at('label').string(20, 1);
  const value = point.json['value'];
  if (typeof value !== 'number' || !Number.isFinite(value))
    point.at('value').fail('must be a number');
}
