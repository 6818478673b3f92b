import { describe, expect, it } from 'vitest';
import { rateOfStamps, secondsOf } from '../../../../src/diagnostics/logs/stamps.ts';

const at = (text: string): number => Date.parse(text) / 1000;

describe('the time in a line', () => {
  it.each([
    ['2026-11-20T12:00:01.5Z x', at('2026-11-20T12:00:01Z') + 0.5],
    ['[2026-11-20 12:00:01,250] x', at('2026-11-20T12:00:01Z') + 0.25],
    ['2026/11/20 12:00:01 [error]', at('2026-11-20T12:00:01Z')],
    ['[20-Nov-2026 12:00:01 UTC]', at('2026-11-20T12:00:01Z')],
    ['1.2.3.4 - - [20/Nov/2026:12:00:01 +0000] "GET', at('2026-11-20T12:00:01Z')],
    ['26/11/20 12:00:01 INFO', Date.UTC(1926, 10, 20, 12, 0, 1) / 1000],
    ['Nov  3 12:00:01 web x', at('2000-11-03T12:00:01Z')],
    ['1790000000.25 host x', 1_790_000_000.25],
    ['{"ts":1790000000123}', 1_790_000_000.123],
    ['"time":"2026-11-20T12:00:01Z"', at('2026-11-20T12:00:01Z')],
  ])('%s', (line, seconds) => {
    expect((secondsOf(line) ?? 0) - seconds).toBeCloseTo(0, 3);
  });

  it.each(['', 'no time', 'Foo 12 12:00:01', '123456', '17900000001234567'])(
    '%s has none',
    (line) => {
      expect(secondsOf(line)).toBeNull();
    },
  );
});

describe('the rate of a log by its lines', () => {
  const stamp = (offset: number, second: number) => ({
    offset,
    text: new Date(1_790_000_000_000 + second * 1000).toISOString(),
  });

  it('is that of its end: the last stretch of ten seconds', () => {
    expect(
      rateOfStamps([
        stamp(0, 0),
        stamp(100, 100),
        stamp(300, 110),
        stamp(350, 119),
        stamp(500, 120),
      ]),
    ).toEqual({ bytesPerSecond: 20, seconds: 10 });
  });

  it('is that of a journal, which is read newest first', () => {
    expect(rateOfStamps([stamp(0, 50), stamp(1000, 0)])).toEqual({
      bytesPerSecond: 20,
      seconds: 50,
    });
  });

  it('is not known without times, or from less than ten seconds', () => {
    expect(rateOfStamps([])).toBeNull();
    expect(rateOfStamps([{ offset: 0, text: 'x' }])).toBeNull();
    expect(rateOfStamps([stamp(0, 0), stamp(10, 9)])).toBeNull();
    expect(rateOfStamps([stamp(0, 0), { offset: 5, text: 'x' }, stamp(10, 10)])).toEqual({
      bytesPerSecond: 1,
      seconds: 10,
    });
  });
});
