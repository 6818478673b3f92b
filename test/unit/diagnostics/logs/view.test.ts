import { describe, expect, it } from 'vitest';
import { type LogView, viewsOf } from '../../../../src/diagnostics/logs/assess/view.ts';
import type {
  FileFacts,
  LogSample,
  Reading,
  Stamp,
} from '../../../../src/diagnostics/logs/reading.ts';
import { facts, GB, MB, openLog, reading, sample } from './readings.ts';

function view(log: Partial<LogSample>, of: Partial<Reading> = {}): LogView {
  const [found] = viewsOf(reading({ logs: [sample(log)], ...of }));
  if (found === undefined) throw new Error('no view');
  return found;
}

/** On a file system of 100 GB, so and so full. */
const sized = (diskBytes: number, usedPercent = 50, of: Partial<FileFacts> = {}): FileFacts =>
  facts({
    diskBytes,
    fs: { sizeBytes: 100 * GB, availableBytes: 50 * GB, usedPercent },
    ...of,
  });

const stamp = (offset: number, second: number): Stamp => ({
  offset,
  text: `2026-09-21T14:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')} worker: done`,
});

describe('logs: what is known of a log', () => {
  it('is put together, most bytes first', () => {
    const log = sample();
    expect(viewsOf(reading({ logs: [log] }))).toEqual([
      {
        log,
        patterns: [
          expect.objectContaining({ bytes: 8000, lines: 80 }),
          expect.objectContaining({ bytes: 2000, lines: 20 }),
        ],
        total: 10_000,
        lines: 100,
        sizeBytes: 12_288,
        writer: null,
        container: null,
        rate: null,
        large: false,
        level: 'ok',
      },
    ]);
  });

  it.each<[string, Partial<LogSample>]>([
    ['unreadable', { problem: 'unreadable' }],
    ['changed', { problem: 'changed' }],
    ['not counted', { sum: null }],
  ])('is nothing when it was %s', (_, log) => {
    expect(viewsOf(reading({ logs: [sample(log), sample()] }))).toHaveLength(1);
    expect(viewsOf(reading({ logs: [sample(log)] }))).toEqual([]);
  });

  it('of a journal is as large as what was read of it', () => {
    expect(view({ file: null }).sizeBytes).toBe(10_000);
  });

  it.each([
    ['the same file', {}, 71],
    ['another inode', { inode: 8 }, null],
    ['another device', { device: '8:2' }, null],
  ])('has as its writer who holds %s open', (_, of, pid) => {
    const other = openLog({ inode: 99, pid: 1 });
    expect(view({}, { open: [other, openLog(of)] }).writer?.pid ?? null).toBe(pid);
  });

  it('of no file has no writer', () => {
    expect(view({ file: null }, { open: [openLog()] }).writer).toBe(null);
  });

  it('names its container, else the short id of its writer', () => {
    const open = [openLog({ containerId: 'abcdef'.repeat(10) + '0123' })];
    expect(view({ container: 'web' }, { open }).container).toBe('web');
    expect(view({}, { open }).container).toBe('abcdefabcdef');
    expect(view({}, { open: [openLog()] }).container).toBe(null);
  });
});

describe('logs: how fast a log grows', () => {
  const times = [stamp(0, 0), stamp(600_000, 60), stamp(6_000_000, 600)];

  it.each<[string, Partial<LogSample>, LogView['rate']]>([
    [
      'seen',
      { growth: { bytes: 500, seconds: 2 } },
      { bytesPerSecond: 250, seconds: 2, how: 'sizes' },
    ],
    [
      'half a second',
      { growth: { bytes: 500, seconds: 0.5 } },
      { bytesPerSecond: 1000, seconds: 0.5, how: 'sizes' },
    ],
    ['too short a look', { growth: { bytes: 500, seconds: 0.49 } }, null],
    [
      'one byte',
      { growth: { bytes: 1, seconds: 1 } },
      { bytesPerSecond: 1, seconds: 1, how: 'sizes' },
    ],
    ['none', { growth: { bytes: 0, seconds: 5 } }, null],
    ['it shrank', { growth: { bytes: -5, seconds: 5 } }, null],
    ['not looked at', { growth: null }, null],
    [
      'the lines say',
      { stamps: times },
      expect.objectContaining({ bytesPerSecond: 10_000, how: 'times' }),
    ],
    [
      'seen, before what the lines say',
      { growth: { bytes: 500, seconds: 2 }, stamps: times },
      { bytesPerSecond: 250, seconds: 2, how: 'sizes' },
    ],
    [
      'none seen, and the lines say',
      { growth: { bytes: 0, seconds: 2 }, stamps: times },
      expect.objectContaining({ how: 'times' }),
    ],
    ['lines of a journal', { stamps: times, file: null }, null],
    ['lines at one place', { stamps: times.map((one) => ({ ...one, offset: 5 })) }, null],
    [
      'lines that run backwards',
      { stamps: times.map((one) => ({ ...one, offset: 7e6 - one.offset })) },
      null,
    ],
  ])('is what was seen, else what its lines say: %s', (_, log, rate) => {
    expect(view(log).rate).toEqual(rate);
  });
});

describe('logs: how much a log presses', () => {
  it.each<[string, FileFacts | null, boolean, string]>([
    ['1 GB', sized(GB), true, 'warning'],
    ['less than 1 GB, less than a tenth', sized(GB - 1), false, 'ok'],
    ['no file', null, false, 'ok'],
    [
      '1 GB where the file system is not known',
      facts({ diskBytes: GB, fs: null }),
      true,
      'warning',
    ],
    [
      'less where the file system is not known',
      facts({ diskBytes: GB - 1, fs: null }),
      false,
      'ok',
    ],
    ['1 % of a disk three quarters full', small(1 * MB, 75), true, 'warning'],
    ['1 % of a disk less full', small(1 * MB, 74.9), false, 'ok'],
    ['less than 1 % of a disk three quarters full', small(1 * MB - 1, 75), false, 'ok'],
    ['a tenth of a disk', small(10 * MB, 50), true, 'warning'],
    ['less than a tenth', small(10 * MB - 1, 50), false, 'ok'],
    ['a tenth of a full disk', small(10 * MB, 90), true, 'critical'],
    ['a tenth of a disk not quite full', small(10 * MB, 89.9), true, 'warning'],
    ['less than a tenth of a full disk', small(10 * MB - 1, 90), true, 'warning'],
    ['a tenth of a tiny disk', small(999_999, 50, 1 * MB), false, 'ok'],
    ['all of a full tiny disk', small(999_999, 95, 1 * MB), false, 'critical'],
  ])('by its size: %s', (_, file, large, level) => {
    const found = view({ file });
    expect([found.large, found.level]).toEqual([large, level]);
  });

  it.each<[string, number, number, string]>([
    ['full in just an hour', 3600, 12_960_000, 'warning'],
    ['full within the hour', 3600, 12_959_999, 'critical'],
    ['full in just a day', 10, 864_000, 'ok'],
    ['full within a day', 10, 863_999, 'warning'],
    ['1 MB a second', MB, 500 * GB, 'warning'],
    ['less than 1 MB a second', MB - 1, 500 * GB, 'ok'],
    ['on a disk without room', 1, 0, 'critical'],
  ])('by its growth: %s', (_, bytes, availableBytes, level) => {
    const file = facts({ fs: { sizeBytes: 900 * GB, availableBytes, usedPercent: 10 } });
    expect(view({ file, growth: { bytes, seconds: 1 } }).level).toBe(level);
  });

  it('by its growth also where the file system is not known', () => {
    const file = facts({ fs: null });
    expect(view({ file, growth: { bytes: MB, seconds: 1 } }).level).toBe('warning');
    expect(view({ file, growth: { bytes: MB - 1, seconds: 1 } }).level).toBe('ok');
    expect(view({ file: null, growth: { bytes: MB, seconds: 1 } }).level).toBe('warning');
  });

  it('never by growth that only its lines tell of', () => {
    const file = facts({ fs: { sizeBytes: 9 * GB, availableBytes: 1, usedPercent: 10 } });
    const found = view({ file, stamps: [stamp(0, 0), stamp(9 * GB, 900)] });
    expect([found.rate?.how, found.level]).toEqual(['times', 'ok']);
  });
});

/** On a disk of 100 MB, or of so many bytes. */
function small(diskBytes: number, usedPercent: number, sizeBytes = 100 * MB): FileFacts {
  return facts({ diskBytes, fs: { sizeBytes, availableBytes: 50 * MB, usedPercent } });
}
