import type { Status } from '../../../core/finding.ts';
import { GROWTH, LARGE } from '../params.ts';
import type { LogSample, OpenLog, Reading } from '../reading.ts';
import { rateOfStamps } from '../stamps.ts';
import type { Pattern } from '../template/merge.ts';
import { patternsOf } from '../template/patterns.ts';

/** One log, with all that is known of it put together. */
export interface LogView {
  readonly log: LogSample;
  /** Most bytes first. */
  readonly patterns: readonly Pattern[];
  /** Bytes that were counted. */
  readonly total: number;
  readonly lines: number;
  /** On disk; of a journal, what was read. */
  readonly sizeBytes: number;
  readonly writer: OpenLog | null;
  /** By name where docker's records could be read, else the short id. */
  readonly container: string | null;
  readonly rate: Rate | null;
  readonly large: boolean;
  /** How much this log presses: its size and growth against its file system. */
  readonly level: Status;
}

export interface Rate {
  readonly bytesPerSecond: number;
  readonly seconds: number;
  readonly how: 'sizes' | 'times';
}

export function viewsOf(reading: Reading): readonly LogView[] {
  return reading.logs
    .filter((log) => log.problem === null && log.sum !== null)
    .map((log) => viewOf(log, reading));
}

function viewOf(log: LogSample, { open }: Reading): LogView {
  const { file, sum } = log;
  const patterns = patternsOf(log.patterns);
  const writer =
    open.find((one) => one.inode === file?.inode && one.device === file.device) ?? null;
  const rate = rateOf(log);
  const large = isLarge(log);
  return {
    log,
    patterns,
    total: patterns.reduce((all, one) => all + one.bytes, 0),
    lines: patterns.reduce((all, one) => all + one.lines, 0),
    sizeBytes: file?.diskBytes ?? sum?.readBytes ?? 0,
    writer,
    container: log.container ?? writer?.containerId?.slice(0, 12) ?? null,
    rate,
    large,
    level: levelOf(log, rate, large),
  };
}

function rateOf({ growth, stamps, file }: LogSample): Rate | null {
  if (growth !== null && growth.bytes > 0 && growth.seconds >= 0.5) {
    const { bytes, seconds } = growth;
    return { bytesPerSecond: bytes / seconds, seconds, how: 'sizes' };
  }
  const rate = file === null ? null : rateOfStamps(stamps);
  return rate === null || rate.bytesPerSecond <= 0 ? null : { ...rate, how: 'times' };
}

/** Worth emptying: by its size, by its share of the disk, or as part of a disk that fills. */
function isLarge({ file }: LogSample): boolean {
  if (file === null || file.diskBytes < LARGE.minBytes) return false;
  if (file.diskBytes >= LARGE.bytes) return true;
  const { fs } = file;
  if (fs === null) return false;
  const share = fs.usedPercent >= LARGE.fullPercent ? LARGE.fullShare : LARGE.share;
  return file.diskBytes >= fs.sizeBytes * share;
}

function levelOf({ file }: LogSample, rate: Rate | null, large: boolean): Status {
  const fs = file?.fs ?? null;
  // What the lines say may be long ago: only growth that was seen fills a disk.
  const grows = rate?.how === 'sizes' ? rate.bytesPerSecond : 0;
  const secondsToFull =
    fs === null || grows === 0 ? Number.POSITIVE_INFINITY : fs.availableBytes / grows;
  const full = fs !== null && fs.usedPercent >= LARGE.criticalPercent;
  const holds = file !== null && fs !== null && file.diskBytes >= fs.sizeBytes * LARGE.share;
  if ((full && holds) || secondsToFull < GROWTH.criticalSeconds) return 'critical';
  if (large || grows >= GROWTH.bytesPerSecond || secondsToFull < GROWTH.warnSeconds)
    return 'warning';
  return 'ok';
}
