import type { Finding, Status } from '../../../core/finding.ts';
import { formatBytes, formatPercent } from '../../../core/format.ts';
import { COMMIT, GROUP_MEMORY, MEMORY, SWAP, THRASHING } from '../params.ts';
import type { Group, Memory, Reading, Top } from '../reading.ts';
import { level, rates } from './level.ts';
import { groupWords, logsOf, ownerOf } from './owner.ts';
import { evidence, finding, percentOf, quote, rounded } from './words.ts';

export function memoryFindings(reading: Reading): readonly Finding[] {
  const { memory } = reading;
  const groups = (reading.groups?.list ?? []).flatMap(groupMemory);
  if (memory === null) return groups;
  return [
    ...available(memory, reading.top),
    ...swapping(memory, reading),
    ...committed(memory),
    ...groups,
  ];
}

const at = (memory: Memory, key: string): number => memory.bytes.get(key) ?? 0;

/** Before Linux 3.14 there is no MemAvailable: what is free and the page cache that is no memory file. */
export function availableBytes(memory: Memory): number {
  const given = memory.bytes.get('MemAvailable');
  if (given !== undefined) return given;
  const cache = at(memory, 'Cached') + at(memory, 'Buffers') - at(memory, 'Shmem');
  return at(memory, 'MemFree') + Math.max(0, cache);
}

function available(memory: Memory, top: Top): readonly Finding[] {
  const total = at(memory, 'MemTotal');
  const free = availableBytes(memory);
  const percent = percentOf(free, total);
  const status: Status | null =
    percent <= MEMORY.criticalPercent
      ? 'critical'
      : percent <= MEMORY.warnPercent
        ? 'warning'
        : null;
  if (status === null) return [];
  const [largest] = top.rss;
  const who =
    largest === undefined
      ? ''
      : `; largest: ${quote(largest.name)} (pid ${largest.pid}) with ${formatBytes(largest.bytes)}`;
  return [
    finding({
      code: 'vitals.memory',
      status,
      subject: 'memory',
      title: `Only ${formatBytes(free)} of ${formatBytes(total)} memory are available (${formatPercent(percent)})${who}`,
      detail: [
        'Next the kernel stalls while it looks for pages, then it kills a process. Available counts what can be given back at once, so page cache is not the cause.',
        `Where it is: ${holders(memory)}.`,
        processes(top),
        swapWords(memory),
      ],
      data: {
        what: 'host',
        limitBytes: total,
        usedBytes: total - free,
        availableBytes: free,
        usedPercent: rounded(100 - percent),
        processes: top.rss,
      },
      evidence: [evidence(['cat', '/proc/meminfo'], memory.lines)],
    }),
  ];
}

function holders(memory: Memory): string {
  const huge = at(memory, 'HugePages_Free') * at(memory, 'Hugepagesize');
  const parts: readonly (readonly [string, number])[] = [
    ['processes', at(memory, 'AnonPages')],
    ['shared memory and tmpfs', at(memory, 'Shmem')],
    ['the kernel (unreclaimable slab)', at(memory, 'SUnreclaim')],
    ['huge pages reserved and unused', huge],
  ];
  return parts
    .filter(([, bytes]) => bytes > 0)
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)
    .join(', ');
}

function processes(top: Top): string {
  const list = top.rss.map(
    ({ name, pid, bytes }) => `${quote(name)} (pid ${pid}) ${formatBytes(bytes)}`,
  );
  return list.length === 0 ? '' : `Largest processes: ${list.join(', ')}.`;
}

function swapWords(memory: Memory): string {
  const total = at(memory, 'SwapTotal');
  if (total === 0) return 'There is no swap.';
  return `Swap: ${formatBytes(total - at(memory, 'SwapFree'))} of ${formatBytes(total)} used.`;
}

/** Pages that come and go at once: what is worked with does not fit. Pages that only went out once are no harm. */
function swapping(memory: Memory, reading: Reading): readonly Finding[] {
  const perSecond = rates(reading.samples);
  const came = perSecond?.get('pswpin') ?? 0;
  const went = perSecond?.get('pswpout') ?? 0;
  const both = Math.min(came, went);
  const total = at(memory, 'SwapTotal');
  const used = total - at(memory, 'SwapFree');
  const usedPercent = percentOf(used, total);
  const thrash = level(both, [THRASHING.warnPages, THRASHING.criticalPages]);
  const short =
    percentOf(availableBytes(memory), at(memory, 'MemTotal')) <= SWAP.availablePercent &&
    usedPercent >= SWAP.warnUsedPercent;
  const status = thrash ?? (short ? 'warning' : null);
  if (status === null) return [];
  const bytes = (pages: number): string => formatBytes(pages * reading.host.pageBytes);
  const title =
    thrash === null
      ? `Swap is ${formatPercent(usedPercent)} full (${formatBytes(used)} of ${formatBytes(total)}) and memory is short`
      : `Swapping: ${bytes(came)}/s come in and ${bytes(went)}/s go out at once, what runs does not fit into memory`;
  return [
    finding({
      code: 'vitals.memory',
      status,
      subject: 'swap',
      title,
      detail: [
        'Every page that is missing costs a disk access: everything on the host gets slow, long before a process is killed.',
        processes(reading.top),
      ],
      data: {
        what: 'swap',
        limitBytes: total,
        usedBytes: used,
        usedPercent: rounded(usedPercent),
        swapInBytesPerSecond: Math.round(came * reading.host.pageBytes),
        swapOutBytesPerSecond: Math.round(went * reading.host.pageBytes),
        processes: reading.top.rss,
      },
      evidence: [evidence(['cat', '/proc/meminfo'], memory.lines)],
    }),
  ];
}

/** Under strict accounting an allocation fails although memory is free: no kill, no line in the kernel log. */
function committed(memory: Memory): readonly Finding[] {
  const limit = at(memory, 'CommitLimit');
  const promised = at(memory, 'Committed_AS');
  const percent = percentOf(promised, limit);
  const status = level(percent, [COMMIT.warnPercent, COMMIT.criticalPercent]);
  if (memory.overcommit !== 2 || status === null) return [];
  return [
    finding({
      code: 'vitals.memory',
      status,
      subject: 'commit',
      title: `${formatPercent(percent)} of the memory that may be promised is promised: malloc and fork fail although ${formatBytes(availableBytes(memory))} are available`,
      detail: [
        `vm.overcommit_memory is 2: the kernel promises no more than CommitLimit (${formatBytes(limit)}); ${formatBytes(promised)} are promised. The error is "Cannot allocate memory", and nothing is killed.`,
      ],
      data: {
        what: 'commit',
        limitBytes: limit,
        usedBytes: promised,
        usedPercent: rounded(percent),
        availableBytes: availableBytes(memory),
      },
      evidence: [evidence(['cat', '/proc/meminfo'], memory.lines)],
    }),
  ];
}

function groupMemory(group: Group): readonly Finding[] {
  const { limitBytes, usageBytes } = group;
  if (limitBytes === null || usageBytes === null) return [];
  const used = Math.max(0, usageBytes - group.cacheBytes);
  const percent = percentOf(used, limitBytes);
  const status = level(percent, [GROUP_MEMORY.warnPercent, GROUP_MEMORY.criticalPercent]);
  if (status === null) return [];
  const owner = ownerOf(group.path);
  return [
    finding({
      code: 'vitals.memory',
      status,
      subject: group.path,
      title: `${groupWords(group.path)} uses ${formatPercent(percent)} of its own memory limit of ${formatBytes(limitBytes)}`,
      detail: [
        `At the limit the kernel kills a process in it, however much the host has free. Page cache that could be given back (${formatBytes(group.cacheBytes)}) is not counted.`,
      ],
      data: {
        what: 'group',
        group: group.path,
        ...owner,
        limitBytes,
        usedBytes: used,
        usedPercent: rounded(percent),
      },
      next: logsOf(owner),
    }),
  ];
}
