import { describe, expect, it } from 'vitest';
import { itemsOf, type Limit, levelOf, limitOf } from '../../../../src/diagnostics/hdfs/items.ts';
import { Params } from '../../../../src/diagnostics/hdfs/params.ts';
import { parse } from '../../../../src/diagnostics/hdfs/parse.ts';
import { parseAbove, parseCounts } from '../../../../src/diagnostics/hdfs/parse-counts.ts';
import type { Directory } from '../../../../src/diagnostics/hdfs/reading.ts';
import { FIXTURE_NONCE, fixturesOf, resultOf } from '../../../support/diagnostic-fixture.ts';

const look = { output: '', exitCode: 0 };
const counts = { directories: 1, files: 50, sizeBytes: 0, names: null, space: null };
const sample = {
  whole: true,
  seen: 30,
  directories: 9,
  oldest: null,
  newest: null,
  status: 0,
  said: '',
};
const directory = (part: Partial<Directory>): Directory => ({
  path: '/a',
  count: look,
  counts: null,
  children: null,
  status: null,
  sample: null,
  ...part,
});

describe('how many entries are directly in a directory', () => {
  it('is what the NameNode says, whatever lies below', () => {
    expect(itemsOf(directory({ children: 7, counts: { ...counts, directories: 9 } }))).toEqual({
      atLeast: 7,
      atMost: 7,
      how: 'name-node',
    });
  });
  it('is the number of files where no directory is inside', () => {
    expect(itemsOf(directory({ counts }))).toEqual({ atLeast: 50, atMost: 50, how: 'flat' });
  });
  it('is what was read, when all was read', () => {
    expect(itemsOf(directory({ counts: { ...counts, directories: 10 }, sample }))).toEqual({
      atLeast: 30,
      atMost: 30,
      how: 'read',
    });
  });
  it('is else between what was read and everything below', () => {
    const nested = { ...counts, directories: 10 };
    expect(itemsOf(directory({ counts: nested, sample: { ...sample, whole: false } }))).toEqual({
      atLeast: 30,
      atMost: 59,
      how: 'bounds',
    });
    expect(itemsOf(directory({ counts: nested }))).toEqual({
      atLeast: 0,
      atMost: 59,
      how: 'bounds',
    });
  });
  it('is not known of a file, or when nothing was counted', () => {
    expect(itemsOf(directory({ counts: { ...counts, directories: 0 } }))).toBeNull();
    expect(itemsOf(directory({}))).toBeNull();
  });
});

describe('the level of a directory', () => {
  const limit: Limit = { items: 1000, from: 'client' };
  const exactly = (items: number): string =>
    levelOf({ atLeast: items, atMost: items, how: 'flat' }, limit, 80);
  it.each([
    [799, 'ok'],
    [800, 'warning'],
    [989, 'warning'],
    [990, 'critical'],
    [1000, 'critical'],
  ])('with %i of 1000 items is %s', (items, level) => {
    expect(exactly(items)).toBe(level);
  });
  it.each([
    [0, 799, 'ok'],
    [0, 800, 'unknown'],
    [799, 5000, 'unknown'],
    [800, 5000, 'warning'],
    [990, 5000, 'critical'],
  ])('between %i and %i is %s', (atLeast, atMost, level) => {
    expect(levelOf({ atLeast, atMost, how: 'bounds' }, limit, 80)).toBe(level);
  });
});

describe('the limit', () => {
  const [fixture] = fixturesOf('hdfs');
  const reading = parse(resultOf(fixture?.result.stdout ?? ''), FIXTURE_NONCE);
  it("is the NameNode's, else the client's, else the default of HDFS", () => {
    const clientLimit = { output: 'WARN 123 x\n77', exitCode: 0 };
    expect(limitOf({ ...reading, serverLimit: 5, clientLimit })).toEqual({
      items: 5,
      from: 'name-node',
    });
    expect(limitOf({ ...reading, serverLimit: null, clientLimit })).toEqual({
      items: 77,
      from: 'client',
    });
    expect(limitOf({ ...reading, serverLimit: null, clientLimit: look })).toEqual({
      items: 1_048_576,
      from: 'default',
    });
    expect(limitOf({ ...reading, serverLimit: null, clientLimit: null })).toEqual({
      items: 1_048_576,
      from: 'default',
    });
  });
});

describe('columns of -count', () => {
  it('are numbers; of -h, whose values hold blanks, nothing is taken', () => {
    const row =
      '        none             inf         1048576        -1048576            1           64                  9 /a b';
    expect(parseCounts({ output: row, exitCode: 0 })).toEqual({
      directories: 1,
      files: 64,
      sizeBytes: 9,
      names: null,
      space: { limit: 1_048_576, remaining: -1_048_576 },
    });
    expect(parseCounts({ output: row, exitCode: 1 })).toBeNull();
    expect(
      parseCounts({
        output:
          '        none             inf            none             inf            1          1 M              1.7 P /a',
        exitCode: 0,
      }),
    ).toBeNull();
  });
  it('of -u are one line per directory', () => {
    expect(
      parseAbove(
        '  QUOTA  REM_QUOTA  SPACE_QUOTA REM_SPACE_QUOTA PATHNAME\n  3  0  none  inf /a/b c\nx',
      ),
    ).toEqual([{ path: '/a/b c', names: { limit: 3, remaining: 0 }, space: null }]);
  });
});

describe('the parameters', () => {
  it('tidy a path up, and have a default', () => {
    expect(Params.parse({ path: '/a//b/' })).toEqual({ path: '/a/b', warnPercent: 80 });
    expect(Params.parse({ path: '/' }).path).toBe('/');
  });
  it.each(['a/b', '/a/./b', '/a/../b', '/a\nb', `/${'x'.repeat(1000)}`])('refuse %j', (path) => {
    expect(Params.safeParse({ path }).success).toBe(false);
  });
});
