import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { LIMIT } from '../params.ts';
import type { Descriptors, Reading } from '../reading.ts';
import { level } from './level.ts';
import { logsOf, ofOwner, ownerOf } from './owner.ts';
import { count, evidence, finding, percentOf, quote, rounded } from './words.ts';

const THRESHOLDS = [LIMIT.warnPercent, LIMIT.criticalPercent] as const;

export function descriptorFindings(reading: Reading): readonly Finding[] {
  const { descriptors } = reading;
  if (descriptors === null) return [];
  return [
    ...system(descriptors),
    ...descriptors.processes.flatMap((one) => ofProcess(one, reading)),
  ];
}

function system({ allocated, max }: Descriptors): readonly Finding[] {
  const percent = percentOf(allocated, max);
  const status = level(percent, THRESHOLDS);
  if (status === null) return [];
  return [
    finding({
      code: 'vitals.descriptors',
      status,
      subject: 'fs.file-max',
      title: `The host holds ${allocated.toLocaleString('en-US')} of the ${max.toLocaleString('en-US')} files that may be open (fs.file-max, ${formatPercent(percent)})`,
      detail: [
        'At the limit nobody but root can open a file or a connection: "Too many open files in system".',
      ],
      data: { what: 'host', open: allocated, limit: max, usedPercent: rounded(percent) },
      evidence: [evidence(['cat', '/proc/sys/fs/file-nr'], `${allocated}\t0\t${max}`)],
    }),
  ];
}

function ofProcess(one: Descriptors['processes'][number], { owners }: Reading): readonly Finding[] {
  const percent = percentOf(one.open, one.limit);
  const status = level(percent, THRESHOLDS);
  if (status === null) return [];
  const owner = ownerOf(owners.get(one.pid));
  const most = one.kinds[0];
  const kind =
    most === undefined
      ? ''
      : `, ${most.count.toLocaleString('en-US')} of them ${kindWords(most.kind, most.count)}`;
  const full = one.open >= one.limit;
  return [
    finding({
      code: 'vitals.descriptors',
      status,
      subject: `${one.name} (pid ${one.pid})`,
      title: `${quote(one.name)} (pid ${one.pid})${ofOwner(owner)} holds ${full ? 'all' : `${one.open.toLocaleString('en-US')} of`} its ${count(one.limit, 'descriptor')}${kind}`,
      detail: [
        full
          ? 'Every new file and connection of this process fails with "Too many open files" (EMFILE), while the host has room.'
          : 'At its limit every new file and connection of this process fails with "Too many open files" (EMFILE).',
        `What it holds: ${one.kinds.map(({ kind: name, count: n }) => `${n.toLocaleString('en-US')} ${kindWords(name, n)}`).join(', ') || 'visible to root only'}.`,
        'Many sockets: connections that nobody closes (look for CLOSE_WAIT), or more clients than the limit was made for. Many of one directory: files that are not closed.',
      ],
      data: {
        what: 'process',
        pid: one.pid,
        process: one.name,
        ...owner,
        open: one.open,
        limit: one.limit,
        usedPercent: rounded(percent),
        kinds: one.kinds,
      },
      evidence: [
        evidence(
          ['grep', 'Max open files', `/proc/${one.pid}/limits`],
          `Max open files ${one.limit}; open: ${one.open}`,
        ),
      ],
      next: [
        ...(most?.kind === 'socket' ? [{ diagnostic: 'ports', params: {} }] : []),
        ...logsOf(owner),
      ],
    }),
  ];
}

function kindWords(kind: string, number: number): string {
  if (kind === 'socket' || kind === 'pipe') return number === 1 ? kind : `${kind}s`;
  return kind.startsWith('/') ? `in ${quote(kind)}` : quote(kind);
}
