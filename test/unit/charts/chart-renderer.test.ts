import { describe, expect, it } from 'vitest';
import { createChartRenderer } from '../../../src/adapters/charts/create-chart-renderer.ts';
import type { Chart } from '../../../src/core/chart.ts';
import { HOSTILE } from '../../support/story-findings.ts';

const renderer = createChartRenderer();
const svg = (chart: Chart): Promise<string> => renderer.svg(chart);
const png = (chart: Chart): Promise<Uint8Array> => renderer.png(chart);

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString();
const line: Chart = {
  kind: 'line',
  title: `full ${HOSTILE}`,
  unit: 'bytes',
  series: [
    {
      name: `used ${HOSTILE}`,
      points: [
        { at: at(0), value: 60e9 },
        { at: at(10), value: 93e9 },
      ],
    },
    {
      name: 'if it goes on',
      points: [
        { at: at(10), value: 93e9 },
        { at: at(40), value: 100e9 },
      ],
    },
  ],
  limit: { name: `full ${HOSTILE}`, value: 100e9 },
};
const bar: Chart = {
  kind: 'bar',
  title: 'a log',
  unit: 'bytes',
  bars: [
    { name: `</text>${HOSTILE}`, value: 98e9 },
    { name: 'everything else', value: 4.4e9 },
    { name: 'everything else', value: 1e6 },
  ],
};
const ODD: readonly (readonly [string, Chart])[] = [
  ['no series', { kind: 'line', title: '', unit: 'count', series: [] }],
  ['no bars', { kind: 'bar', title: '', unit: 'percent', bars: [] }],
  [
    'one point',
    {
      kind: 'line',
      title: 'x',
      unit: 'percent',
      series: [{ name: 'x', points: [{ at: at(0), value: 1 }] }],
    },
  ],
  [
    'values and times that are none',
    {
      kind: 'line',
      title: 'x',
      unit: 'count',
      series: [
        {
          name: '',
          points: [
            { at: 'never', value: 1 },
            { at: at(0), value: Number.NaN },
          ],
        },
      ],
    },
  ],
  [
    'very many points',
    {
      kind: 'line',
      title: 'x',
      unit: 'count',
      series: Array.from({ length: 9 }, (_, n) => ({
        name: 'same',
        points: Array.from({ length: 300 }, (__, m) => ({ at: at(m), value: n * m })),
      })),
    },
  ],
];

describe('a chart in a page', () => {
  it('has its numbers in words that people use', async () => {
    const drawn = await svg(line);
    expect(drawn).toContain('>100 GB<');
    expect(drawn).toContain('>UTC<');
    expect(await svg(bar)).toContain('>4.4 GB<');
  });

  it('holds nothing that runs, loads or styles, whatever its names are', async () => {
    for (const drawn of [await svg(line), await svg(bar)]) {
      expect(drawn).toMatch(/^<svg [^]*<\/svg>$/);
      expect(drawn).not.toMatch(
        /<(script|image|style|foreignObject|use|a)\b|\shref=|\sstyle=|url\(/,
      );
      expect(drawn).not.toMatch(/<[^>]*\son\w+=/);
      expect(drawn).not.toContain('\u202e');
      expect(drawn).toContain('&lt;/script&gt;');
    }
  });

  it('takes the colours of the page around it', async () => {
    expect(await svg(line)).toContain('currentColor');
  });

  it('is the same each time', async () => {
    expect(await svg(line)).toBe(await svg(line));
  });

  it.each(ODD)('of %s is drawn all the same', async (_name, chart) => {
    expect(await svg(chart)).toMatch(/^<svg /);
  });
});

describe('a chart as a picture', () => {
  it('is a PNG, sharp on a good screen', async () => {
    const picture = await png(line);
    const view = new DataView(picture.buffer, picture.byteOffset);
    expect(Array.from(picture.slice(0, 4))).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(view.getUint32(16)).toBeGreaterThan(1_200);
    expect(picture.length).toBeLessThan(200_000);
  });

  it('is drawn twice at once', async () => {
    const [a, b] = await Promise.all([png(bar), png(bar)]);
    expect(Buffer.from(a).equals(b)).toBe(true);
  });

  it.each(ODD)('of %s is drawn all the same', async (_name, chart) => {
    expect((await png(chart)).length).toBeGreaterThan(100);
  });
});
