import type { Chart } from '../chart.ts';
import { formatBytes, formatDuration, formatPercent } from '../format.ts';
import type { Figures } from '../plan.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, thinned, wordsIn } from './seen-finding.ts';
import { clockOf, marksOf, type SeenFix } from './seen-fix.ts';

const MOST_POINTS = 200;
/** Farther ahead two samples tell nothing. */
const FARTHEST_SECONDS = 7 * 86_400;

interface Sample {
  readonly at: string;
  readonly used: number | null;
  /** Where writers fail: used and available together. */
  readonly full: number | null;
  readonly rate: number | null;
  readonly secondsToFull: number | null;
}

/** Per mount: how full it was at each look and around each fix, and when it will be full if it goes on. */
export function diskCharts(
  seen: readonly SeenFinding[],
  fixes: readonly SeenFix[],
): readonly CaseChart[] {
  const about = seen.filter(
    ({ finding: { code, data } }) =>
      (code === 'disk.filesystem-full' || code === 'disk.filling') &&
      typeof data['mount'] === 'string',
  );
  const mounts = groupBy(about, ({ host, finding }) => `${host} ${String(finding.data['mount'])}`);
  const all = [...mounts.values()];
  return all.flatMap((of) => mountChart(of, { fixes: fixesOf(of, fixes, all) }) ?? []);
}

function mountChart(
  of: readonly SeenFinding[],
  { fixes }: { readonly fixes: readonly SeenFix[] },
): CaseChart | null {
  const [first] = of;
  const latest = of.at(-1);
  if (first === undefined || latest === undefined) return null;
  const looks = [...groupBy(of, ({ run }) => run).values()].map(sampleOf);
  const samples = inOrder([...looks, ...fixes.flatMap((fix) => samplesOf(fix, sizeOf(of)))]);
  const last = samples.at(-1);
  if (last === undefined) return null;
  const { host } = first;
  const mount = wordsIn(first.finding.data, 'mount', 40);
  const known = samples.flatMap(({ at, used }) => (used === null ? [] : [{ at, value: used }]));
  const full = samples.findLast((one) => one.full !== null)?.full ?? null;
  const ahead = aheadOf(last);
  const place = `${mount} on ${shorten(host, 40)}`;
  const until = ahead === null ? '' : `, full in ${formatDuration(last.secondsToFull ?? 0)}`;
  const common = {
    key: `disk ${host} ${mount}`,
    host,
    run: latest.run,
    fixes: fixes.map(({ id }) => id),
  };
  if (last.used === null || full === null) {
    const chart = freeChart(last, `${place}: `, until);
    return chart === null ? null : { ...common, chart };
  }
  if (known.length < 2 && ahead === null) return null;
  const projected = { name: 'if it goes on', points: [] as { at: string; value: number }[] };
  if (ahead !== null) {
    projected.points.push({ at: last.at, value: last.used }, { at: ahead, value: full });
  }
  // Root may have written into what is reserved for it: that is full, not more.
  const percent = (used: number): string =>
    formatPercent(full === 0 ? 100 : Math.min(100, (used * 100) / full));
  const was = wasWords(samples, fixes.at(-1), percent);
  return {
    ...common,
    chart: {
      kind: 'line',
      title: `${place}: ${percent(last.used)} full${was}${until}`,
      unit: 'bytes',
      series: [
        { name: 'used', points: thinned(known, MOST_POINTS) },
        ...(ahead === null ? [] : [projected]),
      ],
      limit: { name: `full: ${formatBytes(full)}`, value: full },
      ...(fixes.length === 0 ? {} : { marks: marksOf(fixes) }),
    },
  };
}

/** Of a disk that grows and of which nothing else is known. */
function freeChart(last: Sample, place: string, until: string): Chart | null {
  const [free, ahead] = [freeOf(last), aheadOf(last)];
  if (free === null || ahead === null) return null;
  const points = [
    { at: last.at, value: free },
    { at: ahead, value: 0 },
  ];
  return {
    kind: 'line',
    title: `${place}${formatBytes(free)} free${until}`,
    unit: 'bytes',
    series: [{ name: 'free, if it goes on', points }],
  };
}

/** How full it was when the fix began, if it was looked at since. */
function wasWords(
  samples: readonly Sample[],
  fixed: SeenFix | undefined,
  percent: (used: number) => string,
): string {
  if (fixed === undefined) return '';
  const { beganAt, name } = fixed;
  const known = samples.filter(({ used }) => used !== null);
  const used = known.findLast(({ at }) => at <= beganAt)?.used;
  if (!known.some(({ at }) => at > beganAt)) return `, before ${name} at ${clockOf(beganAt)}`;
  return used === undefined || used === null ? '' : `, ${percent(used)} before ${name}`;
}

function sampleOf(of: readonly SeenFinding[]): Sample {
  const [{ at } = { at: '' }] = of;
  const data = (code: string): SeenFinding['finding']['data'] =>
    of.find(({ finding }) => finding.code === code)?.finding.data ?? {};
  const full = data('disk.filesystem-full');
  const filling = data('disk.filling');
  const used = numberIn(full, 'usedBytes');
  const available = numberIn(full, 'availableBytes');
  return {
    at,
    used,
    full: used !== null && available !== null ? used + available : numberIn(full, 'sizeBytes'),
    rate: numberIn(filling, 'bytesPerSecond'),
    secondsToFull: numberIn(filling, 'secondsToFull'),
  };
}

/** The look just before it ran, and the one that verified it; none when it was about another file system. */
function samplesOf(fix: SeenFix, size: number | null): readonly Sample[] {
  const { figures, beganAt, endedAt } = fix;
  if (figures === undefined) return [];
  if (size !== null && figures.after.fileSystemBytes !== size) return [];
  return [measured(beganAt, figures.before), measured(endedAt, figures.after)];
}

function measured(at: string, { usedBytes }: Figures): Sample {
  return { at, used: usedBytes, full: null, rate: null, secondsToFull: null };
}

function inOrder(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The size of the file system as its findings say. */
function sizeOf(of: readonly SeenFinding[]): number | null {
  return of.reduce<number | null>(
    (size, { finding }) => numberIn(finding.data, 'sizeBytes') ?? size,
    null,
  );
}

/** By the mount that the finding named; a log that only has a path, by the longest mount of its size above it. */
function fixesOf(
  of: readonly SeenFinding[],
  fixes: readonly SeenFix[],
  all: readonly (readonly SeenFinding[])[],
): readonly SeenFix[] {
  const place = placeOf(of);
  return fixes.filter((fix) => {
    if (fix.host !== place.host) return false;
    if (typeof fix.about['mount'] === 'string') return fix.about['mount'] === place.mount;
    const above = all
      .filter((one) => placeOf(one).host === fix.host && holds(one, fix))
      .map((one) => placeOf(one).mount);
    const nearest = above.toSorted((a, b) => b.length - a.length)[0];
    return nearest === place.mount;
  });
}

function placeOf([first]: readonly SeenFinding[]): { host: string; mount: string } {
  const mount = first?.finding.data['mount'];
  return { host: first?.host ?? '', mount: typeof mount === 'string' ? mount : '' };
}

function holds(of: readonly SeenFinding[], { path, figures }: SeenFix): boolean {
  const { mount } = placeOf(of);
  if (path === null || figures === undefined) return false;
  const below = mount === '/' || path.startsWith(`${mount}/`);
  return below && sizeOf(of) === figures.after.fileSystemBytes;
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
