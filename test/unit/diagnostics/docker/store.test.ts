import { describe, expect, it } from 'vitest';
import { chainOf, repositoriesOf, storeHealth } from '../../../../src/diagnostics/docker/damage.ts';
import type { LayerEntry, Reading, Store } from '../../../../src/diagnostics/docker/reading.ts';
import { codesOf, judged, only, readingOf, storeOf } from './docker-reading.ts';

const up = readingOf('healthy');
const store = storeOf(up);
const down: Reading = { ...up, daemon: null };
const withStore = (changes: Partial<Store>, base: Reading = down): Reading => ({
  ...base,
  store: { ...store, ...changes },
});
const upper = store.layers.find((layer) => layer.parent !== '-');
if (upper === undefined) throw new Error('the fixture has no layer with a parent');
const lower = upper.parent.slice(7);
const layersWith = (changes: Partial<LayerEntry>, id = upper.id): readonly LayerEntry[] =>
  store.layers.map((layer) => (layer.id === id ? { ...layer, ...changes } : layer));
const problemOf = (changes: Partial<Store>): unknown =>
  only(withStore(changes), 'layer-store-corrupt').data['problem'];

describe('the health of a store', () => {
  it('recomputes the chain ids of images from their diff ids', () => {
    for (const image of store.images) {
      for (const id of chainOf(image) ?? [])
        expect(store.layers.map((one) => one.id)).toContain(id);
    }
    expect(storeHealth(up, store).damages).toEqual([]);
  });

  it.each([
    [{ diff: '!' }, 'diff-empty'],
    [{ diff: '-' }, 'diff-missing'],
    [{ diff: '?' }, 'diff-wrong'],
    [{ diff: 'sha256:abc' }, 'diff-wrong'],
    [{ cacheId: '!' }, 'cache-id-empty'],
    [{ size: 'x' }, 'size-wrong'],
    [{ tarSplit: '-' }, 'tar-split-missing'],
    [{ parent: '!' }, 'parent-empty'],
    [{ cacheId: 'nowhere' }, 'data-missing'],
  ])('finds %j of a layer', (changes, problem) => {
    expect(problemOf({ layers: layersWith(changes) })).toBe(problem);
  });

  it('finds data that are no directory, an empty link and an empty lower', () => {
    const data = (changes: object) =>
      new Map(
        [...(store.data ?? [])].map(([id, one]) => [
          id,
          id === upper.cacheId ? { ...one, ...changes } : one,
        ]),
      );
    expect(problemOf({ data: data({ diff: '?' }) })).toBe('data-missing');
    expect(problemOf({ data: data({ link: '!' }) })).toBe('link-empty');
    expect(problemOf({ data: data({ lower: '?' }) })).toBe('lower-empty');
    const bottom = store.layers.find((layer) => layer.id === lower)?.cacheId ?? '';
    const plain = new Map(store.data ?? []).set(bottom, { diff: 'd', link: '1', lower: '-' });
    expect(storeHealth(down, { ...store, data: plain }).damages).toEqual([]);
    const other = { ...store, driver: 'fuse-overlayfs', data: data({ link: '-', lower: '-' }) };
    expect(storeHealth(down, other).damages).toEqual([]);
    expect(storeHealth(down, { ...store, data: null }).damages).toEqual([]);
    expect(storeHealth(down, { ...store, data: new Map(), tooMany: ['data'] }).damages).toEqual([]);
  });

  it('counts fewer bytes as damage, more or the same not', () => {
    const size = Number(upper.size);
    const content = (bytes: number) => ({
      done: 3,
      total: 3,
      sums: new Map([[upper.cacheId, bytes]]),
    });
    expect(problemOf({ content: content(size - 1) })).toBe('content-short');
    for (const bytes of [size, size + 1]) {
      expect(storeHealth(down, { ...store, content: content(bytes) }).damages).toEqual([]);
    }
  });

  it('names a missing layer once, not each that lies above it', () => {
    const gone = store.layers.filter((layer) => layer.id !== lower);
    const { data, fixes } = only(withStore({ layers: gone }), 'layer-store-corrupt');
    expect(data).toMatchObject({
      layer: `sha256:${lower}`,
      problem: 'missing',
      containers: ['victim'],
    });
    expect(fixes.map(({ fix }) => fix)).toEqual(['quarantine-image', 'quarantine-image']);
    const unused = withStore({ layers: gone, images: [] });
    expect(only(unused, 'layer-store-corrupt').data['problem']).toBe('parent-absent');
  });

  it('warns only where nothing needs the layer', () => {
    const layers = [...store.layers, { ...upper, id: 'f'.repeat(64), parent: '-', diff: '!' }];
    const found = only(withStore({ layers }), 'layer-store-corrupt');
    expect(found.status).toBe('warning');
    expect(found.title).toContain('no image uses it, 3 images are healthy');
  });

  it.each([
    [{ sizeBytes: 0 }, 'config-empty'],
    [{ diffs: '!' as const }, 'config-empty'],
    [{ sum: 'f'.repeat(64) }, 'config-digest'],
    [{ sum: null, diffs: '?' as const }, 'config-wrong'],
  ])('finds the configuration of an image with %j', (changes, problem) => {
    const [first, ...rest] = store.images;
    if (first === undefined) throw new Error('no image');
    expect(problemOf({ images: [{ ...first, ...changes }, ...rest] })).toBe(problem);
  });

  it('takes an image without layers for what it is', () => {
    const [first] = store.images;
    if (first === undefined) throw new Error('no image');
    expect(storeHealth(down, { ...store, images: [{ ...first, diffs: [] }] }).damages).toEqual([]);
  });

  it('leaves out what came or went meanwhile, while the daemon runs', () => {
    const layers = layersWith({ diff: '!' });
    expect(codesOf(judged(withStore({ layers }, up)))).toContain('layer-store-corrupt');
    const again = new Set(
      [...store.again].filter((one) => one !== `layer ${upper.id.slice(0, 16)}`),
    );
    expect(codesOf(judged(withStore({ layers, again }, up)))).not.toContain('layer-store-corrupt');
    expect(codesOf(judged(withStore({ layers, again })))).toContain('layer-store-corrupt');
    const gone = {
      layers: store.layers.filter((one) => one.id !== upper.id),
      again: new Set<string>(),
    };
    expect(codesOf(judged(withStore(gone, up)))).not.toContain('layer-store-corrupt');
  });

  it('says nothing of a store that was seen in part', () => {
    const findings = judged(withStore({ layers: [], partial: true }));
    expect(codesOf(findings)).not.toContain('layer-store-corrupt');
    expect(only(withStore({ partial: true }), 'coverage').title).toContain('in part only');
  });

  it('sums up what is more than ten, and points to the disk', () => {
    const bad = Array.from({ length: 13 }, (_, i) => ({
      ...upper,
      parent: '-',
      diff: '!',
      id: i.toString(16).repeat(64),
    }));
    const found = judged(withStore({ layers: [...store.layers, ...bad] })).filter(
      (one) => one.code === 'docker.layer-store-corrupt',
    );
    expect(found).toHaveLength(11);
    expect(found.at(-1)?.title).toContain('3 more entries of the image store are damaged');
    expect(found.at(-1)?.next).toEqual([{ diagnostic: 'vitals', params: {} }]);
  });
});

describe('repositories.json', () => {
  it('gives the tags of images, not their digests', () => {
    const text =
      '{"Repositories":{"a":{"a:1":"sha256:11","a@sha256:22":"sha256:11","a:2":"sha256:11"}}}';
    expect(repositoriesOf(text)).toEqual(new Map([['11', ['a:1', 'a:2']]]));
    expect(repositoriesOf('{"Repositories":{}}')).toEqual(new Map());
    expect(repositoriesOf('{"Repositories":null}')).toEqual(new Map());
    expect(repositoriesOf('{"Rep')).toBeNull();
  });

  it('is damage when it is empty or cut off, not when it is missing', () => {
    expect(problemOf({ repositories: '\n' })).toBe('repositories-empty');
    expect(problemOf({ repositories: '{"Repositories":{' })).toBe('repositories-wrong');
    expect(storeHealth(down, { ...store, repositories: null }).damages).toEqual([]);
  });
});

describe('containers', () => {
  const [first, ...others] = store.containers;
  if (first === undefined) throw new Error('no container');
  const long = { ...first, modifiedSeconds: up.host.epochSeconds - 120 };
  const unusable = (changes: object, base = down) =>
    storeHealth(base, { ...store, containers: [{ ...long, ...changes }, ...others] }).unusable.map(
      ({ problem }) => problem,
    );

  it.each([
    [{ config: 'empty' }, 'config-empty'],
    [{ config: 'missing' }, 'config-missing'],
    [{ hostConfig: 'broken' }, 'host-config-broken'],
    [{ dead: true }, 'dead'],
    [{ id: 'a'.repeat(64) }, 'mount-missing'],
  ])('with %j are unusable', (changes, problem) => {
    expect(unusable(changes)).toEqual([problem]);
  });

  it('need their mount and its data', () => {
    const mount = store.mounts.get(first.id);
    const mounts = (mountId: string) =>
      new Map(store.mounts).set(first.id, { parent: mount?.parent ?? '-', mountId });
    const problem = (changes: Partial<Store>) =>
      storeHealth(down, { ...store, ...changes }).unusable.map((one) => one.problem);
    expect(problem({ mounts: mounts('!') })).toEqual(['mount-wrong']);
    expect(problem({ mounts: mounts('nowhere') })).toEqual(['data-missing']);
    expect(problem({ mounts: mounts('nowhere'), data: null })).toEqual([]);
    expect(unusable({ hostConfig: 'missing' })).toEqual([]);
  });

  it('that are in the making are left out while the daemon runs', () => {
    const young = { config: 'missing', modifiedSeconds: up.host.epochSeconds - 119 };
    expect(unusable(young, up)).toEqual([]);
    expect(unusable(young)).toEqual(['config-missing']);
    expect(unusable({ config: 'missing' }, up)).toEqual(['config-missing']);
  });

  it('that log without limit are told from 100 MB on as a warning', () => {
    const log = (sizeBytes: number, changes: object = {}) => {
      const containers = [
        {
          ...first,
          running: true,
          log: { driver: 'json-file', maxSize: null, sizeBytes, ...changes },
        },
      ];
      return judged(withStore({ containers }, up)).filter(
        (one) => one.code === 'docker.unbounded-logs',
      );
    };
    expect(log(100_000_000)).toMatchObject([{ status: 'warning', next: [{ diagnostic: 'logs' }] }]);
    expect(log(99_999_999)).toMatchObject([{ status: 'ok', next: [] }]);
    expect(log(1e9, { maxSize: '10m' })).toEqual([]);
    expect(log(1e9, { driver: 'local' })).toEqual([]);
    const config = {
      ...up.config,
      text: '{"log-driver":"json-file","log-opts":{"max-size":"5m"}}',
    };
    const bounded = only(
      { ...up, config, answers: [], socket: { ...up.socket, writable: false } },
      'unbounded-logs',
    );
    expect(bounded.data).toMatchObject({ maxSizeConfigured: '5m', driver: 'json-file' });
    expect(bounded.detail).toContain('limits new containers to 5m');
  });
});
