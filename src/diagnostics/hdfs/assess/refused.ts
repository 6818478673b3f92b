import type { Finding } from '../../../core/finding.ts';
import { recognise } from '../exceptions.ts';
import type { Reading } from '../reading.ts';
import { evidence, finding, quote, shown } from '../words.ts';
import { quotaFinding } from './quota.ts';

/**
 * A router or proxy before HDFS may answer any command with the refusal of a write. Its words hold the
 * path and the numbers: they are the finding.
 */
export function refused(reading: Reading): Finding[] {
  const looks = [...reading.directories.map((one) => one.count), reading.safeMode, reading.fsck];
  return looks.flatMap((look) => {
    const found = look === null ? null : recognise(look.output);
    if (look === null || found === null) return [];
    if (found.kind === 'items') {
      const { path, items, limit } = found;
      return [
        finding({
          code: 'hdfs.directory-items',
          status: 'critical',
          subject: shown(path),
          title: `${quote(path)} is full: ${items.toLocaleString('en-US')} items, the limit is ${limit.toLocaleString('en-US')}`,
          detail: ['HDFS itself said so when it refused to add to it.'],
          data: {
            path,
            items,
            limit,
            oldest: null,
            sizeBytes: null,
            usedPercent: Math.round((items * 1000) / limit) / 10,
            exact: true,
            limitFrom: 'name-node',
            newest: null,
            sampled: 0,
          },
          evidence: [evidence(['hdfs'], look)],
          next: [],
          fixes: [{ fix: 'set-aside-directory', params: { path } }],
        }),
      ];
    }
    if (found.kind !== 'names' && found.kind !== 'space') return [];
    const { path, kind, limit, used } = found;
    const quota = { limit, remaining: limit - used };
    return [quotaFinding({ path, kind, quota, status: 'critical', look })];
  });
}
