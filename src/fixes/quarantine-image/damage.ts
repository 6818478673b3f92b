import type { Params } from './params.ts';
import type { Container, Image, Layer, Store } from './state.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Everything that must be set aside together. */
export interface Damage {
  /** What is wrong, in words: entry and why. */
  readonly reasons: readonly string[];
  readonly layers: readonly Layer[];
  readonly images: readonly Image[];
  /** On what is set aside. */
  readonly containers: readonly Container[];
  /** Data below containers is damaged, too: they do not work again with an image that is loaded anew. */
  readonly dataLost: boolean;
}

/** Null: no such entry, or it is healthy; then in words why. */
export function findDamage(store: Store, params: Params): Damage | string {
  const problems = problemsOf(store);
  const ill = (id: string): boolean => {
    const found = problems.get(id);
    return found === undefined || found.length > 0;
  };
  const asked = (params.layer ?? params.image ?? '').slice('sha256:'.length);
  const image = store.images.find(({ id }) => id === asked);
  const roots = new Set<string>();
  if (params.layer === undefined) {
    if (image === undefined) return 'it is gone: nothing is there to be set aside';
    for (const id of (image.chain ?? []).filter(ill)) roots.add(id);
    if (roots.size === 0 && imageProblem(image) === null) {
      return 'it is healthy: its configuration has the right checksum, and all its layers are whole';
    }
  } else {
    const why = problems.get(asked);
    if (why === undefined) {
      return store.images.some(({ chain }) => chain?.includes(asked) === true)
        ? 'there is no such entry, and nothing to be set aside for it: load or pull the image again'
        : 'it is gone: nothing is there to be set aside';
    }
    if (why.length === 0) return healthyLayer(asked, { store, ill });
    roots.add(asked);
  }
  return closure({ store, roots, image, ill, problems });
}

function healthyLayer(
  id: string,
  { store, ill }: { readonly store: Store; readonly ill: (id: string) => boolean },
): string {
  const below = ancestors(id, store).find(ill);
  return below === undefined
    ? 'it is healthy: its files and its data are whole'
    : `it is healthy itself: the damage is in layer sha256:${below} below it`;
}

function ancestors(id: string, store: Store): readonly string[] {
  const parents = new Map(store.layers.map((layer) => [layer.id, layer.parent]));
  const found: string[] = [];
  let next = parents.get(id);
  while (next !== undefined && DIGEST.test(next) && !found.includes(next.slice(7))) {
    found.push(next.slice(7));
    next = parents.get(next.slice(7));
  }
  return found;
}

/**
 * What cannot live without it: layers above it, images on those, and the other damaged layers of these
 * images, because docker would refuse to load them anew (`file exists`). Until nothing is added.
 */
function closure(from: {
  readonly store: Store;
  readonly roots: ReadonlySet<string>;
  readonly image: Image | undefined;
  readonly ill: (id: string) => boolean;
  readonly problems: ReadonlyMap<string, readonly string[]>;
}): Damage {
  const { store, image, ill, problems } = from;
  const layers = new Set(from.roots);
  const images = new Set(image === undefined ? [] : [image.id]);
  for (let before = -1; before !== layers.size + images.size; ) {
    before = layers.size + images.size;
    for (const { id, parent } of store.layers) {
      if (layers.has(parent.replace(/^sha256:/, ''))) layers.add(id);
    }
    for (const { id, chain } of store.images) {
      const first = chain?.findIndex((one) => layers.has(one)) ?? -1;
      if (chain === null || first < 0) continue;
      images.add(id);
      for (const one of chain.slice(first)) layers.add(one);
      for (const one of chain.filter(ill)) layers.add(one);
    }
  }
  const moved = store.layers.filter(({ id }) => layers.has(id));
  const hit = store.images.filter(({ id }) => images.has(id));
  return {
    reasons: [
      ...[...layers].flatMap((id) => {
        const why = problems.get(id);
        if (why === undefined) return [`layer ${id.slice(0, 12)}: missing`];
        return why.length === 0 ? [] : [`layer ${id.slice(0, 12)}: ${why.join(', ')}`];
      }),
      ...hit.flatMap((one) => {
        const why = imageProblem(one);
        return why === null ? [] : [`image ${one.id.slice(0, 12)}: ${why}`];
      }),
    ],
    layers: moved,
    images: hit,
    containers: store.containers.filter((one) => layers.has(one.parent) || images.has(one.image)),
    // A container on vfs has a whole copy of its own.
    dataLost:
      store.driver === 'overlay2' &&
      moved.some(({ id }) => problems.get(id)?.some((why) => DATA.test(why)) === true),
  };
}

const DATA = /^(data|link|lower|content)/;

/** What is wrong with each layer; empty: it is whole. */
export function problemsOf(store: Store): ReadonlyMap<string, readonly string[]> {
  const known = new Set(store.layers.map(({ id }) => `sha256:${id}`));
  return new Map(store.layers.map((layer) => [layer.id, layerProblems(layer, { store, known })]));
}

/** The same words as those of the finding `docker.layer-store-corrupt`. */
function layerProblems(
  layer: Layer,
  { store, known }: { readonly store: Store; readonly known: ReadonlySet<string> },
): readonly string[] {
  const base = layer.parent === '-';
  return [
    ...file('diff', layer.diff, DIGEST),
    ...file('cache-id', layer.cacheId, /^[A-Za-z0-9_-]{4,100}$/),
    ...file('size', layer.size, /^\d+$/),
    ...(base ? [] : file('parent', layer.parent, DIGEST)),
    ...(layer.named ? [] : ['digest-wrong']),
    ...(DIGEST.test(layer.parent) && !known.has(layer.parent) ? ['parent-absent'] : []),
    ...(layer.tarSplit === '+'
      ? []
      : [`tar-split-${layer.tarSplit === '!' ? 'empty' : 'missing'}`]),
    ...dataProblems(layer, store),
  ];
}

function file(name: string, word: string, good: RegExp): readonly string[] {
  if (good.test(word) && word !== '-') return [];
  return [`${name}-${word === '!' ? 'empty' : word === '-' ? 'missing' : 'wrong'}`];
}

/** `state` ends with what the driver finds the data by: `/diff:size:inode:mode,/link:…`. */
function dataProblems(layer: Layer, store: Store): readonly string[] {
  const [, facts = ''] = layer.state.split('|');
  if (facts === 'none') return [];
  if (store.driver !== 'overlay2') return facts === '' ? ['data-missing'] : [];
  const part = (name: string): string | undefined =>
    facts.split(',').find((one) => one.startsWith(`/${name}:`));
  const absent = (name: string): readonly string[] => {
    const found = part(name);
    if (found === undefined) return [`${name}-missing`];
    return found.startsWith(`/${name}:0:`) ? [`${name}-empty`] : [];
  };
  if (part('diff') === undefined) return ['data-missing'];
  const found = store.content[layer.id];
  const short = found !== undefined && /^\d+$/.test(layer.size) && found !== Number(layer.size);
  return [
    ...absent('link'),
    ...(layer.parent === '-' ? [] : absent('lower')),
    ...(short ? [`content-short (${found} of ${layer.size} bytes)`] : []),
  ];
}

export function imageProblem(image: Image): string | null {
  if (image.sum === 'empty') return 'config-empty';
  if (image.sum === 'wrong') return 'config-wrong';
  return image.chain === null ? 'config-wrong' : null;
}
