import { describe, expect, it } from 'vitest';
import type { State, Store } from '../../../../src/fixes/quarantine-image/state.ts';
import { verify } from '../../../../src/fixes/quarantine-image/verify.ts';
import {
  APP,
  BASED,
  container,
  HEALTHY,
  ILL,
  id,
  image,
  LAYER,
  MIDDLE,
  OTHER,
  state,
  store,
  TOP,
} from './sample-store.ts';

describe('quarantine-image is', () => {
  const before = store(ILL, {
    containers: [container('keep'), container('hit', { id: id('8'), image: APP })],
  });
  const seen = { images: [BASED, HEALTHY], containers: [id('9')], volumes: ['v'] };
  const first = state({ ...before, seen: { ...seen, images: [HEALTHY] } });
  const rest: Partial<Store> = {
    layers: before.layers.filter((one) => one.id !== MIDDLE && one.id !== TOP),
    images: before.images.slice(1),
    seen,
  };
  const after = (more: Partial<Store> = {}, also: Partial<State> = {}): State =>
    state(store({}, { ...rest, ...more }), also);

  it.each<[string, State, State, RegExp]>([
    [
      'verified',
      first,
      after(),
      /entries are gone; all 2 other images, containers and volumes are there$/,
    ],
    [
      'verified',
      first,
      after({
        seen: { ...seen, images: [APP, BASED, HEALTHY] },
        images: [image(APP, [], { state: 'new' })],
      }),
      /1 of 1 damaged images is back/,
    ],
    ['verified', state({ ...before, seen: null }, { daemon: null }), after(), /entries are gone/],
    [
      'ineffective',
      first,
      after({ layers: before.layers }),
      /2 of the damaged entries are still there/,
    ],
    [
      'ineffective',
      first,
      after({ seen: { ...seen, images: [] } }),
      /was there before: image 222222222222, image 333333333333$/,
    ],
    ['ineffective', first, after({ seen: { ...seen, containers: [] } }), /container 999999999999$/],
    ['ineffective', first, after({ seen: { ...seen, volumes: [] } }), /volume v$/],
    ['ineffective', first, after({}, { daemon: null }), /docker does not run/],
    ['unknown', first, after({ seen: null }), /docker does not answer/],
    ['unknown', first, state(null), /cannot be looked at any more/],
    ['unknown', state(null), after(), /not seen before/],
    ['unknown', state(store()), after(), /before, it is healthy/],
    ['unknown', first, after({}, { bootId: 'c' }), /host was started again/],
  ])('%s', (outcome, one, other, reason) => {
    expect(verify(one, other, LAYER)).toEqual({ outcome, reason: expect.stringMatching(reason) });
  });

  it('counts what is lost, and does not ask for what was not healthy before', () => {
    const volumes = Array.from({ length: 6 }, (_, at) => `v${at}`);
    const many = state({ ...before, seen: { ...seen, volumes } });
    expect(verify(many, after({ seen: { ...seen, volumes: [] } }), LAYER).reason).toMatch(
      /volume v4 and 1 more$/,
    );
    const other = state({
      ...store({ ...ILL, [OTHER]: { size: '!' } }),
      seen: { ...seen, images: [] },
    });
    expect(verify(other, after({ seen: { ...seen, images: [BASED] } }), LAYER)).toMatchObject({
      outcome: 'verified',
    });
    const broken = { ...container('broken', { mount: '-' }), id: id('7') };
    const down = state({ ...before, containers: [broken], seen: null }, { daemon: null });
    expect(verify(down, after({ seen: { ...seen, containers: [] } }), LAYER)).toMatchObject({
      outcome: 'verified',
    });
  });
});
