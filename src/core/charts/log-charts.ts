import type { Finding } from '../finding.ts';
import { formatBytes, formatPercent } from '../format.ts';
import type { CaseChart } from './case-chart.ts';
import { groupBy, numberIn, type SeenFinding, shorten, wordsIn } from './seen-finding.ts';

const NAME_CHARACTERS = 46;
const MOST_MESSAGES = 8;
/** Less shows as no bar. */
const LEAST_SHARE = 0.001;

/** Per log: which messages its bytes are, as its latest look counted them. */
export function logCharts(seen: readonly SeenFinding[]): readonly CaseChart[] {
  const about = seen.filter(({ finding }) => finding.code === 'logs.dominant-template');
  const logs = groupBy(about, ({ host, finding }) => `${host} ${String(finding.data['path'])}`);
  return [...logs.values()].flatMap((of) => logChart(of.at(-1)) ?? []);
}

function logChart(last: SeenFinding | undefined): CaseChart | null {
  if (last === undefined) return null;
  const { host, run } = last;
  const { data } = last.finding;
  const size = numberIn(data, 'sizeBytes');
  const shares = sharesOf(data);
  const [top] = shares;
  if (size === null || size === 0 || top === undefined) return null;
  const rest = 1 - shares.reduce((sum, { share }) => sum + share, 0);
  const bars = [
    ...shares,
    ...(rest < LEAST_SHARE ? [] : [{ name: 'everything else', share: rest }]),
  ].map(({ name, share }) => ({ name, value: Math.round(share * size) }));
  const path = wordsIn(data, 'path', 50);
  return {
    key: `logs ${host} ${path}`,
    host,
    run,
    chart: {
      kind: 'bar',
      title: `${path} on ${shorten(host, 40)}: ${formatPercent(top.share * 100)} of ${formatBytes(size)} is one message`,
      unit: 'bytes',
      bars,
    },
  };
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
