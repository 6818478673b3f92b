import { h } from './dom.js';

const WIDTH = 480;
const HEIGHT = 160;
const EDGE = 6;

/** A chart of Slack's: lines and areas as lines, the others as bars; its numbers stand in a table below. */
export function chart(block) {
  const { chart: data, title } = block;
  const isLine = data.type === 'line' || data.type === 'area';
  const series = data.type === 'pie' ? [{ name: '', data: data.segments }] : data.series;
  const top = Math.max(1, ...series.flatMap((one) => one.data.map(({ value }) => value)));
  const unit = data.axis_config?.y_label ?? '';
  return h(
    'figure',
    { class: 'chart', 'aria-label': title, 'data-testid': 'chart' },
    h('figcaption', null, title),
    isLine ? lines(series, top) : null,
    isLine ? legend(series) : series.map((one) => bars(one, top, unit)),
    isLine ? numbers(data, series, unit) : null,
  );
}

function lines(series, top) {
  const box = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', class: 'chart-lines' });
  box.append(svg('path', { class: 'chart-axis', d: `M0,${HEIGHT - EDGE}H${WIDTH}` }));
  for (const [n, { data }] of series.entries()) {
    const step = data.length > 1 ? (WIDTH - 2 * EDGE) / (data.length - 1) : 0;
    const points = data.map(({ value }, i) => [
      EDGE + i * step,
      HEIGHT - EDGE - (Math.max(0, value) / top) * (HEIGHT - 2 * EDGE),
    ]);
    const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`);
    box.append(svg('path', { class: `chart-line series-${n}`, d: d.join('') }));
    for (const [cx, cy] of points)
      box.append(svg('circle', { class: `chart-point series-${n}`, cx, cy, r: 3 }));
  }
  return box;
}

function svg(tag, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function legend(series) {
  return h(
    'div',
    { class: 'chart-legend' },
    series.map(({ name }, n) => h('span', { class: `series-${n}` }, name)),
  );
}

function bars({ name, data }, top, unit) {
  return [
    name ? h('div', { class: 'muted' }, name) : null,
    data.map(({ label, value }) => {
      const fill = h('span', { class: 'bar-fill' });
      fill.style.width = `${Math.max(1, (100 * value) / top)}%`;
      return h(
        'div',
        { class: 'bar' },
        h('span', { class: 'bar-label' }, label),
        h('span', { class: 'bar-track' }, fill),
        h('span', { class: 'bar-value' }, `${value} ${unit}`.trim()),
      );
    }),
  ];
}

function numbers(data, series, unit) {
  const head = [data.axis_config?.x_label ?? '', ...series.map(({ name }) => name)];
  return h(
    'details',
    { class: 'chart-numbers' },
    h('summary', null, unit ? `Numbers, ${unit}` : 'Numbers'),
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((text) => h('th', { scope: 'col' }, text)),
        ),
      ),
      h(
        'tbody',
        null,
        (series[0]?.data ?? []).map(({ label }, i) =>
          h(
            'tr',
            null,
            h('td', null, label),
            series.map(({ data: points }) =>
              h('td', { class: 'align-right' }, String(points[i].value)),
            ),
          ),
        ),
      ),
    ),
  );
}
