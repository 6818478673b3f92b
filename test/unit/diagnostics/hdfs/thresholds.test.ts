import { describe, expect, it } from 'vitest';
import { quotas } from '../../../../src/diagnostics/hdfs/assess/quota.ts';
import { unhealthy } from '../../../../src/diagnostics/hdfs/assess/unhealthy.ts';
import { Params } from '../../../../src/diagnostics/hdfs/params.ts';
import { parse } from '../../../../src/diagnostics/hdfs/parse.ts';
import type { Directory, Reading } from '../../../../src/diagnostics/hdfs/reading.ts';
import { recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const healthy = parse(recorded('hdfs', 'healthy'), FIXTURE_NONCE);
const params = Params.parse({ path: '/a' });
const look = (output: string) => ({ output, exitCode: 0 });

describe('a quota of HDFS', () => {
  const status = (remaining: number, kind: 'names' | 'space'): string | undefined => {
    const none = { directories: 1, files: 1, sizeBytes: 1, names: null, space: null };
    const directory: Directory = {
      path: '/a',
      count: look(''),
      counts: { ...none, [kind]: { limit: 1000, remaining } },
      children: null,
      status: null,
      sample: null,
    };
    const reading: Reading = { ...healthy, directories: [directory], quotasAbove: [] };
    return quotas(reading, params)[0]?.status;
  };

  it.each([
    [201, undefined],
    [200, 'warning'],
    [1, 'warning'],
    [0, 'critical'],
    [-1, 'critical'],
  ])('of 1000 with %i left is %s', (remaining, expected) => {
    expect(status(remaining, 'names')).toBe(expected);
    expect(status(remaining, 'space')).toBe(expected);
  });
});

describe('what fsck says', () => {
  const titles = (output: string): readonly string[] =>
    unhealthy({ ...healthy, safeMode: null, fsck: look(output) }, params).map(({ title }) => title);

  it.each([
    [' Missing blocks:\t\t0\n Corrupt blocks:\t\t2\n', '2 corrupt blocks'],
    [' Missing blocks:\t\t1\n Corrupt blocks:\t\t0\n', '1 missing block'],
    ['The filesystem under path /a has 3 CORRUPT files\n', '3 corrupt files'],
    ['Status: CORRUPT\n', 'fsck says CORRUPT'],
  ])('is told in numbers, none of them zero: %j', (output, words) => {
    expect(titles(output)).toEqual([`Below \`/a\` data cannot be read: ${words}`]);
  });

  it('is nothing when it found nothing', () => {
    expect(titles(' Missing blocks:\t\t0\n Corrupt blocks:\t\t0\nStatus: HEALTHY\n')).toEqual([]);
  });
});
