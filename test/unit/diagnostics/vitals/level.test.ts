import { describe, expect, it } from 'vitest';
import { cpuShares, ends, level, rates } from '../../../../src/diagnostics/vitals/assess/level.ts';
import type { Sample } from '../../../../src/diagnostics/vitals/reading.ts';

const sample = (atSeconds: number, of: Partial<Sample> = {}): Sample => ({
  atSeconds,
  load: [0, 0, 0],
  threads: 1,
  running: 0,
  cpus: new Map(),
  counters: new Map(),
  track: new Map(),
  blocked: 0,
  slept: [],
  spaces: new Map(),
  queues: [],
  ...of,
});

describe('vitals: a level', () => {
  it.each([
    [79.9, null],
    [80, 'warning'],
    [94.9, 'warning'],
    [95, 'critical'],
    [200, 'critical'],
  ])('of %d between 80 and 95 is %s', (value, expected) => {
    expect(level(value, [80, 95])).toBe(expected);
  });
});

describe('vitals: two samples', () => {
  const [one, two, three] = [sample(1), sample(2), sample(3)];

  it('are the first and the last', () => {
    expect(ends([one, two, three])).toEqual([one, three]);
  });

  it.each([
    ['none', []],
    ['one', [one]],
    ['two at the same time', [one, sample(1)]],
    ['two that run backwards', [two, one]],
  ])('are none when there is %s', (_, samples) => {
    expect(ends(samples)).toBe(null);
    expect(rates(samples)).toBe(null);
    expect(cpuShares(samples, 'cpu')).toBe(null);
  });

  it('tell what counters gained per second, never less than nothing', () => {
    const first = sample(10, {
      counters: new Map([
        ['pswpin', 100],
        ['oom_kill', 9],
      ]),
    });
    const last = sample(14, {
      counters: new Map([
        ['pswpin', 500],
        ['oom_kill', 3],
        ['pswpout', 70],
      ]),
    });
    expect([...(rates([first, last]) ?? [])]).toEqual([
      ['pswpin', 100],
      ['oom_kill', 0],
      ['pswpout', 0],
    ]);
  });
});

describe('vitals: shares of processor time', () => {
  const cpu = (...ticks: number[]) => new Map([['cpu', ticks]]);
  const shares = (before: readonly number[], after: readonly number[]) =>
    cpuShares([sample(0, { cpus: cpu(...before) }), sample(1, { cpus: cpu(...after) })], 'cpu');
  const from = [10, 20, 30, 40, 50, 60, 70, 80];

  it.each<[string, readonly number[], ReturnType<typeof cpuShares>]>([
    ['user', [110, 20, 30, 40, 50, 60, 70, 80], { busy: 100, iowait: 0, softirq: 0, steal: 0 }],
    ['idle', [10, 20, 30, 140, 50, 60, 70, 80], { busy: 0, iowait: 0, softirq: 0, steal: 0 }],
    [
      'all of it',
      [15, 25, 35, 50, 70, 65, 75, 125],
      { busy: 25, iowait: 20, softirq: 5, steal: 45 },
    ],
    [
      'one that ran backwards',
      [0, 20, 30, 40, 60, 60, 80, 80],
      { busy: 50, iowait: 50, softirq: 50, steal: 0 },
    ],
    ['none', from, null],
  ])('are of what was gained: %s', (_, after, expected) => {
    expect(shares(from, after)).toEqual(expected);
  });

  it('count a column that was not there as gained since nothing', () => {
    expect(shares([10], [10, 0, 0, 60, 40])).toEqual({ busy: 0, iowait: 40, softirq: 0, steal: 0 });
  });

  it('are not known of a processor that came or went', () => {
    const there = sample(0, { cpus: cpu(1, 2) });
    expect(cpuShares([there, sample(1)], 'cpu')).toBe(null);
    expect(cpuShares([sample(-1), there], 'cpu')).toBe(null);
    expect(cpuShares([there, sample(1, { cpus: cpu(5, 5) })], 'cpu7')).toBe(null);
  });
});
