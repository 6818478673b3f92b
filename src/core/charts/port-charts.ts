import { formatPercent } from '../format.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, thinned, wordsIn } from './seen-finding.ts';
import { clockOf, marksOf, type SeenFix } from './seen-fix.ts';

const MOST_POINTS = 200;

/** The states that a finding counts, in the words of `ss`. */
const STATES = [
  ['timeWait', 'TIME_WAIT'],
  ['established', 'ESTABLISHED'],
  ['closeWait', 'CLOSE_WAIT'],
  ['synSent', 'SYN_SENT'],
] as const;

/** Per network namespace and destination: the local ports that are taken, against those there are. */
export function portCharts(
  seen: readonly SeenFinding[],
  fixes: readonly SeenFix[],
): readonly CaseChart[] {
  const about = seen.filter(({ finding }) => finding.code === 'ports.ephemeral-exhausted');
  const taken = about.filter(({ finding }) => 'destination' in finding.data);
  const places = groupBy(taken, ({ host, finding: { data } }) =>
    [host, data['namespace'], data['localAddress'], data['destination']].map(String).join(' '),
  );
  return [...places].flatMap(([key, of]) => {
    const [first] = of;
    if (first === undefined) return [];
    const isHere = (host: string, data: SeenFinding['finding']['data']): boolean =>
      host === first.host && data['namespace'] === first.finding.data['namespace'];
    const few = about.filter(
      ({ host, run, finding }) =>
        'sockets' in finding.data &&
        isHere(host, finding.data) &&
        !of.some((one) => one.run === run),
    );
    const done = fixes.filter((fix) => isHere(fix.host, fix.about));
    return placeChart({ key, of, few, fixes: done }) ?? [];
  });
}

interface Place {
  readonly key: string;
  readonly of: readonly SeenFinding[];
  /** Looks at which it took so few ports that only the sockets of its namespace were counted. */
  readonly few: readonly SeenFinding[];
  readonly fixes: readonly SeenFix[];
}

function placeChart({ key, of, few, fixes }: Place): CaseChart | null {
  const last = of.at(-1);
  if (last === undefined) return null;
  const { host } = last;
  const { data } = last.finding;
  const range = numberIn(data, 'range');
  const used = numberIn(data, 'used');
  if (range === null || used === null || range === 0) return null;
  const fewer = few.filter(({ at }) => at > last.at);
  const atMost = numberIn(fewer.at(-1)?.finding.data ?? {}, 'sockets');
  const share = formatPercent((Math.min(atMost ?? used, range) * 100) / range);
  const title = `${whoOf(of)} on ${shorten(host, 40)}: ${atMost === null ? '' : 'at most '}${share} of the local ports to ${wordsIn(data, 'destination', 50)} taken`;
  const common = {
    key: `ports ${key}`,
    host,
    run: fewer.at(-1)?.run ?? last.run,
    fixes: fixes.map(({ id }) => id),
  };
  if (of.length === 1 && atMost === null) {
    const bars = STATES.flatMap(([field, name]) => {
      const value = numberIn(data, field) ?? 0;
      return value === 0 ? [] : [{ name, value }];
    }).toSorted((a, b) => b.value - a.value);
    const all = [{ name: 'all ports', value: range }, ...bars];
    const fixed = fixes.at(-1);
    const said = fixed === undefined ? '' : `, before ${fixed.name} at ${clockOf(fixed.beganAt)}`;
    return { ...common, chart: { kind: 'bar', title: title + said, unit: 'count', bars: all } };
  }
  const points = (field: string) =>
    thinned(
      of.flatMap(({ at, finding }) => {
        const value = numberIn(finding.data, field);
        return value === null ? [] : [{ at, value }];
      }),
      MOST_POINTS,
    );
  const low = fewer.flatMap(({ at, finding }) => {
    const value = numberIn(finding.data, 'sockets');
    return value === null ? [] : [{ at, value: Math.min(value, range) }];
  });
  return {
    ...common,
    chart: {
      kind: 'line',
      title,
      unit: 'count',
      series: [
        { name: 'taken', points: points('used') },
        { name: 'TIME_WAIT', points: points('timeWait') },
        ...(low.length === 0
          ? []
          : [
              {
                name: 'taken, at most',
                points: thinned([{ at: last.at, value: used }, ...low], MOST_POINTS),
              },
            ]),
      ],
      limit: { name: `all ports: ${range}`, value: range },
      ...(fixes.length === 0 ? {} : { marks: marksOf(fixes) }),
    },
  };
}

/** A name, from whichever look had one. */
function whoOf(of: readonly SeenFinding[]): string {
  const named = (key: string, most: number): string =>
    of.map(({ finding }) => wordsIn(finding.data, key, most)).find((name) => name !== '') ?? '';
  return (
    named('containerName', 30) || named('process', 30) || `network of ${named('namespace', 12)}`
  );
}
