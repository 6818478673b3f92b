import { describe, expect, it } from 'vitest';
import { decodeAddress, isLoopback, withPort } from '../../../../src/diagnostics/ports/address.ts';

describe('an address of /proc/net/tcp', () => {
  it.each([
    ['0100007F', false, '127.0.0.1'],
    ['7F000001', true, '127.0.0.1'],
    ['020011AC', false, '172.17.0.2'],
    ['00000000000000000000000001000000', false, '::1'],
    ['00000000000000000000000000000001', true, '::1'],
    ['00000000000000000000000000000000', false, '::'],
    ['B80D0120000000000000000001000000', false, '2001:db8::1'],
    // One zero group alone stays; the longest run is shortened, of equal ones the first.
    ['20010DB8000100000002000100040003', true, '2001:db8:1:0:2:1:4:3'],
    ['20010DB8000000000001000000000001', true, '2001:db8::1:0:0:1'],
    ['20010DB8000000010000000000000001', true, '2001:db8:0:1::1'],
    ['20010DB8000000000000000000000000', true, '2001:db8::'],
  ])('%s reads %s', (hex, bigEndian, text) => {
    expect(decodeAddress(hex, bigEndian)).toBe(text);
  });

  it.each(['', '0100007', '0100007F0100007F', '0100007f', 'zz00007F', '0100007F '])(
    'refuses %j',
    (hex) => {
      expect(() => decodeAddress(hex, false)).toThrow(
        expect.objectContaining({ code: 'OUTPUT_UNREADABLE' }),
      );
    },
  );

  it('is loopback in 127.0.0.0/8 and as ::1', () => {
    expect(['127.0.0.1', '127.8.9.10', '::1'].map(isLoopback)).toEqual([true, true, true]);
    expect(['128.0.0.1', '10.127.0.0.1', '127.0.0', '::', '::11'].some(isLoopback)).toBe(false);
  });

  it('stands in brackets before its port when it is IPv6', () => {
    expect(withPort('10.0.0.5', 6379)).toBe('10.0.0.5:6379');
    expect(withPort('fd00::5', 6379)).toBe('[fd00::5]:6379');
  });
});
