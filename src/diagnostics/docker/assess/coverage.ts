import type { Coverage, Finding, NextStep } from '../../../core/finding.ts';
import type { Params } from '../params.ts';
import type { Reading } from '../reading.ts';
import { isInstalled } from './daemon-down.ts';
import { quote } from './words.ts';

const DATA_KNOWN = [
  'overlay2',
  'fuse-overlayfs',
  'overlay',
  'vfs',
  'aufs',
  'btrfs',
  'devicemapper',
];

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  const { sudoRefused, host, cutAt, privilege, kernel } = reading;
  return {
    privilege,
    notes: [
      ...(sudoRefused === null ? [] : [`sudo was refused: ${sudoRefused}`]),
      ...(host.dockerGroup
        ? [
            'this account is in the group docker, which is as good as root; it is used only to ask the daemon how it is',
          ]
        : []),
      ...(host.missingTools.length > 0 ? [`the host lacks ${host.missingTools.join(', ')}`] : []),
      ...(kernel.denied.length > 0 ? [`${kernel.denied.join(', ')} unreadable`] : []),
      ...unasked(reading),
      ...(cutAt === null ? [] : [`The probe did not finish: ${cutAt}`]),
    ],
  };
}

function unasked({ daemon, answers, socket }: Reading): readonly string[] {
  if (daemon === null || answers.some((answer) => answer.status !== null)) return [];
  if (answers.length > 0) return ['neither curl nor docker is there to ask the daemon'];
  if (socket.path === null) return ['the daemon listens on no local socket and was not asked'];
  return socket.writable || socket.listening === 0
    ? []
    : ['its socket is closed to this account, so the daemon was not asked whether it answers'];
}

interface Blindness {
  readonly what: string;
  readonly title: string;
  readonly seen: number;
  readonly total: number;
  readonly remedy: string;
  readonly next?: readonly NextStep[];
}

const ROOT_REMEDY = 'Run as root or allow sudo for this host.';

/** Could not look, and it matters: then the answer is "unknown" and never "fine". */
export function coverageFindings(reading: Reading, params: Params): Finding[] {
  const notes = coverage(reading).notes;
  return blindSpots(reading, params).map(({ what, title, seen, total, remedy, next }) => ({
    code: 'docker.coverage',
    status: 'unknown',
    subject: reading.root.path,
    title,
    detail: [...notes, remedy].join('\n'),
    data: { privilege: reading.privilege, seen, total, what },
    evidence: [],
    fixes: [],
    next: next ?? [],
  }));
}

function blindSpots(reading: Reading, params: Params): Blindness[] {
  const { daemon, host, cutAt } = reading;
  const spots: Blindness[] = [];
  const none = (what: string, title: string, remedy: string): void => {
    spots.push({ what, title, seen: 0, total: 1, remedy });
  };
  if (cutAt !== null) none('probe', `The probe did not finish: ${cutAt}`, 'Look again.');
  if (daemon === null && !host.pid1Visible && reading.privilege === 'none') {
    const title =
      'Whether a docker daemon runs is not known: processes of other users are hidden (hidepid)';
    none('daemon', title, ROOT_REMEDY);
  } else if (daemon === null && !isInstalled(reading)) {
    const remedy = 'Nothing of docker was found: no daemon, no program, no data root.';
    none('docker', 'Docker is not installed on this host', remedy);
    return spots;
  }
  if (daemon !== null && reading.answers.every((answer) => answer.status === null)) {
    const [why] = unasked(reading);
    if (why !== undefined && reading.privilege !== 'none') {
      none('daemon', `Whether the docker daemon answers is not known: ${why}`, 'Install curl.');
    }
  }
  return [...spots, ...storeSpots(reading, params)];
}

function storeSpots(reading: Reading, params: Params): Blindness[] {
  const { root, store } = reading;
  const closed = rootProblem(reading, params);
  if (closed !== null) {
    return [{ what: 'layer store', title: closed[0], seen: 0, total: 1, remedy: closed[1] }];
  }
  if (store === null) return [];
  const spots: Blindness[] = [];
  const where = quote(root.path);
  const unseen = (title: string, remedy: string, parts = [0, 1]): void => {
    const [seen = 0, total = 1] = parts;
    spots.push({ what: 'layer store', title, seen, total, remedy });
  };
  if (store.snapshotter) {
    unseen(
      `Images of ${where} are kept by containerd, which is not looked at`,
      'Ask containerd itself: `ctr -n moby images check`.',
    );
  } else if (store.driver === null) {
    unseen(`No image store was found in ${where}`, 'Name the data root with root=….');
  } else if (store.partial) {
    unseen(`The image store of ${where} was seen in part only`, ROOT_REMEDY);
  } else if (!DATA_KNOWN.includes(store.driver)) {
    unseen(
      `The data of layers cannot be looked at with the storage driver ${store.driver}`,
      'Its metadata were looked at.',
    );
  }
  if (store.tooMany.length > 0) {
    unseen(
      `The image store of ${where} is larger than is looked at: ${store.tooMany.join(', ')}`,
      'The first ones were looked at.',
    );
  }
  if (store.images.some((image) => image.sum === null && image.sizeBytes > 0)) {
    unseen(
      `The digests of image configurations in ${where} were not computed`,
      'The host needs sha256sum.',
    );
  }
  return [...spots, ...contentSpot(reading, params)];
}

function contentSpot({ store, root }: Reading, params: Params): Blindness[] {
  const content = store?.content ?? null;
  if (content === null || content.done >= content.total) return [];
  const seconds = Math.min(900, params.timeBudgetSeconds * 10);
  return [
    {
      what: 'content of layers',
      title: `The files of ${content.done} of ${content.total} layers in ${quote(root.path)} were compared with what docker wrote down`,
      seen: content.done,
      total: content.total,
      remedy: `The time for it was over. Newest layers come first; look at all with timeBudgetSeconds=${seconds}.`,
      next: [{ diagnostic: 'docker', params: { ...params, timeBudgetSeconds: seconds } }],
    },
  ];
}

function rootProblem(
  { root, privilege, daemon }: Reading,
  params: Params,
): readonly [title: string, remedy: string] | null {
  const where = quote(root.path);
  switch (root.problem) {
    case 'denied':
      return [
        `The image store in ${where} cannot be read without root: whether images are damaged is not known`,
        privilege === 'none' ? ROOT_REMEDY : 'Not even root may read it: what mounts it?',
      ];
    case 'hazard':
      return [
        `${where} is on ${root.type} (${quote(root.mountpoint)}), which is never touched: a network or foreign file system may hang`,
        'Look at it on the host that has it.',
      ];
    case 'graph':
      return [
        `The image store in ${where} has the form of docker 1.9 and older, which is not looked at`,
        'Upgrade docker.',
      ];
    case 'missing':
      // A daemon that was never started has none.
      return params.root === undefined && daemon === null
        ? null
        : [`${where} does not exist on this host`, 'Name the data root with root=….'];
    case 'empty':
      return daemon === null && params.root === undefined
        ? null
        : [`No image store was found in ${where}`, 'Name the data root with root=….'];
    case null:
      return null;
  }
}
