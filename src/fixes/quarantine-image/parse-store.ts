import type { Section } from '../../core/sections.ts';
import { type Get, integer, lines, unreadable } from './sections.ts';
import type { Archive, Container, Image, Layer, Seen, Store } from './state.ts';

const HEX = /^[0-9a-f]{64}$/;

export function parseStore(get: Get): Store | null {
  const place = get('root');
  if (place.exitCode !== 0) return null;
  const [root = '', identity = '', driver = '', devices = ''] = place.body.split('\n');
  if (!root.startsWith('/') || !/^\d+:\d+$/.test(identity))
    throw unreadable(`root "${place.body}"`);
  const layers = lines(get('layers'));
  const tags = parseTags(get('repositories').body);
  const archives = lines(get('archives'));
  const unsafe = archives.find((line) => line.startsWith('unsafe '));
  return {
    root,
    place: identity,
    driver,
    oneFileSystem: devices.split(',').filter((device) => device !== '').length === 1,
    ...parseRoom(get('room')),
    layers: layers.filter((line) => line.startsWith('layer ')).map(parseLayer),
    links: layers.filter((line) => line.startsWith('link ')).map((line) => line.slice(5)),
    images: lines(get('images')).map((line) => parseImage(line, tags)),
    containers: lines(get('containers')).map(parseContainer),
    mounted: lines(get('mounted')),
    volumes: lines(get('volumes')),
    seen: parseSeen(get),
    content: Object.fromEntries(
      lines(get('content')).map((line) => {
        const [id = '', bytes = ''] = line.split(' ');
        return [id, bytes === '' ? 0 : integer(bytes, 'content')];
      }),
    ),
    archives: archives.filter((line) => line !== unsafe).map(parseArchive),
    ...(unsafe === undefined ? {} : { archivesUnsafe: unsafe.slice('unsafe '.length) }),
  };
}

function parseRoom(section: Section): Pick<Store, 'freeBytes' | 'freeInodes' | 'readOnly'> {
  if (section.exitCode !== 0)
    throw unreadable('the file system of the data root cannot be looked at');
  const [facts = '', options = ''] = section.body.split('\n');
  const [size = '', free = '', inodes = '', freeInodes = ''] = facts.split(' ');
  return {
    freeBytes: integer(size, 'block size') * integer(free, 'free blocks'),
    freeInodes: integer(inodes, 'inodes') === 0 ? null : integer(freeInodes, 'free inodes'),
    readOnly: options.split(',').includes('ro'),
  };
}

function parseLayer(line: string): Layer {
  const [
    ,
    id = '',
    diff = '',
    cacheId = '',
    parent = '',
    size = '',
    name = '',
    tarSplit = '',
    state,
  ] = line.split(' ');
  if (!HEX.test(id) || state === undefined) throw unreadable(`layer "${line}"`);
  return { id, diff, cacheId, parent, size, named: name === '=', tarSplit, state };
}

function parseImage(line: string, tags: ReadonlyMap<string, readonly string[]>): Image {
  const [, id = '', sum = '', metadata = '', state = '', chain = ''] = line.split(' ');
  if (!HEX.test(id) || (sum !== 'ok' && sum !== 'wrong' && sum !== 'empty')) {
    throw unreadable(`image "${line}"`);
  }
  const ids = chain.split(',');
  return {
    id,
    sum,
    metadata: metadata === '+',
    state,
    chain: chain === '-' ? [] : ids.every((one) => HEX.test(one)) ? ids : null,
    tags: tags.get(id) ?? [],
  };
}

/** Names by image. A file that cannot be read has none: it is docker's, and another matter. */
function parseTags(json: string): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, string[]>();
  for (const [, name = '', id = ''] of json.matchAll(
    /"([A-Za-z0-9._:/-]{1,300})":"sha256:([0-9a-f]{64})"/g,
  )) {
    tags.set(id, [...(tags.get(id) ?? []), name]);
  }
  return tags;
}

function parseContainer(line: string): Container {
  const [, id = '', name = '', image = '', running = '', policy = '', mount = '', parent] =
    line.split(' ');
  if (!HEX.test(id) || parent === undefined) throw unreadable(`container "${line}"`);
  return {
    id,
    name: name === '?' ? id.slice(0, 12) : name,
    image,
    running: running === 'yes',
    policy,
    mount,
    parent: parent.replace(/^sha256:/, ''),
  };
}

function parseSeen(get: Get): Seen | null {
  const [images, containers, volumes] = [
    get('seen_images'),
    get('seen_containers'),
    get('seen_volumes'),
  ];
  if ([images, containers, volumes].some(({ exitCode }) => exitCode !== 0)) return null;
  return { images: lines(images), containers: lines(containers), volumes: lines(volumes) };
}

function parseArchive(line: string): Archive {
  const [, file = '', state = '', held = ''] = line.split(' ');
  const [bytes = ''] = state.split(':');
  if (!/^[A-Za-z0-9_.@:+-]+\.tar$/.test(file)) throw unreadable(`archive "${line}"`);
  return { file, bytes: integer(bytes, 'archive'), state, images: held.split(',') };
}
