import type { Section } from '../../core/sections.ts';
import { integer, linesOf, plain, restsOf } from './lines.ts';
import type { ContainerEntry, DataEntry, ImageEntry, LayerEntry, Store } from './reading.ts';

/** Sections that the store consists of; content is looked at only with overlay2. */
const PARTS = ['images', 'layers', 'repositories', 'mounts', 'containers', 'data', 'again'];

/** As many as the probe prints. */
const MOST: Readonly<Record<string, number>> = {
  images: 1000,
  layers: 3000,
  containers: 1000,
  data: 8000,
};

export function parseStore(ended: readonly Section[]): Store | null {
  const find = (name: string): Section | undefined =>
    ended.find((section) => section.name === name);
  const about = find('store');
  if (about === undefined) return null;
  const rests = (name: string, word: string): readonly string[] => {
    const section = find(name);
    return section === undefined ? [] : restsOf(section, word);
  };
  const flags = new Set(linesOf(about).map(([word]) => word));
  const driver = restsOf(about, 'driver')[0] ?? '-';
  const repositories = find('repositories');
  const data = find('data');
  return {
    driver: driver === '-' ? null : driver,
    partial: flags.has('partial') || (driver !== '-' && PARTS.some((part) => !find(part))),
    snapshotter: flags.has('snapshotter'),
    images: parseImages(rests('images', 'diff'), rests('images', 'image')),
    layers: rests('layers', 'layer').map(parseLayer),
    leftovers: integer(rests('layers', 'leftovers')[0] ?? '0', 'leftovers'),
    repositories: repositories?.exitCode === 0 ? repositories.body : null,
    mounts: new Map(
      rests('mounts', 'mount').map((line) => {
        const [id = '', mountId = '-', , parent = '-'] = line.split(' ');
        return [id, { mountId, parent }];
      }),
    ),
    containers: rests('containers', 'container').map(parseContainer),
    data:
      data === undefined || linesOf(data).some(([word]) => word === 'unsupported')
        ? null
        : new Map(restsOf(data, 'data').map(parseData)),
    again: new Set((find('again')?.body ?? '').split('\n').filter((line) => line !== '')),
    content: parseContent(find('content')),
    tooMany: Object.entries(MOST)
      .filter(([name, most]) => {
        const [count] = rests(name, 'count');
        return count !== undefined && integer(count.split(' ')[0], 'a count') > most;
      })
      .map(([name]) => name),
  };
}

function parseImages(diffs: readonly string[], images: readonly string[]): readonly ImageEntry[] {
  const digests = new Map(
    diffs.map((line) => {
      const [number = '', digest = ''] = line.split(' ');
      return [number, digest];
    }),
  );
  return images.map((line) => {
    const [id = '', , size, sum = '-', list = '-'] = line.split(' ');
    const numbers = list === '-' ? [] : list.split(',');
    return {
      id,
      sizeBytes: integer(size, 'size of an image configuration'),
      sum: sum === '-' ? null : sum,
      diffs: list === '!' || list === '?' ? list : numbers.map((one) => digests.get(one) ?? '?'),
    };
  });
}

function parseLayer(line: string): LayerEntry {
  const [id = '', , diff = '-', cacheId = '-', parent = '-', size = '-', tarSplit = '-'] =
    line.split(' ');
  return { id, diff, cacheId, parent, size, tarSplit };
}

function parseContainer(line: string): ContainerEntry {
  const [id = '', modified, config = '', hostConfig = '', running, dead, image = '-', ...rest] =
    line.split(' ');
  const [log = '', bytes, ...names] = rest;
  const [driver = '', maxSize = ''] = log.split('|');
  const [, name = '', imageName = ''] = names.join(' ').split('|');
  return {
    id,
    modifiedSeconds: integer(modified, 'time of a container'),
    config,
    hostConfig,
    running: running === '1',
    dead: dead === '1',
    image: image === '-' ? null : image,
    log: {
      driver: plain(driver),
      maxSize: plain(maxSize) || null,
      sizeBytes: integer(bytes, 'size of a container log'),
    },
    name: plain(name) || null,
    imageName: plain(imageName) || null,
  };
}

function parseData(line: string): [string, DataEntry] {
  const [id = '', diff = '-', link = '-', lower = '-'] = line.split(' ');
  return [id, { diff, link, lower }];
}

function parseContent(section: Section | undefined): Store['content'] {
  if (section === undefined) return null;
  const [done, total] = (restsOf(section, 'done')[0] ?? '').split(' ');
  return {
    sums: new Map(
      restsOf(section, 'sum').map((line) => {
        const [id = '', bytes] = line.split(' ');
        return [id, integer(bytes, 'size of a layer')];
      }),
    ),
    done: integer(done, 'number of layers compared'),
    total: integer(total, 'number of layers'),
  };
}
