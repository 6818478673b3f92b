import { describe, expect, it } from 'vitest';
import type { Chart } from '../../../src/core/chart.ts';
import { caseCharts } from '../../../src/core/charts/case-charts.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { caseOf, runOf } from '../../support/ended-run.ts';
import {
  diskFindings,
  HOSTILE,
  logFindings,
  portFindings,
  storyFinding,
} from '../../support/story-findings.ts';

function chartsOf(...looks: readonly (readonly Finding[])[]): readonly Chart[] {
  const runs = looks.map((findings, n) => runOf(`r${n}`, n, findings));
  return caseCharts(caseOf(runs)).map(({ chart }) => chart);
}

describe('a disk', () => {
  it('is drawn over its looks, with the line at which writers fail', () => {
    expect(chartsOf(diskFindings(60), diskFindings(80))).toEqual([
      {
        kind: 'line',
        title: '/var/lib/docker on host-17: 80 % full',
        unit: 'bytes',
        series: [
          {
            name: 'used',
            points: [
              { at: '2026-11-20T12:00:00.000Z', value: 60e9 },
              { at: '2026-11-20T12:10:00.000Z', value: 80e9 },
            ],
          },
        ],
        limit: { name: 'full: 100 GB', value: 100e9 },
      },
    ]);
  });

  it('that was looked at once is not drawn, unless it grows', () => {
    expect(chartsOf(diskFindings(60))).toEqual([]);
    const [chart] = chartsOf(diskFindings(93, true));
    expect(chart).toMatchObject({
      title: '/var/lib/docker on host-17: 93 % full, full in 1 h 5 min',
      series: [
        { name: 'used' },
        {
          name: 'if it goes on',
          points: [
            { at: '2026-11-20T12:00:00.000Z', value: 93e9 },
            { at: '2026-11-20T13:05:00.000Z', value: 100e9 },
          ],
        },
      ],
    });
  });

  it('that grows and is not full yet is drawn by what is free', () => {
    const growing = diskFindings(10, true).slice(1);
    expect(chartsOf(growing)).toMatchObject([
      {
        title: '/var/lib/docker on host-17: 8.2 GB free, full in 1 h 5 min',
        series: [{ name: 'free, if it goes on', points: [{ value: 2.1e6 * 3900 }, { value: 0 }] }],
      },
    ]);
  });

  it('is drawn in order of time, whatever ended first', () => {
    const late = runOf('late', 2, diskFindings(90));
    const early = runOf('early', 1, diskFindings(50));
    const [one] = caseCharts(caseOf([late, early]));
    expect(one?.run).toBe('late');
    expect(one?.chart).toMatchObject({ series: [{ points: [{ value: 50e9 }, { value: 90e9 }] }] });
  });

  it('has no more points than a chart may hold, first and last among them', () => {
    const looks = Array.from({ length: 500 }, (_, n) => diskFindings(10 + (n % 80)));
    const [chart] = chartsOf(...looks);
    const [series] = chart?.kind === 'line' ? chart.series : [];
    expect(series?.points).toHaveLength(200);
    expect(series?.points[0]?.value).toBe(10e9);
    expect(series?.points.at(-1)?.value).toBe((10 + (499 % 80)) * 1e9);
  });

  it('is not drawn of numbers that are none', () => {
    const broken = (usedBytes: unknown): Finding[] => [
      storyFinding('disk.filesystem-full', 'critical', {
        data: { mount: '/x', usedBytes, availableBytes: null, sizeBytes: 'much' },
      }),
    ];
    expect(chartsOf(broken('1'), broken(Number.NaN), broken(-3), broken(null))).toEqual([]);
    expect(chartsOf([storyFinding('disk.filesystem-full', 'critical')])).toEqual([]);
  });
});

describe('local ports', () => {
  it('are drawn by state when they were looked at once', () => {
    expect(chartsOf(portFindings(27_900))).toEqual([
      {
        kind: 'bar',
        title: 'billing-api on host-17: 98.8 % of the local ports to 10.0.0.5:6379 taken',
        unit: 'count',
        bars: [
          { name: 'all ports', value: 28_232 },
          { name: 'TIME_WAIT', value: 27_600 },
          { name: 'ESTABLISHED', value: 250 },
          { name: 'CLOSE_WAIT', value: 50 },
        ],
      },
    ]);
  });

  it('are drawn over their looks against the range', () => {
    expect(chartsOf(portFindings(27_900), portFindings(20_000))).toMatchObject([
      {
        kind: 'line',
        series: [
          { name: 'taken', points: [{ value: 27_900 }, { value: 20_000 }] },
          { name: 'TIME_WAIT', points: [{ value: 27_600 }, { value: 19_700 }] },
        ],
        limit: { name: 'all ports: 28232', value: 28_232 },
      },
    ]);
  });
});

describe('a log', () => {
  it('is drawn by the bytes of its messages, the rest together', () => {
    expect(chartsOf(logFindings())).toMatchObject([
      {
        kind: 'bar',
        title: '/var/log/docker.log on host-17: 98 % of 102.4 GB is one message',
        unit: 'bytes',
        bars: [{ value: 100_352_000_000 }, { name: 'everything else', value: 2_048_000_000 }],
      },
    ]);
  });

  it('is drawn by all messages that the finding names', () => {
    const [finding = storyFinding('', 'ok')] = logFindings();
    const templates = [
      { template: 'b', bytesShare: 0.2 },
      { template: 'a', bytesShare: 0.7 },
      { template: '', bytesShare: 0.1 },
      { template: 'nonsense', bytesShare: 7 },
      null,
    ];
    const told = { ...finding, data: { ...finding.data, sizeBytes: 1000, templates } };
    expect(chartsOf([told])).toMatchObject([
      {
        bars: [
          { name: 'a', value: 700 },
          { name: 'b', value: 200 },
          { name: '(empty line)', value: 100 },
        ],
      },
    ]);
  });
});

describe('names from outside', () => {
  it('are on one line, short, and without what reorders text', () => {
    const named = (usedBytes: number): Finding[] => [
      storyFinding('disk.filesystem-full', 'critical', {
        data: { mount: `/${HOSTILE}\n${'x'.repeat(500)}`, usedBytes, availableBytes: 9 },
      }),
    ];
    const [chart] = chartsOf(named(1), named(2));
    expect(chart?.title).not.toMatch(/[\n\u202e]/);
    expect(chart?.title.length).toBeLessThan(100);
  });
});
