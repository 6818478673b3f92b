import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatRate,
} from '../../../src/core/format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1 MB'],
    [31_457_280, '31.5 MB'],
    [102_400_000_000, '102.4 GB'],
    [225e9, '225 GB'],
    [-1500, '-1.5 kB'],
    [1.7e15, '1.7 PB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.01, '< 0.1 %'],
    [0.06, '0.1 %'],
    [97.56, '97.6 %'],
    [99.99, '99.9 %'],
    [100, '100 %'],
  ])('writes %d percent as %s, and says 100 only of what is full', (percent, text) => {
    expect(formatPercent(percent)).toBe(text);
  });

  it.each([
    [0.2, '0 s'],
    [59.6, '1 min'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [3661, '1 h 1 min'],
    [90_000, '1 d 1 h'],
    [86_460, '1 d'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes a rate per second', () => {
    expect(formatRate(2_049_900)).toBe('2 MB/s');
  });
});
