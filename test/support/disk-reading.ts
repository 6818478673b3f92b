import { Params } from '../../src/diagnostics/disk/params.ts';
import type {
  ContainerLog,
  ContainerSample,
  DeletedFile,
  Facts,
  HostFacts,
  MappedFile,
  Mount,
  Reading,
  Walk,
} from '../../src/diagnostics/disk/reading.ts';

/** Readings of `disk` by hand: a healthy host seen by root, each part with its own changes. */

export const GB = 1_000_000_000;
export const MB = 1_000_000;

export const params = (given: Readonly<Record<string, unknown>> = {}): Params =>
  Params.parse(given);

export const host = (changes: Partial<HostFacts> = {}): HostFacts => ({
  uid: 0,
  bootId: 'dba5400d-4215-44f7-b6c6-af54c475ff63',
  bootTime: 1_795_225_170,
  tick: 100,
  dockerGroup: false,
  pid1Visible: true,
  missingTools: [],
  ...changes,
});

export const mount = (changes: Partial<Mount> = {}): Mount => ({
  index: 1,
  device: '8:1',
  kind: 'local',
  type: 'ext4',
  readOnlyMount: false,
  readOnlySuper: false,
  errorsRemount: false,
  fstab: 'rw',
  source: '/dev/sda1',
  root: '/',
  mountpoint: '/srv',
  also: [],
  under: [],
  ...changes,
});

/** 10 GB and 1,000 inodes; what is free is available. */
export const facts = (usedBytes: number, changes: Partial<Facts> = {}): Facts => ({
  sizeBytes: 10 * GB,
  freeBytes: 10 * GB - usedBytes,
  availableBytes: 10 * GB - usedBytes,
  inodes: 1000,
  inodesFree: 900,
  ...changes,
});

export const walk = (changes: Partial<Walk> = {}): Walk => ({
  mount: 1,
  visibleBytes: 9.5 * GB,
  inodes: 100,
  finished: true,
  deniedDirectories: 0,
  elapsedSeconds: 3,
  directories: [],
  files: [],
  crowded: [],
  ...changes,
});

export const deletedFile = (changes: Partial<DeletedFile> = {}): DeletedFile => ({
  disk: '8:1',
  device: '8:1',
  inode: 13,
  lengthBytes: 4 * GB,
  sizeBytes: 4 * GB,
  pid: 297,
  fd: 3,
  flags: 0o102001,
  type: 'ext4',
  startTicks: 397_522,
  descriptors: 1,
  holders: 1,
  pids: [297],
  path: '/srv/app.log',
  process: 'app',
  containerId: null,
  ...changes,
});

/** Deleted files as the probe tells them: named, and summed by disk. */
export const deleted = (...files: readonly DeletedFile[]): Reading['deleted'] => {
  const sums = new Map<string, { count: number; bytes: number }>();
  for (const { disk, sizeBytes } of files) {
    const { count, bytes } = sums.get(disk) ?? { count: 0, bytes: 0 };
    sums.set(disk, { count: count + 1, bytes: bytes + sizeBytes });
  }
  return { scanned: true, sums, files };
};

export const mappedFile = (changes: Partial<MappedFile> = {}): MappedFile => ({
  pid: 300,
  process: 'java',
  device: '8:1',
  inode: 17,
  sizeBytes: 2 * GB,
  path: '/srv/mapped.bin',
  ...changes,
});

export const CONTAINER = 'f03b'.repeat(16);

export const containerLog = (changes: Partial<ContainerLog> = {}): ContainerLog => ({
  id: CONTAINER,
  name: 'shop',
  path: `/srv/docker/containers/${CONTAINER}/${CONTAINER}-json.log`,
  sizeBytes: 2 * GB,
  diskBytes: 2 * GB,
  maxSize: null,
  ...changes,
});

export const containers = (
  logs: readonly ContainerLog[],
  changes: Partial<ContainerSample> = {},
): ContainerSample => ({
  atSeconds: 100,
  unreadable: false,
  root: '/srv/docker',
  mountpoint: '/srv',
  logs,
  running: [],
  ...changes,
});

export const reading = (changes: Partial<Reading> = {}): Reading => ({
  privilege: 'root',
  sudoRefused: null,
  host: host(),
  processes: { total: 9, denied: 0 },
  problem: null,
  asked: null,
  skipped: [],
  mounts: [mount()],
  samples: [{ atSeconds: 100, facts: [facts(5 * GB)] }],
  containers: [],
  deleted: deleted(),
  mapped: [],
  loops: [],
  walks: [],
  cutAt: null,
  ...changes,
});

/** `/srv` with that much of its 10 GB used, walked if a walk is given. */
export const used = (bytes: number, changes: Partial<Reading> = {}): Reading =>
  reading({ samples: [{ atSeconds: 100, facts: [facts(bytes)] }], ...changes });
