import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/diagnostics/docker/parse.ts';
import type { Reading, Root } from '../../../../src/diagnostics/docker/reading.ts';
import { FIXTURE_NONCE, resultOf } from '../../../support/diagnostic-fixture.ts';
import { codesOf, judged, only, outputOf, readingOf, storeOf } from './docker-reading.ts';

const up = readingOf('healthy');
const store = storeOf(up);
const rooted = (problem: Root['problem'], changes: Partial<Reading> = {}): Reading => ({
  ...up,
  root: { ...up.root, problem },
  store: null,
  ...changes,
});
const title = (reading: Reading, params = {}): string => only(reading, 'coverage', params).title;

describe('docker.coverage', () => {
  it('says what of the store is not looked at', () => {
    expect(title(rooted('denied'))).toContain('cannot be read without root');
    expect(title(rooted('hazard'))).toContain('never touched');
    expect(title(rooted('graph'))).toContain('docker 1.9');
    expect(title(rooted('missing'))).toContain('does not exist');
    expect(title(rooted('empty'))).toContain('No image store');
    const parts = { ...up, store: { ...store, driver: null } };
    expect(title(parts)).toContain('No image store');
    expect(title({ ...up, store: { ...store, driver: 'zfs', data: null } })).toContain('zfs');
    expect(title({ ...up, store: { ...store, snapshotter: true } })).toContain('containerd');
    expect(title({ ...up, store: { ...store, tooMany: ['layers'] } })).toContain('layers');
    const [image, ...images] = store.images;
    if (image === undefined) throw new Error('no image');
    const unhashed = [{ ...image, sum: null }, ...images];
    expect(title({ ...up, store: { ...store, images: unhashed } })).toContain('not computed');
  });

  it('is silent about a data root that a daemon never made, unless it was asked for', () => {
    const host = { ...up.host, program: '/usr/sbin/dockerd' };
    for (const problem of ['missing', 'empty'] as const) {
      const never = rooted(problem, { daemon: null, host });
      expect(codesOf(judged(never))).toEqual(['daemon-down']);
      expect(codesOf(judged(never, { root: '/srv/d' }))).toEqual(['daemon-down', 'coverage']);
    }
  });

  it('says that docker is not installed, and nothing else', () => {
    const host = { ...up.host, program: null, version: null };
    const none = rooted('missing', { daemon: null, host, answers: [] });
    expect(codesOf(judged(none))).toEqual(['coverage']);
    expect(title(none)).toBe('Docker is not installed on this host');
    const unit = new Map([['LoadState', 'loaded']]);
    expect(codesOf(judged({ ...none, unit }))).toEqual(['daemon-down']);
  });

  it('says how many layers were compared, and offers more time', () => {
    const part = { ...up, store: { ...store, content: { sums: new Map(), done: 1, total: 3 } } };
    const found = only(part, 'coverage', { timeBudgetSeconds: 100 });
    expect(found.title).toContain('1 of 3 layers');
    expect(found.data).toMatchObject({ seen: 1, total: 3 });
    expect(found.next).toEqual([{ diagnostic: 'docker', params: { timeBudgetSeconds: 900 } }]);
    const whole = { ...up, store: { ...store, content: { sums: new Map(), done: 3, total: 3 } } };
    expect(codesOf(judged(whole))).toEqual(['unbounded-logs']);
  });

  it.each([
    ['1.12.6', true],
    ['0.9.1', true],
    ['1.13.0', false],
    ['17.03.0-ce', false],
    ['20.10.24+dfsg1', false],
    ['podman', false],
  ])('knows whether %s is affected: %s', (version, affected) => {
    const reading = {
      ...up,
      answers: [],
      host: { ...up.host, version },
      socket: { ...up.socket, writable: false },
    };
    expect(codesOf(judged(reading)).includes('affected-version')).toBe(affected);
  });
});

describe('the output of the probe', () => {
  const cut = (from: string, to: string) => () =>
    parse(resultOf(outputOf('healthy').replace(from, to)), FIXTURE_NONCE);

  it.each([
    ['uid 0', 'uid x', 'user id'],
    ['file socket', 'file odd', 'the socket'],
    ['@f1x7u2e0 begin kernel', '@f1x7u2e0 begin krnl', 'kernel'],
    ['statfs ', 'problem odd\nstatfs ', 'data root'],
  ])('is refused where %s is %s', (from, to, what) => {
    expect(cut(from, to)).toThrow(what);
  });

  it('says why it printed nothing', () => {
    const silent = resultOf('', { stderr: 'sh: not found\n', exitCode: 127 });
    expect(() => parse(silent, FIXTURE_NONCE)).toThrow('exit status 127): sh: not found');
  });

  it('says where it stopped', () => {
    const output = outputOf('healthy').split('@f1x7u2e0 begin content')[0] ?? '';
    const timedOut = parse(resultOf(output, { timedOut: true }), FIXTURE_NONCE);
    expect(timedOut.cutAt).toContain('time limit, in the part "again"');
    expect(parse(resultOf(output), FIXTURE_NONCE).cutAt).toContain('ends early');
    const large = resultOf(outputOf('healthy'), { outputTruncated: true });
    expect(parse(large, FIXTURE_NONCE).cutAt).toContain('larger than the limit');
    expect(codesOf(judged(timedOut))).toContain('coverage');
  });
});
