import { YOUNG_SECONDS } from './params.ts';
import type { ContainerEntry, ImageEntry, LayerEntry, Reading, Store } from './reading.ts';
import { sha256 } from './sha256.ts';

/** What is wrong with one entry of the store, and what else it takes down. */
export interface Damage {
  readonly about: 'layer' | 'image' | 'repositories';
  /** Hex, without `sha256:`; empty for repositories.json. */
  readonly id: string;
  readonly path: string;
  /** In words of `data.problem`: `diff-empty`, `missing`, `content-short` … */
  readonly problems: readonly string[];
  readonly images: readonly ImageEntry[];
  readonly containers: readonly ContainerEntry[];
  /** Layers that build on it. */
  readonly children: number;
  /** Bytes that docker wrote down, and that there are (overlay2). */
  readonly bytes: { readonly expected: number; readonly found: number } | null;
}

export interface StoreHealth {
  readonly damages: readonly Damage[];
  readonly healthyImages: readonly ImageEntry[];
  readonly unusable: readonly UnusableContainer[];
}

export interface UnusableContainer {
  readonly container: ContainerEntry;
  readonly problem: string;
  readonly path: string;
}

const HEX = /^[0-9a-f]{64}$/;
const NUMBER = /^[0-9]+$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What is damaged, in whole. With the daemon up, what came or went while we looked is left out. */
export function storeHealth(reading: Reading, store: Store): StoreHealth {
  const there = (what: string, id: string): boolean =>
    reading.daemon === null || store.again.has(`${what} ${id.slice(0, 16)}`);
  const images = store.images.filter((image) => there('image', image.id));
  const layers = store.layers.filter((layer) => there('layer', layer.id));
  const known = new Map(store.layers.map((layer) => [layer.id, layer]));
  const chains = new Map(images.map((image) => [image.id, chainOf(image)]));
  const missing = [
    ...new Set(images.flatMap((image) => firstMissing(chains.get(image.id), known))),
  ];
  const top = `${reading.root.path}/image/${store.driver ?? ''}`;

  const broken = layers.flatMap((layer) => {
    const problems = layerProblems(layer, store, known).filter(
      (problem) => problem !== 'parent-absent' || !missing.includes(layer.parent.slice(7)),
    );
    return problems.length === 0 ? [] : [{ id: layer.id, layer, problems }];
  });
  const absent = missing.map((id) => ({ id, layer: null, problems: ['missing'] }));
  const onLayers = [...broken, ...absent].map(({ id, layer, problems }): Damage => {
    const hit = images.filter((image) => chains.get(image.id)?.includes(id));
    const below = descendants(id, store.layers);
    return {
      about: 'layer',
      id,
      path: `${top}/layerdb/sha256/${id}`,
      problems,
      images: hit,
      containers: store.containers.filter(
        (one) => isOn(one, hit) || below.has(parentOf(one, store)),
      ),
      children: below.size - 1,
      bytes: layer === null ? null : shortage(layer, store),
    };
  });
  const onImages = images.flatMap((image): Damage[] => {
    const problems = imageProblems(image);
    if (problems.length === 0) return [];
    return [
      {
        about: 'image',
        id: image.id,
        path: `${top}/imagedb/content/sha256/${image.id}`,
        problems,
        images: [image],
        containers: store.containers.filter((one) => isOn(one, [image])),
        children: 0,
        bytes: null,
      },
    ];
  });
  const damages = [...onRepositories(store, top), ...onLayers, ...onImages].toSorted(
    (a, b) => b.images.length - a.images.length || a.id.localeCompare(b.id),
  );
  const hit = new Set(damages.flatMap((damage) => damage.images.map((image) => image.id)));
  const containers = store.containers.filter(
    (one) =>
      there('container', one.id) &&
      (reading.daemon === null ||
        reading.host.epochSeconds - one.modifiedSeconds >= YOUNG_SECONDS ||
        one.dead),
  );
  return {
    damages,
    healthyImages: images.filter((image) => !hit.has(image.id)),
    unusable: containers.flatMap((one) => containerProblem(one, reading, store)),
  };
}

/** Chain ids from diff ids (OCI image specification, "Layer ChainID"); null: the configuration does not say. */
export function chainOf(image: ImageEntry): readonly string[] | null {
  if (typeof image.diffs === 'string') return null;
  const chain: string[] = [];
  for (const diff of image.diffs) {
    const below = chain.at(-1);
    chain.push(chainId(below, diff));
  }
  return chain;
}

function chainId(parent: string | undefined, diff: string): string {
  return parent === undefined ? diff.replace('sha256:', '') : sha256(`sha256:${parent} ${diff}`);
}

/** What lies above a layer that is not there is not there either: only the lowest is named. */
function firstMissing(
  chain: readonly string[] | null | undefined,
  known: ReadonlyMap<string, LayerEntry>,
): readonly string[] {
  const first = chain?.find((id) => !known.has(id));
  return first === undefined ? [] : [first];
}

function layerProblems(
  layer: LayerEntry,
  store: Store,
  known: ReadonlyMap<string, LayerEntry>,
): string[] {
  const problems: string[] = [];
  const file = (name: string, word: string, good: RegExp): boolean => {
    if (good.test(word)) return true;
    problems.push(`${name}-${word === '!' ? 'empty' : word === '-' ? 'missing' : 'wrong'}`);
    return false;
  };
  const diff = file('diff', layer.diff, DIGEST);
  const cacheId = file('cache-id', layer.cacheId, /^[A-Za-z0-9_-]{2,}$/);
  file('size', layer.size, NUMBER);
  const parent = layer.parent === '-' || file('parent', layer.parent, DIGEST);
  file('tar-split', layer.tarSplit, NUMBER);
  const below = layer.parent === '-' ? undefined : layer.parent.slice(7);
  if (diff && parent && chainId(below, layer.diff) !== layer.id) problems.push('digest-wrong');
  if (parent && below !== undefined && !known.has(below)) problems.push('parent-absent');
  if (cacheId) problems.push(...dataProblems(layer, store));
  return problems;
}

function dataProblems(layer: LayerEntry, store: Store): string[] {
  if (store.data === null || store.tooMany.includes('data')) return [];
  const data = store.data.get(layer.cacheId);
  if (data === undefined || data.diff !== 'd') return ['data-missing'];
  if (store.driver !== 'overlay2') return [];
  return [
    ...(!NUMBER.test(data.link) ? ['link-empty'] : []),
    ...(layer.parent !== '-' && !NUMBER.test(data.lower) ? ['lower-empty'] : []),
    ...(shortage(layer, store) === null ? [] : ['content-short']),
  ];
}

/** More bytes than written down is no sign of a power cut: a driver that compares directories counts otherwise. */
function shortage(layer: LayerEntry, { content }: Store): Damage['bytes'] {
  const found = content?.sums.get(layer.cacheId);
  const expected = NUMBER.test(layer.size) ? Number(layer.size) : 0;
  return found === undefined || found >= expected ? null : { expected, found };
}

function imageProblems(image: ImageEntry): string[] {
  if (image.sizeBytes === 0 || image.diffs === '!') return ['config-empty'];
  if (image.sum !== null && image.sum !== image.id) return ['config-digest'];
  if (image.diffs === '?') return ['config-wrong'];
  return [];
}

function onRepositories({ repositories, images }: Store, top: string): Damage[] {
  if (repositories === null) return [];
  const empty = repositories.trim() === '';
  if (!empty && repositoriesOf(repositories) !== null) return [];
  return [
    {
      about: 'repositories',
      id: '',
      path: `${top}/repositories.json`,
      problems: [empty ? 'repositories-empty' : 'repositories-wrong'],
      // Nothing is lost but their names.
      images: images.slice(0, 0),
      containers: [],
      children: 0,
      bytes: null,
    },
  ];
}

/** Tags by image id; null: repositories.json is not what dockerd can read. */
export function repositoriesOf(text: string): ReadonlyMap<string, readonly string[]> | null {
  try {
    const read: unknown = JSON.parse(text);
    const tags = new Map<string, string[]>();
    for (const names of Object.values(memberOf(read, 'Repositories'))) {
      for (const [name, id] of Object.entries(memberOf({ names }, 'names'))) {
        if (typeof id !== 'string' || name.includes('@')) continue;
        const key = id.replace('sha256:', '');
        tags.set(key, [...(tags.get(key) ?? []), name]);
      }
    }
    return tags;
  } catch {
    return null;
  }
}

function memberOf(value: unknown, key: string): Record<string, unknown> {
  const object = typeof value === 'object' && value !== null ? { ...value } : {};
  const found: unknown = Object.entries(object).find(([name]) => name === key)?.[1];
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

/** The layer and what builds on it. */
function descendants(id: string, layers: readonly LayerEntry[]): ReadonlySet<string> {
  const found = new Set([id]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const layer of layers) if (found.has(layer.parent.slice(7))) found.add(layer.id);
  }
  return found;
}

function isOn(container: ContainerEntry, images: readonly ImageEntry[]): boolean {
  return images.some((image) => image.id === container.image);
}

function parentOf(container: ContainerEntry, store: Store): string {
  return store.mounts.get(container.id)?.parent.slice(7) ?? '';
}

function containerProblem(
  container: ContainerEntry,
  { root }: Reading,
  store: Store,
): UnusableContainer[] {
  const top = `${root.path}/containers/${container.id}`;
  const mounts = `${root.path}/image/${store.driver ?? ''}/layerdb/mounts/${container.id}`;
  const found = (problem: string, path: string): UnusableContainer[] => [
    { container, problem, path },
  ];
  if (container.config !== 'read')
    return found(`config-${container.config}`, `${top}/config.v2.json`);
  if (container.hostConfig !== 'read' && container.hostConfig !== 'missing') {
    return found(`host-config-${container.hostConfig}`, `${top}/hostconfig.json`);
  }
  if (container.dead) return found('dead', top);
  const mount = store.mounts.get(container.id);
  if (mount === undefined) return found('mount-missing', mounts);
  if (!/^[A-Za-z0-9_-]{2,}$/.test(mount.mountId)) return found('mount-wrong', `${mounts}/mount-id`);
  const data = store.data !== null && !store.tooMany.includes('data');
  return data && !store.data?.has(mount.mountId)
    ? found('data-missing', `${root.path}/${store.driver ?? ''}/${mount.mountId}`)
    : [];
}

/** What a person calls an image: its tags, else what its containers call it, else the beginning of its id. */
export function imageNames(images: readonly ImageEntry[], store: Store): readonly string[] {
  const tags = store.repositories === null ? null : repositoriesOf(store.repositories);
  return images.flatMap((image) => {
    const used = store.containers.find((one) => one.image === image.id && one.imageName !== null);
    const called = used?.imageName ?? '';
    const name =
      called === '' || /^(sha256:)?[0-9a-f]{12,}$/.test(called) ? image.id.slice(0, 12) : called;
    return tags?.get(image.id) ?? [name];
  });
}

export function containerNames(containers: readonly ContainerEntry[]): readonly string[] {
  return containers.map((container) => container.name ?? container.id.slice(0, 12));
}

export const isHex = (text: string): boolean => HEX.test(text);
