import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/diagnostics/docker/sha256.ts';

describe('SHA-256', () => {
  it('is that of node for every length around its blocks', () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = 'sha256:0123456789abcdef '.repeat(9).slice(0, length);
      expect(sha256(text), `${length}`).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});
