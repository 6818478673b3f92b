import type { Finding, NextStep } from '../../../core/finding.ts';
import { formatBytes, formatDuration, formatRate } from '../../../core/format.ts';
import { isPlain } from '../display.ts';
import { FILLING, NOISE } from '../params.ts';
import type { ContainerLog, Reading } from '../reading.ts';
import type { FileSystem } from './file-system.ts';
import { evidence, quote } from './words.ts';

interface GrowingLog {
  readonly log: ContainerLog;
  readonly bytesPerSecond: number;
}

/** The same look at every host of the group: who runs what fills this one. */
export const WHO_IS_NEXT: NextStep = { diagnostic: 'disk', params: {}, scope: 'group' };

/** Growth between the two samples. Too little to tell from noise, or too slow to matter, is no finding. */
export function filling(system: FileSystem, reading: Reading): Finding[] {
  const [before, after] = reading.samples;
  const position = reading.mounts.indexOf(system.mount);
  const later = after?.facts[position];
  if (before === undefined || after === undefined || later === null || later === undefined)
    return [];
  const seconds = after.atSeconds - before.atSeconds;
  const usedLater = later.sizeBytes - later.freeBytes;
  const grown = usedLater - system.usedBytes;
  const noise = Math.min(NOISE.bytes, system.facts.sizeBytes * NOISE.share);
  if (seconds < 0.5 || grown < noise || later.availableBytes === 0) return [];
  const bytesPerSecond = grown / seconds;
  const secondsToFull = later.availableBytes / bytesPerSecond;
  if (secondsToFull > FILLING.warnSeconds) return [];
  const writers = growingLogs(reading).filter((one) => one.bytesPerSecond >= bytesPerSecond * 0.05);
  const { mountpoint } = system.mount;
  return [
    {
      code: 'disk.filling',
      status: secondsToFull < FILLING.criticalSeconds ? 'critical' : 'warning',
      subject: mountpoint,
      title: `${quote(mountpoint)} grows by ${formatRate(bytesPerSecond)} and is full in ${formatDuration(secondsToFull)}`,
      detail: [
        `${formatBytes(grown)} more in ${seconds.toFixed(1)} s; ${formatBytes(later.availableBytes)} are available.`,
        'Two samples cannot tell a burst from steady growth: look again with a larger sampleSeconds.',
        ...(system.reservedBytes > 0
          ? [
              `Processes of root go on into the ${formatBytes(system.reservedBytes)} reserved for them.`,
            ]
          : []),
        ...writers.map(
          ({ log, bytesPerSecond: rate }) =>
            `The log of container ${log.name ?? log.id.slice(0, 12)} grows by ${formatRate(rate)} (${quote(log.path)}).`,
        ),
      ].join('\n'),
      data: {
        mount: mountpoint,
        bytesPerSecond: Math.round(bytesPerSecond),
        secondsToFull: Math.round(secondsToFull),
        sampledSeconds: seconds,
        ...(writers[0] === undefined
          ? {}
          : { container: writers[0].log.name ?? writers[0].log.id.slice(0, 12) }),
      },
      evidence: [
        evidence(
          ['stat', '-f', '-c', '%b %f %a', mountpoint],
          `used ${system.usedBytes} bytes at ${before.atSeconds} s after boot\nused ${usedLater} bytes at ${after.atSeconds} s after boot`,
        ),
      ],
      fixes: [],
      next: [
        ...writers
          .filter(({ log }) => isPlain(log.path))
          .slice(0, 1)
          .map(({ log }) => ({ diagnostic: 'logs', params: { path: log.path } })),
        ...(writers.length > 0 ? [WHO_IS_NEXT] : []),
      ],
    },
  ];
}

/** Container logs that grew between the samples, fastest first. */
export function growingLogs(reading: Reading): readonly GrowingLog[] {
  const [before, after] = reading.containers;
  if (before === undefined || after === undefined) return [];
  const seconds = after.atSeconds - before.atSeconds;
  if (seconds < 0.5) return [];
  return before.logs
    .flatMap((log) => {
      const later = after.logs.find((one) => one.id === log.id);
      const grown = later === undefined ? 0 : later.sizeBytes - log.sizeBytes;
      return grown > 0 ? [{ log, bytesPerSecond: grown / seconds }] : [];
    })
    .toSorted((a, b) => b.bytesPerSecond - a.bytesPerSecond);
}
