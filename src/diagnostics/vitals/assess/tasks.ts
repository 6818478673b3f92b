import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { LIMIT } from '../params.ts';
import type { Group, Reading } from '../reading.ts';
import { level } from './level.ts';
import { groupWords, logsOf, ownerOf } from './owner.ts';
import { finding, percentOf, rounded } from './words.ts';

const THRESHOLDS = [LIMIT.warnPercent, LIMIT.criticalPercent] as const;

/** Limits of processes and threads: of the host, and of control groups. */
export function taskFindings(reading: Reading): readonly Finding[] {
  return [...ofHost(reading), ...(reading.groups?.list ?? []).flatMap(ofGroup)];
}

function ofHost({ limits, samples }: Reading): readonly Finding[] {
  const threads = samples.at(-1)?.threads ?? 0;
  return ['kernel/pid_max', 'kernel/threads-max'].flatMap((name) => {
    const limit = limits.get(name) ?? 0;
    const percent = percentOf(threads, limit);
    const status = level(percent, THRESHOLDS);
    if (status === null) return [];
    const key = name.replace('/', '.');
    return [
      finding({
        code: 'vitals.tasks',
        status,
        subject: key,
        title: `The host runs ${threads.toLocaleString('en-US')} threads, ${formatPercent(percent)} of ${key} (${limit.toLocaleString('en-US')})`,
        detail: [
          'At the limit nothing can be started any more: "fork: Resource temporarily unavailable", also for whoever logs in.',
        ],
        data: { what: 'host', tasks: threads, limit, usedPercent: rounded(percent), sysctl: key },
      }),
    ];
  });
}

function ofGroup(group: Group): readonly Finding[] {
  if (group.pids === null || group.pidsMax === null) return [];
  const percent = percentOf(group.pids, group.pidsMax);
  const status = level(percent, THRESHOLDS);
  if (status === null) return [];
  const owner = ownerOf(group.path);
  const full = group.pids >= group.pidsMax;
  return [
    finding({
      code: 'vitals.tasks',
      status,
      subject: group.path,
      title: `${groupWords(group.path)} runs ${full ? 'all' : `${group.pids.toLocaleString('en-US')} of`} the ${group.pidsMax.toLocaleString('en-US')} processes and threads that it may (pids.max)`,
      detail: [
        'At the limit fork fails there with "Resource temporarily unavailable" while the host has room.',
        group.forksDenied > 0
          ? `It was denied ${group.forksDenied === 1 ? 'once' : `${group.forksDenied.toLocaleString('en-US')} times`} since it began.`
          : '',
      ],
      data: {
        what: 'group',
        group: group.path,
        ...owner,
        tasks: group.pids,
        limit: group.pidsMax,
        usedPercent: rounded(percent),
      },
      next: logsOf(owner),
    }),
  ];
}
