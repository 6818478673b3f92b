import type { HostDirectory } from '../../../../src/core/approval/host-directory.ts';
import type { Plan } from '../../../../src/core/plan.ts';
import { plan } from '../../../../src/fixes/quarantine-image/plan.ts';
import type {
  Container,
  Image,
  Layer,
  State,
  Store,
} from '../../../../src/fixes/quarantine-image/state.ts';

export const id = (letter: string): string => letter.repeat(64);
export const [BASE, MIDDLE, TOP, OTHER] = [id('a'), id('b'), id('c'), id('d')];
export const [APP, BASED, HEALTHY] = [id('1'), id('2'), id('3')];

export const layer = (name: string, parent: string, more: Partial<Layer> = {}): Layer => ({
  id: name,
  diff: `sha256:${id('e')}`,
  cacheId: 'cache',
  parent: parent === '-' ? '-' : `sha256:${parent}`,
  size: '10',
  named: true,
  tarSplit: '+',
  state: `${name}|/diff:1:2:3,/link:26:5:6,/lower:28:7:8,`,
  ...more,
});
export const image = (
  name: string,
  chain: readonly string[] | null,
  more: Partial<Image> = {},
): Image => ({
  id: name,
  sum: 'ok',
  metadata: true,
  state: `state ${name}`,
  chain,
  tags: [],
  ...more,
});
export const container = (name: string, more: Partial<Container> = {}): Container => ({
  id: id('9'),
  name,
  image: HEALTHY,
  running: false,
  policy: 'no',
  mount: 'm1',
  parent: OTHER,
  ...more,
});
/** `app` on three layers, `based` on the lowest, `healthy` on one of its own. */
export function store(
  ill: Partial<Record<string, Partial<Layer>>> = {},
  more: Partial<Store> = {},
): Store {
  const one = (name: string, parent: string): Layer => layer(name, parent, ill[name] ?? {});
  return {
    root: '/var/lib/docker',
    place: '1:2',
    driver: 'overlay2',
    oneFileSystem: true,
    freeBytes: 16 * 2 ** 20,
    freeInodes: 64,
    readOnly: false,
    layers: [one(BASE, '-'), one(MIDDLE, BASE), one(TOP, MIDDLE), one(OTHER, '-')],
    links: [],
    images: [
      image(APP, [BASE, MIDDLE, TOP], { tags: ['app:1'] }),
      image(BASED, [BASE]),
      image(HEALTHY, [OTHER], { tags: ['ok:1'] }),
    ],
    containers: [],
    mounted: [],
    volumes: ['v'],
    seen: { images: [APP, BASED, HEALTHY], containers: [], volumes: ['v'] },
    content: {},
    archives: [],
    ...more,
  };
}
export const PLACE = {
  kind: 'ready',
  path: '/var/tmp/housecall',
  device: '8:1',
  fileSystem: { type: 'ef53', blockSize: 4096, blocks: 10, freeBlocks: 10, inodes: 10 },
  availableBytes: 1_048_576,
} as const satisfies HostDirectory;
export const state = (of: Store | null, more: Partial<State> = {}): State => ({
  bootId: 'b',
  uid: 0,
  store: of,
  daemon: { pid: '7', startTime: '8', answers: true, liveRestore: false },
  manager: { kind: 'systemd', unit: 'docker.service', exact: true, socket: true },
  busy: [],
  missing: [],
  saveDirectory: PLACE,
  runDirectory: { ...PLACE, path: '/run/housecall' },
  ...more,
});
export const CONTEXT = { fix: 'f1', host: 'h', saveDirectory: '/var/tmp/housecall', nonce: 'n' };
export const LAYER = { layer: `sha256:${MIDDLE}` };
export const ILL = { [MIDDLE]: { diff: '!' } };
export const planned = (of: State, params = LAYER): Plan => {
  const made = plan(of, params, CONTEXT);
  if (typeof made === 'string') throw new Error(made);
  return made;
};
