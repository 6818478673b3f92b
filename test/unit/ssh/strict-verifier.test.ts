import { describe, expect, it } from 'vitest';
import { strictVerifier } from '../../../src/adapters/ssh/strict-verifier.ts';

describe('strict verifier', () => {
  it.each([
    ['false', () => false],
    ['null', () => null],
    ['0', () => 0],
    ['nothing', () => undefined],
    ['an empty text', () => ''],
    ['1', () => 1],
    ['"true"', () => 'true'],
    ['a promise', () => Promise.resolve(true)],
    [
      'a throw',
      () => {
        throw new Error('no');
      },
    ],
  ])('turns %s into the only value that ssh2 refuses on', (_what, trusts) => {
    expect(strictVerifier(trusts)(Buffer.alloc(0))).toBe(false);
  });

  it('lets only true through', () => {
    expect(strictVerifier(() => true)(Buffer.alloc(0))).toBe(true);
  });
});
