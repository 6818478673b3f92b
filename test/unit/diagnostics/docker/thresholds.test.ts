import { describe, expect, it } from 'vitest';
import { lastStart, reasonOf } from '../../../../src/diagnostics/docker/assess/reason.ts';
import { list } from '../../../../src/diagnostics/docker/assess/words.ts';
import { parse } from '../../../../src/diagnostics/docker/parse.ts';
import type { Reading, Store } from '../../../../src/diagnostics/docker/reading.ts';
import { changed, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';
import { judged, only, readingOf, storeOf } from './docker-reading.ts';

const up = readingOf('healthy');
const store = storeOf(up);
const [first] = store.containers;
if (first === undefined) throw new Error('the fixture has no container');
const withStore = (changes: Partial<Store>, more: Partial<Reading> = {}): Reading => ({
  ...up,
  store: { ...store, ...changes },
  ...more,
});

describe('a log without limit, with the daemon down', () => {
  const found = (sizeBytes: number): number => {
    const log = { ...first.log, driver: 'json-file', maxSize: null, sizeBytes };
    const seen = withStore({ containers: [{ ...first, running: true, log }] }, { daemon: null });
    return judged(seen).filter(({ code }) => code === 'docker.unbounded-logs').length;
  };

  it('is told from 100 MB on: what runs is only remembered', () => {
    expect(found(100_000_000)).toBe(1);
    expect(found(99_999_999)).toBe(0);
  });
});

describe('containers that cannot be used', () => {
  it.each([
    [10, 10, / is missing$/],
    [11, 10, / is missing \(11 such containers\)$/],
  ])('%i of them are told in %i', (all, told, title) => {
    const containers = Array.from({ length: all }, (_, at) => ({
      ...first,
      id: String(at).padStart(64, 'f'),
      config: 'missing',
      modifiedSeconds: 0,
    }));
    const found = judged(withStore({ containers }, { daemon: null })).filter(
      ({ code }) => code === 'docker.container-unusable',
    );
    expect(found).toHaveLength(told);
    expect(found[0]?.title).toMatch(title);
  });
});

describe('why the daemon is down, at the borders', () => {
  const down = readingOf('killed');
  const why = (changes: Partial<Reading>): string => reasonOf({ ...down, ...changes }).reason;

  it('hears all of a start, however much it said', () => {
    const lines = [
      'time="2026-11-21T12:00:00Z" level=info msg="Starting up"',
      ...Array.from({ length: 25 }, (_, at) => `line ${at}`),
    ];
    expect(lastStart(lines)).toEqual(lines);
    expect(lastStart(lines.slice(1))).toEqual(lines.slice(-20));
  });

  it('does not blame a configuration that was read only in part', () => {
    const of = (length: number): string =>
      why({ config: { ...down.config, state: 'read', text: '{'.repeat(length) } });
    expect(of(59_999)).toBe('configuration');
    expect(of(60_000)).not.toBe('configuration');
  });

  it('goes by the second: the kernel after the start, the last word before the boot', () => {
    const booted = 1_795_000_000;
    const host = { ...down.host, epochSeconds: booted + 500, uptimeSeconds: 500 };
    const at = (seconds: number): string => new Date((booted + seconds) * 1000).toISOString();
    const words = (line: string): Reading['words'] => ({ source: 'x', lines: [line] });
    const started = words(`time="${at(10)}" level=info msg="API listen on /x"`);
    const killed = (stamp: string): string =>
      why({
        host,
        words: started,
        kernel: { ...down.kernel, oom: [`[ ${stamp}] Killed process 9 (dockerd)`] },
      });
    expect(killed('10.000')).toBe('out-of-memory');
    expect(killed('9.999')).toBe('killed');
    const spoke = (seconds: number): string =>
      why({ host, words: words(`time="${at(seconds)}" level=info msg="API listen on /x"`) });
    expect(spoke(0)).toBe('killed');
    expect(spoke(-1)).toBe('never-started');
  });
});

describe('what was not looked at', () => {
  it.each([
    ['images', 'count 3', 1000],
    ['containers', 'count 2', 1000],
    ['layers', 'count 3', 3000],
    ['data', 'count 7', 8000],
  ])('of %s is what is beyond the most: %j, %i', (section, from, most) => {
    const tooMany = (count: number): readonly string[] =>
      storeOf(
        parse(
          changed(recorded('docker', 'healthy'), [section, from, `count ${count}`]),
          FIXTURE_NONCE,
        ),
      ).tooMany;
    expect(tooMany(most)).toEqual([]);
    expect(tooMany(most + 1)).toEqual([section]);
  });

  it('is no digest of an empty configuration', () => {
    const blind = (sizeBytes: number): boolean => {
      const images = store.images.map((one, at) =>
        at === 0 ? { ...one, sum: null, sizeBytes } : one,
      );
      return judged(withStore({ images })).some(({ title }) => title.includes('were not computed'));
    };
    expect(blind(1)).toBe(true);
    expect(blind(0)).toBe(false);
  });
});

describe('names', () => {
  it('are six at most, and others only where there are others', () => {
    expect(list(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d, e, f');
    expect(list(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e, f and 1 more');
  });

  it('are none where a damaged layer is of no image, and no image is healthy', () => {
    const layers = store.layers.map((one, at) => (at === 1 ? { ...one, diff: '!' } : one));
    const [id] = layers.flatMap((one) => (one.diff === '!' ? [one.id.slice(0, 12)] : []));
    const found = only(withStore({ layers, images: [] }), 'layer-store-corrupt');
    expect(found.title).toMatch(new RegExp(`^Layer ${id} (?!of )`));
    expect(found.detail).toContain('No image is healthy.');
  });
});
