import { describe, expect, it } from 'vitest';
import { directoryItems } from '../../../../src/diagnostics/hdfs/assess/directory-items.ts';
import { Params } from '../../../../src/diagnostics/hdfs/params.ts';
import { parse } from '../../../../src/diagnostics/hdfs/parse.ts';
import type {
  Counts,
  Directory,
  Reading,
  Sample,
} from '../../../../src/diagnostics/hdfs/reading.ts';
import { recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const recordedReading = parse(recorded('hdfs', 'healthy'), FIXTURE_NONCE);
const look = { output: 'said', exitCode: 0 };
const params = Params.parse({ path: '/a' });

const counts = (of: Partial<Counts> = {}): Counts => ({
  directories: 3,
  files: 200,
  sizeBytes: 5_000_000,
  names: null,
  space: null,
  ...of,
});
const sample = (of: Partial<Sample> = {}): Sample => ({
  whole: false,
  seen: 85,
  directories: 0,
  oldest: { at: '2017-01-02T10:11:00Z', name: 'old' },
  newest: '2026-11-21T12:40:00Z',
  status: 124,
  said: '',
  ...of,
});

/** One directory on a NameNode that allows 100. */
function found(of: Partial<Directory>, also: Partial<Reading> = {}) {
  const directory: Directory = {
    path: '/a',
    count: look,
    counts: null,
    children: null,
    status: null,
    sample: null,
    ...of,
  };
  const reading = { ...recordedReading, clientLimit: null, serverLimit: 100 };
  return directoryItems({ ...reading, directories: [directory], ...also }, params);
}

describe('hdfs: a directory near its limit', () => {
  it.each([
    [79, undefined],
    [80, 'warning'],
    [98, 'warning'],
    [99, 'critical'],
    [100, 'critical'],
  ])('of %d of 100 items is %s', (children, status) => {
    expect(found({ children })[0]?.status).toBe(status);
  });

  it.each<[string, Partial<Directory>, Partial<Reading>?]>([
    ['full, by the NameNode', { children: 100, status: look, counts: counts() }],
    ['over it', { children: 101 }],
    ['room for one', { children: 99, status: null }],
    ['room for two', { children: 98, counts: counts({ directories: 2, files: 1 }) }],
    ['flat', { counts: counts({ directories: 1, files: 90 }), sample: sample({ seen: 1 }) }],
    ['read', { counts: counts(), sample: sample({ whole: true }), status: look }],
    ['bounds', { counts: counts(), sample: sample() }],
    ['bounds, full', { counts: counts(), sample: sample({ seen: 100 }) }],
    ['bounds that leave it open', { counts: counts(), sample: sample({ seen: 79 }) }],
    [
      'one entry seen, newest not known',
      { children: 90, sample: sample({ seen: 1, newest: null }) },
    ],
    ['all of one entry', { children: 90, sample: sample({ whole: true, seen: 1 }) }],
    ['no age, none seen', { children: 90, sample: sample({ oldest: null, status: 0 }) }],
    ['no age, too late', { children: 90, sample: sample({ oldest: null }) }],
    [
      'no age, out of memory',
      {
        children: 90,
        sample: sample({
          oldest: null,
          status: 255,
          said: 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        }),
      },
    ],
    ['the root', { children: 90, path: '/' }],
    ['a name that hides something', { children: 100, path: '/a`\u202e' }],
    [
      'the limit of the client',
      { children: 90 },
      { serverLimit: null, clientLimit: { output: '100', exitCode: 0 } },
    ],
    ['the limit of HDFS', { children: 1_048_576 }, { serverLimit: null }],
    ['a rounded percentage', { children: 2467 }, { serverLimit: 3000 }],
    ['not counted', {}],
    ['a file', { counts: counts({ directories: 0, files: 1 }) }],
  ])('is told whole: %s', (_, of, also) => {
    expect(found(of, also)).toMatchSnapshot();
  });
});
