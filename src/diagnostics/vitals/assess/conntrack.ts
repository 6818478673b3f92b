import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { LIMIT } from '../params.ts';
import type { Reading } from '../reading.ts';
import { ends, level } from './level.ts';
import { evidence, finding, percentOf, rounded } from './words.ts';

export function conntrackFindings(reading: Reading): readonly Finding[] {
  const { conntrack } = reading;
  if (conntrack === null || conntrack === 'denied') return [];
  const { count, max } = conntrack;
  const percent = percentOf(count, max);
  const dropped = gained(reading);
  const full = percent >= LIMIT.warnPercent && dropped > 0;
  const status = full ? 'critical' : level(percent, [LIMIT.warnPercent, LIMIT.criticalPercent]);
  if (status === null) return [];
  return [
    finding({
      code: 'vitals.conntrack',
      status,
      subject: 'nf_conntrack',
      title: `The connection tracking table is ${formatPercent(percent)} full (${count.toLocaleString('en-US')} of ${max.toLocaleString('en-US')})${dropped > 0 ? ' and packets are dropped' : ''}`,
      detail: [
        'When it is full, new connections through this host time out while established ones go on. It looks like a network fault and says nothing to the applications.',
        'Raise net.netfilter.nf_conntrack_max (each entry takes about 300 bytes), or find who opens so many connections.',
      ],
      data: { what: 'table', used: count, limit: max, usedPercent: rounded(percent), dropped },
      evidence: [
        evidence(
          [
            'cat',
            '/proc/sys/net/netfilter/nf_conntrack_count',
            '/proc/sys/net/netfilter/nf_conntrack_max',
          ],
          `${count}\n${max}`,
        ),
      ],
      next: [{ diagnostic: 'ports', params: {} }],
    }),
  ];
}

/** Dropped, or thrown out to make room, between the samples. */
function gained({ samples }: Reading): number {
  const pair = ends(samples);
  if (pair === null) return 0;
  const sum = (at: 0 | 1): number =>
    ['drop', 'early_drop'].reduce((all, name) => all + (pair[at].track.get(name) ?? 0), 0);
  return Math.max(0, sum(1) - sum(0));
}
