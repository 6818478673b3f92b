import type { Status } from '../../../core/finding.ts';
import type { Sample } from '../reading.ts';

/** From which of the two thresholds on it is; null: below both. */
export function level(
  value: number,
  [warning, critical]: readonly [number, number],
): Status | null {
  if (value >= critical) return 'critical';
  return value >= warning ? 'warning' : null;
}

/** First and last sample; null when there is only one. */
export function ends(samples: readonly Sample[]): readonly [Sample, Sample] | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  return last.atSeconds > first.atSeconds ? [first, last] : null;
}

/** What the counters of /proc/vmstat gained per second. */
export function rates(samples: readonly Sample[]): ReadonlyMap<string, number> | null {
  const pair = ends(samples);
  if (pair === null) return null;
  const [first, last] = pair;
  const seconds = last.atSeconds - first.atSeconds;
  return new Map(
    [...last.counters].map(([name, value]) => [
      name,
      Math.max(0, value - (first.counters.get(name) ?? value)) / seconds,
    ]),
  );
}

/** Shares of a processor's time between the samples, percent; null: it did not tick. */
export interface CpuShares {
  readonly busy: number;
  readonly iowait: number;
  readonly softirq: number;
  readonly steal: number;
}

export function cpuShares(samples: readonly Sample[], name: string): CpuShares | null {
  const pair = ends(samples);
  const before = pair?.[0].cpus.get(name);
  const after = pair?.[1].cpus.get(name);
  if (before === undefined || after === undefined) return null;
  const gained = after.map((ticks, i) => Math.max(0, ticks - (before[i] ?? 0)));
  const all = gained.reduce((sum, ticks) => sum + ticks, 0);
  if (all === 0) return null;
  const share = (i: number): number => ((gained[i] ?? 0) * 100) / all;
  return {
    busy: 100 - share(3) - share(4) - share(7),
    iowait: share(4),
    softirq: share(6),
    steal: share(7),
  };
}
