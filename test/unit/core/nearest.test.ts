import { expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/core/nearest.ts';

it.each([
  ['disk', 'disk', 0],
  ['dsik', 'disk', 1],
  ['dis', 'disk', 1],
  ['logs', 'ports', 3],
  ['', 'abc', 3],
])('%s is %s after %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

it('offers what was probably meant, best first', () => {
  expect(nearest('dsik', ['disk', 'docker', 'logs'])).toEqual(['disk']);
  expect(nearest('host', ['host-17', 'host-18', 'db-1'])).toEqual(['host-17', 'host-18']);
  expect(nearest('HOST-17', ['host-17'])).toEqual(['host-17']);
});

it('offers nothing when nothing is near', () => {
  expect(nearest('zzzzzz', ['disk', 'logs'])).toEqual([]);
  expect(nearest('x'.repeat(10_000), ['x'.repeat(9_999)])).toEqual([]);
  expect(didYouMean('zzzzzz', ['disk'])).toBe('');
});
