import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { clockFindings } from '../../../../src/diagnostics/vitals/assess/clock.ts';
import { conntrackFindings } from '../../../../src/diagnostics/vitals/assess/conntrack.ts';
import { coverageFindings } from '../../../../src/diagnostics/vitals/assess/coverage.ts';
import { loadFindings } from '../../../../src/diagnostics/vitals/assess/load.ts';
import { memoryFindings } from '../../../../src/diagnostics/vitals/assess/memory.ts';
import { oomFindings } from '../../../../src/diagnostics/vitals/assess/oom.ts';
import { pressureFindings } from '../../../../src/diagnostics/vitals/assess/pressure.ts';
import { ago } from '../../../../src/diagnostics/vitals/assess/words.ts';
import { parse } from '../../../../src/diagnostics/vitals/parse.ts';
import type { KernelLog, Reading, Sample } from '../../../../src/diagnostics/vitals/reading.ts';
import { recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const healthy = parse(recorded('vitals', 'healthy'), FIXTURE_NONCE);
const kernel = healthy.kernel ?? fail();
const [sample = fail()] = healthy.samples;
function fail(): never {
  throw new Error('the healthy host has a kernel log and a sample');
}

/** The healthy host, its two samples two seconds apart. */
function host(of: Partial<Reading>, before: Partial<Sample> = {}, after = before): Reading {
  const samples = [
    { ...sample, ...before, atSeconds: 100 },
    { ...sample, ...after, atSeconds: 102 },
  ];
  return { ...healthy, samples, ...of };
}
const titles = (findings: readonly Finding[]): string[] =>
  findings.map(({ status, title }) => `${status} ${title}`);
const up = (uptimeSeconds: number): Pick<Reading, 'host'> => ({
  host: { ...healthy.host, uptimeSeconds },
});

describe('vitals: kills that only a counter tells', () => {
  const counted = (total: number): Partial<Sample> => ({
    counters: new Map([['oom_kill', total]]),
  });
  const log = (oldestSeconds: number | null): Pick<Reading, 'kernel'> => ({
    kernel: { ...kernel, classes: new Map(), oldestSeconds },
  });

  it('are told where the log reaches back neither to the start nor a day', () => {
    const told = (uptime: number, oldest: number | null): number =>
      oomFindings(host({ ...up(uptime), ...log(oldest), groups: null }, counted(1))).length;
    expect(told(50_000, 59.9)).toBe(0);
    expect(told(50_000, 60)).toBe(1);
    expect(told(86_500, 100)).toBe(0);
    expect(told(86_500, 100.1)).toBe(1);
    expect(told(50_000, null)).toBe(1);
  });

  it('are critical within an hour of the start, and counted since then', () => {
    const of = (uptime: number): Finding | undefined =>
      oomFindings(host({ ...up(uptime), kernel: null, groups: null }, counted(3)))[0];
    expect(of(3600)).toMatchObject({ status: 'critical', data: { scope: 'host', kills: 3 } });
    expect(of(3601)).toMatchObject({ status: 'warning', data: { scope: 'host', kills: 3 } });
  });

  it('are none in a control group that lost none', () => {
    const group = (oomKills: number): Reading['groups'] => ({
      walked: 1,
      late: false,
      list: [
        {
          path: '/sys/fs/cgroup/system.slice/db.service',
          oomKills,
          underOom: false,
          limitBytes: null,
          usageBytes: null,
          cacheBytes: 0,
          pidsMax: null,
          pids: null,
          forksDenied: 0,
        },
      ],
    });
    const of = (kills: number): string[] =>
      titles(oomFindings(host({ ...up(9000), kernel: null, groups: group(kills) }, counted(0))));
    expect(of(0)).toEqual([]);
    expect(of(1)).toEqual([
      'warning Unit `db.service` lost 1 process to the OOM killer since it began',
    ]);
  });

  it('are those of the log when that has one of the last minute', () => {
    const killed = (ageSeconds: number | null): Pick<Reading, 'kernel'> => {
      const text = 'Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:2kB';
      const oom: ReturnType<KernelLog['classes']['get']> = {
        total: 1,
        recent: 1,
        lines: [{ ageSeconds, text }],
      };
      return { kernel: { ...kernel, classes: new Map([['oom', oom]]) } };
    };
    const of = (age: number | null): string[] =>
      titles(oomFindings(host({ ...killed(age), groups: null }, counted(0), counted(2)))).slice(1);
    const counter = 'critical 2 processes killed for lack of memory while we looked';
    expect(of(59.9)).toEqual([]);
    expect(of(60)).toEqual([counter]);
    expect(of(null)).toEqual([counter]);
  });
});

describe('vitals: load', () => {
  /** Load 40 on two processors; the shares of processor time are what `cpu` gained. */
  const loaded = (busy: number, blocked: number, more: Partial<Reading> = {}): string => {
    const zero = new Map(['cpu', 'cpu0', 'cpu1'].map((name) => [name, [0, 0, 0, 0]]));
    const cpus = new Map(zero).set('cpu', [busy, 0, 0, 100 - busy]);
    const of: Partial<Sample> = { load: [40, 40, 40], blocked, running: 9 };
    const [found] = loadFindings(host(more, { ...of, cpus: zero }, { ...of, cpus }));
    return found?.title ?? 'fine';
  };

  it('is waiting when some are blocked and processors are idle for more than half of the time', () => {
    expect(loaded(49, 1)).toContain('and it is waiting: 1 task ');
    expect(loaded(50, 1)).toContain(': 9 tasks want to run');
    expect(loaded(49, 0)).toContain(': 9 tasks want to run');
    expect(loaded(50, 20)).toContain('and it is waiting: 20 tasks ');
    expect(loaded(50, 19)).toContain(': 9 tasks want to run');
  });

  it('names who uses a tenth of a processor', () => {
    const by = (used: number): string =>
      loaded(90, 0, {
        host: { ...healthy.host, tick: 100 },
        top: { rss: [], cpu: [{ pid: 7, name: 'java', ticks: used }] },
      });
    expect(by(20)).toMatch(/want to run; `java` \(pid 7\) uses 0\.1 CPUs$/);
    expect(by(19)).toMatch(/want to run$/);
  });

  it('of one processor by soft interrupts matters while the others have room', () => {
    const of = (busy: number): number => {
      const names = ['cpu', 'cpu0', 'cpu1'];
      const cpus = new Map([
        ['cpu', [busy, 0, 0, 100 - busy]],
        ['cpu0', [10, 0, 0, 10, 0, 0, 80, 0]],
        ['cpu1', [10, 0, 0, 90]],
      ]);
      const none = new Map(names.map((name) => [name, [0, 0, 0, 0, 0, 0, 0, 0]]));
      const load = [0, 0, 0] as const;
      return loadFindings(host({}, { load, cpus: none }, { load, cpus })).length;
    };
    expect(of(89)).toBe(1);
    expect(of(90)).toBe(0);
  });
});

describe('vitals: swap', () => {
  it.each([
    [250, 100, 1],
    [251, 100, 0],
    [250, 101, 0],
  ])('with %i of 1000 memory available and %i of 1000 swap free: %i findings', (has, free, n) => {
    const bytes = new Map([
      ['MemTotal', 1000],
      ['MemAvailable', has],
      ['SwapTotal', 1000],
      ['SwapFree', free],
    ]);
    const memory = { bytes, overcommit: 0, lines: '' };
    expect(memoryFindings(host({ memory, groups: null }))).toHaveLength(n);
  });
});

describe('vitals: what is said', () => {
  it('of a clock: seconds up to two minutes', () => {
    const title = (seconds: number): string | undefined =>
      clockFindings(host({ clock: { offset: { least: seconds, most: seconds }, sync: null } }))[0]
        ?.title;
    expect(title(119.9)).toBe("The clock is 119.9 s ahead of Housecall's");
    expect(title(120)).toBe("The clock is 2 min ahead of Housecall's");
    expect(title(-120)).toBe("The clock is 2 min behind Housecall's");
  });

  it('of connection tracking: that packets are dropped, only when they are', () => {
    const of = (dropped: number): string[] =>
      titles(
        conntrackFindings(
          host(
            { conntrack: { count: 980, max: 1000 } },
            { track: new Map() },
            { track: new Map([['early_drop', dropped]]) },
          ),
        ),
      );
    const full = 'critical The connection tracking table is 98 % full (980 of 1,000)';
    expect(of(0)).toEqual([full]);
    expect(of(1)).toEqual([`${full} and packets are dropped`]);
  });

  it('of pressure that is over: nothing', () => {
    const of = (avg10: number): number =>
      pressureFindings(
        host({ pressure: [{ kind: 'memory', scope: 'some', avg10, avg60: 60, avg300: 0 }] }),
      ).length;
    expect(of(30)).toBe(1);
    expect(of(29.99)).toBe(0);
  });

  it.each([
    [10_000, 6400, 0],
    [10_000, 6400.1, 1],
    [1000, 60, 0],
    [1000, 60.1, 1],
    [1000, null, 0],
  ])('of a log of a host up for %d s that begins at %d s: %i blind spots', (uptime, oldest, n) => {
    const log = { ...kernel, source: 'dmesg', oldestSeconds: oldest };
    const spots = coverageFindings(host({ ...up(uptime), kernel: log, cutAt: null }));
    expect(spots.filter(({ subject }) => subject === 'kernel log')).toHaveLength(n);
  });

  it.each([
    [null, 'at an unknown time'],
    [4.9, 'just now'],
    [5, '5 s ago'],
  ])('of a time %d seconds ago: %s', (seconds, words) => {
    expect(ago(seconds)).toBe(words);
  });
});
