import { formatPercent } from '../format.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, thinned, wordsIn } from './seen-finding.ts';

const MOST_POINTS = 200;

/** The states that a finding counts, in the words of `ss`. */
const STATES = [
  ['timeWait', 'TIME_WAIT'],
  ['established', 'ESTABLISHED'],
  ['closeWait', 'CLOSE_WAIT'],
  ['synSent', 'SYN_SENT'],
] as const;

/** Per network namespace and destination: the local ports that are taken, against those there are. */
export function portCharts(seen: readonly SeenFinding[]): readonly CaseChart[] {
  const about = seen.filter(({ finding }) => finding.code === 'ports.ephemeral-exhausted');
  const places = groupBy(about, ({ host, finding: { data } }) =>
    [host, data['namespace'], data['localAddress'], data['destination']].map(String).join(' '),
  );
  return [...places].flatMap(([key, of]) => placeChart(key, of) ?? []);
}

function placeChart(key: string, of: readonly SeenFinding[]): CaseChart | null {
  const last = of.at(-1);
  if (last === undefined) return null;
  const { host, run } = last;
  const { data } = last.finding;
  const range = numberIn(data, 'range');
  const used = numberIn(data, 'used');
  if (range === null || used === null || range === 0) return null;
  const who =
    wordsIn(data, 'containerName', 30) ||
    wordsIn(data, 'process', 30) ||
    `network of ${wordsIn(data, 'namespace', 12)}`;
  const title = `${who} on ${shorten(host, 40)}: ${formatPercent((used * 100) / range)} of the local ports to ${wordsIn(data, 'destination', 50)} taken`;
  const common = { key: `ports ${key}`, host, run };
  if (of.length === 1) {
    const bars = STATES.flatMap(([field, name]) => {
      const value = numberIn(data, field) ?? 0;
      return value === 0 ? [] : [{ name, value }];
    }).toSorted((a, b) => b.value - a.value);
    const all = [{ name: 'all ports', value: range }, ...bars];
    return { ...common, chart: { kind: 'bar', title, unit: 'count', bars: all } };
  }
  const points = (field: string) =>
    thinned(
      of.flatMap(({ at, finding }) => {
        const value = numberIn(finding.data, field);
        return value === null ? [] : [{ at, value }];
      }),
      MOST_POINTS,
    );
  return {
    ...common,
    chart: {
      kind: 'line',
      title,
      unit: 'count',
      series: [
        { name: 'taken', points: points('used') },
        { name: 'TIME_WAIT', points: points('timeWait') },
      ],
      limit: { name: `all ports: ${range}`, value: range },
    },
  };
}
