import { formatBytes, formatDuration, formatPercent } from '../format.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, thinned, wordsIn } from './seen-finding.ts';

const MOST_POINTS = 200;
/** Farther ahead two samples tell nothing. */
const FARTHEST_SECONDS = 7 * 86_400;

interface Sample {
  readonly at: string;
  readonly run: string;
  readonly used: number | null;
  /** Where writers fail: used and available together. */
  readonly full: number | null;
  readonly rate: number | null;
  readonly secondsToFull: number | null;
}

/** Per mount: how full it was at each look, and when it will be full if it goes on. */
export function diskCharts(seen: readonly SeenFinding[]): readonly CaseChart[] {
  const about = seen.filter(
    ({ finding: { code, data } }) =>
      (code === 'disk.filesystem-full' || code === 'disk.filling') &&
      typeof data['mount'] === 'string',
  );
  const mounts = groupBy(about, ({ host, finding }) => `${host} ${String(finding.data['mount'])}`);
  return [...mounts.values()].flatMap((of) => mountChart(of) ?? []);
}

function mountChart(of: readonly SeenFinding[]): CaseChart | null {
  const [first] = of;
  const samples = [...groupBy(of, ({ run }) => run).values()].map(sampleOf);
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const { host } = first;
  const mount = wordsIn(first.finding.data, 'mount', 40);
  const known = samples.flatMap(({ at, used }) => (used === null ? [] : [{ at, value: used }]));
  const ahead = aheadOf(last);
  const place = `${mount} on ${shorten(host, 40)}`;
  const until = ahead === null ? '' : `, full in ${formatDuration(last.secondsToFull ?? 0)}`;
  const common = { key: `disk ${host} ${mount}`, host, run: last.run };
  if (last.used === null || last.full === null) {
    const free = freeOf(last);
    if (free === null || ahead === null) return null;
    return {
      ...common,
      chart: {
        kind: 'line',
        title: `${place}: ${formatBytes(free)} free${until}`,
        unit: 'bytes',
        series: [
          {
            name: 'free, if it goes on',
            points: [
              { at: last.at, value: free },
              { at: ahead, value: 0 },
            ],
          },
        ],
      },
    };
  }
  if (known.length < 2 && ahead === null) return null;
  const projected = { name: 'if it goes on', points: [] as { at: string; value: number }[] };
  if (ahead !== null) {
    projected.points.push({ at: last.at, value: last.used }, { at: ahead, value: last.full });
  }
  const percent = last.full === 0 ? 100 : (last.used * 100) / last.full;
  return {
    ...common,
    chart: {
      kind: 'line',
      title: `${place}: ${formatPercent(percent)} full${until}`,
      unit: 'bytes',
      series: [
        { name: 'used', points: thinned(known, MOST_POINTS) },
        ...(ahead === null ? [] : [projected]),
      ],
      limit: { name: `full: ${formatBytes(last.full)}`, value: last.full },
    },
  };
}

function sampleOf(of: readonly SeenFinding[]): Sample {
  const [{ at, run } = { at: '', run: '' }] = of;
  const data = (code: string): SeenFinding['finding']['data'] =>
    of.find(({ finding }) => finding.code === code)?.finding.data ?? {};
  const full = data('disk.filesystem-full');
  const filling = data('disk.filling');
  const used = numberIn(full, 'usedBytes');
  const available = numberIn(full, 'availableBytes');
  return {
    at,
    run,
    used,
    full: used !== null && available !== null ? used + available : numberIn(full, 'sizeBytes'),
    rate: numberIn(filling, 'bytesPerSecond'),
    secondsToFull: numberIn(filling, 'secondsToFull'),
  };
}

function freeOf({ rate, secondsToFull }: Sample): number | null {
  return rate === null || secondsToFull === null ? null : rate * secondsToFull;
}

/** When it is full; null: it does not grow, or not so that it could be told. */
function aheadOf({ at, rate, secondsToFull }: Sample): string | null {
  const begin = Date.parse(at);
  if (rate === null || rate === 0 || secondsToFull === null || Number.isNaN(begin)) return null;
  if (secondsToFull < 1 || secondsToFull > FARTHEST_SECONDS) return null;
  return new Date(begin + secondsToFull * 1000).toISOString();
}
