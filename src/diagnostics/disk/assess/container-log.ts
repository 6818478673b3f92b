import type { Finding } from '../../../core/finding.ts';
import { formatBytes, formatPercent, formatRate } from '../../../core/format.ts';
import { isPlain } from '../display.ts';
import { CONTAINER_LOG } from '../params.ts';
import type { ContainerLog, Reading } from '../reading.ts';
import { type FileSystem, mountOf } from './file-system.ts';
import { growingLogs, WHO_IS_NEXT } from './filling.ts';
import { logFixes } from './log-fixes.ts';
import { evidence, quote } from './words.ts';

export function containerLogs(reading: Reading, systems: readonly FileSystem[]): Finding[] {
  const logs = reading.containers[0]?.logs ?? [];
  return logs.flatMap((log) => {
    const mount = mountOf(log.path, reading.mounts);
    const system = systems.find((one) => one.mount === mount);
    return system === undefined || !isLarge(log, system) ? [] : [describe(log, system, reading)];
  });
}

function isLarge({ diskBytes }: ContainerLog, { facts }: FileSystem): boolean {
  const share = Math.max(CONTAINER_LOG.minBytes, facts.sizeBytes * CONTAINER_LOG.share);
  return diskBytes >= Math.min(CONTAINER_LOG.bytes, share);
}

function describe(log: ContainerLog, system: FileSystem, reading: Reading): Finding {
  const container = log.name ?? log.id.slice(0, 12);
  const rate = growingLogs(reading).find((one) => one.log.id === log.id)?.bytesPerSecond;
  const size = formatBytes(log.diskBytes);
  const bounded = log.maxSize !== null;
  const { fixes, lacks } = logFixes(isPlain(log.path) ? [log.path] : [], reading);
  return {
    code: 'disk.container-log',
    status: 'warning',
    subject: container,
    title: `The log of container ${container} has ${size} and ${bounded ? `is limited to ${log.maxSize} per file` : 'no size limit'}`,
    detail: [
      `It takes ${formatPercent((log.diskBytes * 100) / system.facts.sizeBytes)} of ${quote(system.mount.mountpoint)}.`,
      ...(rate === undefined ? [] : [`It grows by ${formatRate(rate)}.`]),
      bounded
        ? 'The limit is set when a container is created.'
        : "Docker's json-file driver rotates nothing by default: set max-size in daemon.json or with --log-opt; it applies to containers created afterwards.",
      ...lacks,
    ].join('\n'),
    data: {
      container,
      path: log.path,
      sizeBytes: log.diskBytes,
      maxSizeConfigured: log.maxSize,
      ...(rate === undefined ? {} : { bytesPerSecond: Math.round(rate) }),
    },
    evidence: [evidence(['ls', '-ln', log.path], `${log.sizeBytes} ${log.path}`)],
    fixes,
    next: [
      ...(isPlain(log.path) ? [{ diagnostic: 'logs', params: { path: log.path } }] : []),
      WHO_IS_NEXT,
    ],
  };
}
