import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import type { LogSample, Reading } from '../../../../src/diagnostics/logs/reading.ts';
import { facts, params, reading, sample, searched } from './readings.ts';

const judged = (of: Partial<Reading>, given: Record<string, unknown> = {}): readonly Finding[] =>
  assess(reading(of), params(given));

describe('a known error', () => {
  const grave = (bytes: number, lines = 1) => [
    { bytes, lines, text: 'connect: Cannot assign requested address' },
    { bytes: 1000 - bytes, lines: 100 - lines, text: 'fine' },
  ];
  const minor = (bytes: number, lines: number) => [
    { bytes, lines, text: 'Connection refused' },
    { bytes: 1000 - bytes, lines: 100 - lines, text: 'fine' },
  ];
  const found = (log: Partial<LogSample>, of: Partial<Reading> = {}) =>
    judged({ logs: [sample(log)], ...of }).filter(({ code }) => code === 'logs.known-error');

  it('is critical from a tenth on, in bytes or lines', () => {
    const [first] = found({ patterns: grave(100) });
    expect(first?.status).toBe('critical');
    expect(first?.data).toEqual({
      path: '/var/log/app.log',
      error: 'EADDRNOTAVAIL',
      next: 'ports',
    });
    expect(first?.next).toEqual([{ diagnostic: 'ports', params: {} }]);
    expect(first?.title).toBe(
      'EADDRNOTAVAIL in `/var/log/app.log`: `connect: Cannot assign requested address`',
    );
    expect(first?.detail).toContain(
      '1 such line in what was read: 10 % of the bytes, 1 % of the lines.',
    );
    expect(found({ patterns: grave(99) }).map(({ status }) => status)).toEqual(['warning']);
    expect(found({ patterns: grave(1, 10) }).map(({ status }) => status)).toEqual(['critical']);
  });

  it('of daily life is told from a twentieth on, as a warning', () => {
    expect(found({ patterns: minor(50, 1) }).map(({ status }) => status)).toEqual(['warning']);
    expect(found({ patterns: minor(1, 5) })).toHaveLength(1);
    expect(found({ patterns: minor(49, 4) })).toEqual([]);
    expect(found({ patterns: minor(900, 90) }).map(({ status }) => status)).toEqual(['warning']);
  });

  it('adds up over patterns, with the example of the largest, and says when only a part was read', () => {
    const patterns = [
      { bytes: 10, lines: 1, text: 'a: No space left on device' },
      { bytes: 30, lines: 2, text: 'b: No space left on device' },
      { bytes: 20, lines: 1, text: 'c: ENOSPC' },
      { bytes: 40, lines: 4, text: 'fine' },
    ];
    const [first, ...more] = found({ patterns, plan: { unitBytes: 1, blocks: 9, mode: 'blocks' } });
    expect(more).toEqual([]);
    expect(first?.title).toContain('`b: No space left on device`');
    expect(first?.detail).toContain(
      '4 such lines in what was read: 60 % of the bytes, 50 % of the lines; only part of the log was read.',
    );
  });

  it('shows the part of a long line that says it', () => {
    const limit = 'The directory item limit of /infra/uploads is exceeded';
    const title = (text: string): string => {
      const [first] = found({ patterns: [{ bytes: 1000, lines: 100, text }] });
      return (first?.title ?? '').replace('MaxDirectoryItemsExceeded in `/var/log/app.log`: ', '');
    };
    const shown = limit.slice(3);
    // It ends with the 120th character, or just not.
    const fits = 'x'.repeat(120 - limit.length);
    expect(title(`${fits}${limit} and more`)).toBe(`\`${fits}${limit}…\``);
    expect(title(`${fits}x${limit} and more`)).toBe(`\`…${'x'.repeat(15)}The${shown} and more\``);
    expect(title(`${'é😀'.repeat(60)}\u{1b}[31m${limit}`)).toBe(
      `\`…😀${'é😀'.repeat(7)}The${shown}\``,
    );
    // The error itself is longer than a title.
    const long = `The directory item limit of /${'y'.repeat(130)} is exceeded`;
    expect(title(`123456789012345${long}`)).toBe(`\`123456789012345${long.slice(0, 105)}…\``);
    expect(title(`1234567890123456${long}`)).toBe(`\`…234567890123456${long.slice(0, 105)}…\``);
  });

  it('of a log that was not written for a day is told only when that log was asked for', () => {
    const file = facts({ modified: reading().host.now - 86_401 });
    expect(found({ patterns: grave(500), file }, searched)).toEqual([]);
    expect(found({ patterns: grave(500), file })).toHaveLength(1);
    expect(
      found(
        { patterns: grave(500), file: facts({ modified: reading().host.now - 86_400 }) },
        searched,
      ),
    ).toHaveLength(1);
  });

  it('hands on the path that hdfs needs, or nothing', () => {
    const next = (text: string) => found({ patterns: [{ bytes: 1, lines: 1, text }] })[0]?.next;
    expect(next('The directory item limit of /a/b is exceeded')).toEqual([
      { diagnostic: 'hdfs', params: { path: '/a/b' } },
    ]);
    expect(next('MaxDirectoryItemsExceededException')).toEqual([]);
    expect(next('Name node is in safe mode')).toEqual([]);
  });
});
