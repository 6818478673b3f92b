import { describe, expect, it } from 'vitest';
import { findDamage } from '../../../../src/fixes/quarantine-image/damage.ts';
import { Params } from '../../../../src/fixes/quarantine-image/params.ts';
import type { Layer, Store } from '../../../../src/fixes/quarantine-image/state.ts';
import {
  APP,
  BASE,
  BASED,
  container,
  ILL,
  id,
  image,
  LAYER,
  layer,
  MIDDLE,
  store,
  TOP,
} from './sample-store.ts';

describe('quarantine-image takes', () => {
  it.each([[{ layer: `sha256:${BASE}` }], [{ image: `sha256:${APP}` }]])('%j', (params) => {
    expect(Params.parse(params)).toEqual(params);
  });
  it.each([
    {},
    { layer: `sha256:${BASE}`, image: `sha256:${APP}` },
    { layer: BASE },
    { layer: `sha256:${BASE}0` },
    { layer: `sha256:${BASE.toUpperCase()}` },
    { layer: `sha256:${BASE}\n` },
    { image: 'busybox' },
  ])('not %j', (params) => {
    expect(Params.safeParse(params).success).toBe(false);
  });
});

describe('quarantine-image finds', () => {
  const found = (
    ill: Partial<Layer>,
    more: Partial<Store> = {},
    name = MIDDLE,
  ): ReturnType<typeof findDamage> =>
    findDamage(store({ [name]: ill }, more), { layer: `sha256:${name}` });

  it.each<[string, Partial<Layer>]>([
    ['diff-empty', { diff: '!' }],
    ['diff-missing', { diff: '-' }],
    ['diff-wrong', { diff: 'sha256:x' }],
    ['cache-id-empty', { cacheId: '!' }],
    ['cache-id-missing', { cacheId: '-' }],
    ['cache-id-wrong', { cacheId: '?' }],
    ['size-empty', { size: '!' }],
    ['size-wrong', { size: '1x' }],
    ['parent-empty', { parent: '!' }],
    ['parent-wrong', { parent: 'sha256:' }],
    ['parent-absent', { parent: `sha256:${id('f')}` }],
    ['digest-wrong', { named: false }],
    ['tar-split-empty', { tarSplit: '!' }],
    ['tar-split-missing', { tarSplit: '-' }],
    ['data-missing', { state: 'x|' }],
    ['link-missing', { state: 'x|/diff:1:2:3,/lower:28:7:8,' }],
    ['link-empty', { state: 'x|/diff:1:2:3,/link:0:5:6,/lower:28:7:8,' }],
    ['lower-missing', { state: 'x|/diff:1:2:3,/link:26:5:6,' }],
    ['lower-empty', { state: 'x|/diff:1:2:3,/link:26:5:6,/lower:0:7:8,' }],
  ])('%s', (problem, ill) => {
    expect(found(ill)).toMatchObject({ reasons: [`layer ${MIDDLE.slice(0, 12)}: ${problem}`] });
  });

  it('bytes that are missing, and no damage in a lowest layer without `lower` and `parent`', () => {
    expect(found({}, { content: { [MIDDLE]: 9 } })).toMatchObject({
      reasons: [expect.stringMatching(/content-short \(9 of 10 bytes\)/)],
      dataLost: true,
    });
    expect(found({}, { content: { [MIDDLE]: 10 } })).toMatch(/it is healthy: its files/);
    expect(found({ state: 'x|/diff:1:2:3,/link:26:5:6,' }, {}, BASE)).toMatch(
      /it is healthy: its files/,
    );
    expect(found({ diff: '!', state: 'x|none' })).toMatchObject({ dataLost: false });
  });

  it('on vfs only whether the data is there', () => {
    const vfs = { driver: 'vfs', layers: [layer(MIDDLE, '-', { state: 'x|5:6,' })], images: [] };
    expect(findDamage(store({}, vfs), LAYER)).toMatch(/it is healthy/);
    const gone = { ...vfs, layers: [layer(MIDDLE, '-', { state: 'x|' })] };
    expect(findDamage(store({}, gone), LAYER)).toMatchObject({
      reasons: [expect.stringMatching(/data-missing/)],
      dataLost: false,
    });
  });

  it('all that cannot live without it, and nothing else', () => {
    const ids = (of: ReturnType<typeof findDamage>): unknown =>
      typeof of === 'string'
        ? of
        : [of.layers.map((one) => one.id), of.images.map((one) => one.id)];
    expect(ids(found({ diff: '!' }))).toEqual([[MIDDLE, TOP], [APP]]);
    expect(ids(found({ diff: '!' }, {}, BASE))).toEqual([
      [BASE, MIDDLE, TOP],
      [APP, BASED],
    ]);
    expect(ids(found({ diff: '!' }, {}, TOP))).toEqual([[TOP], [APP]]);
    // The lowest is damaged, too: the image could not be loaded while it is there.
    expect(
      ids(
        findDamage(store({ [TOP]: { diff: '!' }, [BASE]: { size: '!' } }), {
          layer: `sha256:${TOP}`,
        }),
      ),
    ).toEqual([
      [BASE, MIDDLE, TOP],
      [APP, BASED],
    ]);
    // A layer above it whose own parent file is lost is known by the image.
    expect(
      ids(findDamage(store({ [MIDDLE]: { diff: '!' }, [TOP]: { parent: '!' } }), LAYER)),
    ).toEqual([[MIDDLE, TOP], [APP]]);
    // A layer without an image.
    expect(ids(found({ diff: '!' }, { images: [] }))).toEqual([[MIDDLE, TOP], []]);
  });

  it('an image by its configuration, by a damaged and by a missing layer', () => {
    const by = (of: Store): ReturnType<typeof findDamage> =>
      findDamage(of, { image: `sha256:${APP}` });
    expect(by(store())).toMatch(/it is healthy: its configuration/);
    expect(by(store({}, { images: [] }))).toMatch(/it is gone/);
    expect(by(store(ILL))).toMatchObject({
      layers: [{ id: MIDDLE }, { id: TOP }],
      images: [{ id: APP }],
    });
    for (const [sum, chain, why] of [
      ['empty', null, 'config-empty'],
      ['wrong', [BASE], 'config-wrong'],
      ['ok', null, 'config-wrong'],
    ] as const) {
      const images = [image(APP, chain, { sum })];
      expect(by(store({}, { images }))).toMatchObject({
        reasons: [`image ${APP.slice(0, 12)}: ${why}`],
        layers: [],
        images: [{ id: APP }],
      });
    }
    const without = store();
    const layers = without.layers.filter((one) => one.id !== MIDDLE);
    const damage = by({ ...without, layers });
    expect(damage).toMatchObject({ layers: [{ id: TOP }], images: [{ id: APP }] });
    expect(JSON.stringify(damage)).toMatch(/bbbbbbbbbbbb: missing/);
  });

  it('no damage where there is none, and where it is instead', () => {
    expect(found({})).toMatch(/it is healthy: its files/);
    expect(findDamage(store({ [BASE]: { diff: '!' } }), { layer: `sha256:${TOP}` })).toMatch(
      new RegExp(`damage is in layer sha256:${BASE}`),
    );
    expect(findDamage(store(), { layer: `sha256:${id('0')}` })).toMatch(/it is gone/);
    const layers = store().layers.filter((one) => one.id !== MIDDLE);
    expect(findDamage(store({}, { layers }), LAYER)).toMatch(/there is no such entry/);
  });

  it('the containers on it, by image or by layer', () => {
    const containers = [
      container('image', { image: APP }),
      container('layer', { parent: TOP }),
      container('other'),
    ];
    const damage = found({ diff: '!' }, { containers });
    expect(typeof damage === 'string' ? [] : damage.containers.map(({ name }) => name)).toEqual([
      'image',
      'layer',
    ]);
  });
});
