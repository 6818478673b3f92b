import type { Finding } from '../../../core/finding.ts';
import { formatBytes, formatPercent } from '../../../core/format.ts';
import type { Params } from '../params.ts';
import type { Look, Quota, Reading } from '../reading.ts';
import { count, evidence, finding, quote, shown } from '../words.ts';

/** Quotas of the directory and of those above it: each of them stops writers, with an error of its own. */
export function quotas(reading: Reading, { warnPercent }: Params): Finding[] {
  const [asked] = reading.directories;
  if (asked === undefined) return [];
  const own = asked.counts === null ? [] : [{ path: asked.path, ...asked.counts }];
  const below = reading.directories
    .slice(1)
    .flatMap(({ path, counts }) => (counts === null ? [] : [{ path, ...counts }]));
  const look = (path: string): Look =>
    reading.directories.find((one) => one.path === path)?.count ?? reading.quotas ?? asked.count;
  return [...own, ...reading.quotasAbove, ...below].flatMap(({ path, names, space }) =>
    (['names', 'space'] as const).flatMap((kind) => {
      const quota = kind === 'names' ? names : space;
      const found = quota === null ? null : judge(quota, warnPercent);
      return quota === null || found === null
        ? []
        : [quotaFinding({ path, kind, quota, status: found, look: look(path) })];
    }),
  );
}

function judge({ limit, remaining }: Quota, warnPercent: number): 'warning' | 'critical' | null {
  if (remaining <= 0) return 'critical';
  return (limit - remaining) * 100 >= limit * warnPercent ? 'warning' : null;
}

interface Used {
  readonly path: string;
  readonly kind: 'names' | 'space';
  readonly quota: Quota;
  readonly status: 'warning' | 'critical';
  readonly look: Look;
}

export function quotaFinding({ path, kind, quota, status, look }: Used): Finding {
  const { limit, remaining } = quota;
  const used = limit - remaining;
  const text = (value: number): string =>
    kind === 'space' ? formatBytes(value) : value.toLocaleString('en-US');
  const percent = limit === 0 ? '' : ` (${formatPercent((used * 100) / limit)})`;
  const full = remaining <= 0;
  const name = quote(path);
  return finding({
    code: 'hdfs.quota',
    status,
    subject: shown(path),
    title: full
      ? `The ${kind === 'names' ? 'name' : 'space'} quota of ${name} is used up: ${text(used)} of ${text(limit)}`
      : `${name} has used ${text(used)} of its ${kind === 'names' ? 'name' : 'space'} quota of ${text(limit)}${percent}`,
    detail: [
      kind === 'names'
        ? `Every file and directory below ${name} counts, itself too. ${full ? 'Nothing can be created below it: NSQuotaExceededException.' : `${count(remaining, 'more name')} can be created.`}`
        : `Every replica counts: a file of 1 GB with 3 replicas takes 3 GB of it. ${full ? 'Nothing can be written below it: DSQuotaExceededException.' : `${formatBytes(remaining)} are left, and a new block asks for its full size times its replicas at once.`}`,
      `Free some of it, or have a superuser raise it: hdfs dfsadmin ${kind === 'names' ? '-setQuota' : '-setSpaceQuota'}.`,
    ],
    data: { path, kind, limit, used, remaining },
    evidence: [evidence(['hdfs', 'dfs', '-count', '-q', '-v', path], look)],
  });
}
