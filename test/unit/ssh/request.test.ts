import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXEC, findReady, openingText, requestText } from '../../../src/adapters/ssh/request.ts';

describe('what is sent to a host', () => {
  it('hands exec two constant strings that every login shell reads alike', () => {
    for (const text of Object.values(EXEC)) expect(text).not.toMatch(/[\n\\!`]/);
  });

  it('sends its own script as one line, twice for sudo', () => {
    expect(openingText('n', false).match(/\n/g)).toHaveLength(1);
    expect(openingText('n', true)).toBe(openingText('n', false).repeat(2));
  });

  it('refuses an argument with NUL and a program that looks like an option', () => {
    const send = (argv: readonly [string, ...string[]]) => () =>
      requestText('n', { mode: 'read', argv, limitSeconds: 1 });
    expect(send(['echo', 'a\0b'])).toThrow(RangeError);
    expect(send(['-c'])).toThrow(RangeError);
  });
});

describe('the ready line', () => {
  const line = '\n@n0 ready none 12 -12 345 sudo: a password is required\n';

  it('is found in any chunking, behind whatever start files print', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const found = findReady('n0', Buffer.from(`${before}${line}${after}`));
        expect(found?.ready).toEqual({
          privilege: 'none',
          pid: '12',
          target: '-12',
          started: '345',
          sudoRefused: 'sudo: a password is required',
        });
        expect(found?.rest.toString()).toBe(after);
      }),
    );
  });

  it('is not found before it is whole, nor with another nonce', () => {
    expect(findReady('n0', Buffer.from(line.slice(0, -1)))).toBeNull();
    expect(findReady('n1', Buffer.from(line))).toBeNull();
    expect(findReady('n0', Buffer.from('\n@n0 ready king 1 -1 1 \n'))).toBeNull();
  });
});
