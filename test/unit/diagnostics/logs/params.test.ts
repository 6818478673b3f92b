import { describe, expect, it } from 'vitest';
import { params } from './readings.ts';

describe('what may be asked', () => {
  it.each([
    { path: 'relative' },
    { path: '/' },
    { path: '/a/../b' },
    { path: '/a\0b' },
    { container: '-x' },
    { container: 'a b' },
    { unit: '--x' },
    { unit: 'a*' },
    { maxReadMiB: '0' },
    { maxReadMiB: '1025' },
    { maxReadMiB: '1.5' },
    { path: '/a', unit: 'b' },
    { container: 'a', unit: 'b' },
  ])('is not %j', (given) => {
    expect(() => params(given)).toThrow(/path|unit|container|maxReadMiB|one of/);
  });

  it('is a path of any bytes, a container, a unit, and how much may be read', () => {
    expect(params({ path: '/a\nb \u001b"\'' }).path).toBe('/a\nb \u001b"\'');
    expect(params({ unit: 'getty@tty1.service', maxReadMiB: '8' })).toEqual({
      unit: 'getty@tty1.service',
      maxReadMiB: 8,
    });
    expect(params()).toEqual({ maxReadMiB: 64 });
  });
});
