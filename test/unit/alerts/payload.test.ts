import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readPayload } from '../../../src/alerts/payload.ts';

const read = (body: string): unknown => readPayload('test', body, z.unknown());

describe('the numbers of a payload', () => {
  it.each([
    '0.30000000000000004',
    '-1.2345678901234567',
    '1e300',
    '0',
    '2473545728',
    '9007199254740991.5e-20',
  ])('such as %s are read as they are', (number) => {
    expect(String(read(`[${number}]`))).toBe(String(JSON.parse(`[${number}]`)));
  });

  it.each(['1593475564636000001', '-1593475564636000001'])(
    'such as %s keep their digits',
    (number) => {
      expect(read(`{"at":${number}}`)).toEqual({ at: number });
    },
  );

  it('in a text stay text', () => {
    const text = '{"a":"x 1593475564636000001 \\" 0.30000000000000004"}';
    expect(read(text)).toEqual(JSON.parse(text));
  });
});
