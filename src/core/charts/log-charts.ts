import type { Finding } from '../finding.ts';
import { formatBytes, formatPercent } from '../format.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, wordsIn } from './seen-finding.ts';
import { clockOf, type SeenFix } from './seen-fix.ts';

const NAME_CHARACTERS = 46;
const MOST_MESSAGES = 8;
/** Less shows as no bar. */
const LEAST_SHARE = 0.001;

/** Per log: which messages its bytes are, as the latest look counted them, and how large it is since. */
export function logCharts(
  seen: readonly SeenFinding[],
  fixes: readonly SeenFix[],
): readonly CaseChart[] {
  const about = seen.filter(({ finding }) => finding.code === 'logs.dominant-template');
  const logs = groupBy(about, ({ host, finding }) => `${host} ${String(finding.data['path'])}`);
  return [...logs.values()].flatMap((of) => {
    const [first] = of;
    const path = first?.finding.data['path'];
    return logChart(
      of,
      fixes.filter((fix) => fix.host === first?.host && fix.path === path),
    );
  });
}

function logChart(of: readonly SeenFinding[], fixes: readonly SeenFix[]): readonly CaseChart[] {
  const counted = of.findLast(({ finding }) => sharesOf(finding.data).length > 0);
  if (counted === undefined) return [];
  const { host } = counted;
  const { data } = counted.finding;
  const size = numberIn(data, 'sizeBytes');
  const shares = sharesOf(data);
  const [top] = shares;
  if (size === null || size === 0 || top === undefined) return [];
  const rest = 1 - shares.reduce((sum, { share }) => sum + share, 0);
  const bars = [
    ...shares,
    ...(rest < LEAST_SHARE ? [] : [{ name: 'everything else', share: rest }]),
  ].map(({ name, share }) => ({ name, value: Math.round(share * size) }));
  const path = wordsIn(data, 'path', 50);
  const since = sizeSince(of, fixes, counted);
  return [
    {
      key: `logs ${host} ${path}`,
      host,
      run: of.at(-1)?.run ?? counted.run,
      fixes: fixes.map(({ id }) => id),
      chart: {
        kind: 'bar',
        title: `${path} on ${shorten(host, 40)}: ${formatPercent(top.share * 100)} of ${formatBytes(size)} is one message${since === null ? '' : `; ${formatBytes(since.value)} in all ${since.when}`}`,
        unit: 'bytes',
        bars:
          since === null
            ? bars
            : [...bars, { name: `all of it ${since.when}`, value: since.value }],
      },
    },
  ];
}

/** How large it was at the latest look or fix after its messages were counted. */
function sizeSince(
  of: readonly SeenFinding[],
  fixes: readonly SeenFix[],
  counted: SeenFinding,
): { readonly value: number; readonly when: string } | null {
  const fixed = fixes.findLast(({ endedAt }) => endedAt > counted.at);
  const looks = of.slice(of.indexOf(counted) + 1).flatMap(({ at, run, finding }) => {
    const value = numberIn(finding.data, 'sizeBytes');
    return value === null || run === counted.run ? [] : [{ at, value }];
  });
  const bytes = fixed?.figures?.after.logBytes;
  const after =
    fixed === undefined || bytes === undefined ? [] : [{ at: fixed.endedAt, value: bytes }];
  const last = [...looks, ...after].toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  if (last === undefined) return null;
  const order = fixed !== undefined && last.at < fixed.endedAt ? 'before' : 'after';
  const because = fixed === undefined ? '' : `, ${order} ${fixed.name}`;
  return { value: last.value, when: `at ${clockOf(last.at)}${because}` };
}

/** The largest messages. Findings of an earlier version name only the very largest. */
function sharesOf(data: Finding['data']): readonly { name: string; share: number }[] {
  const listed: readonly unknown[] = Array.isArray(data['templates']) ? data['templates'] : [data];
  return listed
    .flatMap((one) => {
      if (typeof one !== 'object' || one === null) return [];
      const entry: Finding['data'] = { ...one };
      const share = numberIn(entry, 'bytesShare');
      const name = wordsIn(entry, 'template', NAME_CHARACTERS);
      return share === null || share > 1 || share < LEAST_SHARE
        ? []
        : [{ name: name === '' ? '(empty line)' : name, share }];
    })
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_MESSAGES);
}
