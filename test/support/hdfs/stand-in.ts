import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HdfsSite, runHdfs } from './cluster.ts';

/** A directory or file of the stand-in. */
export interface StandInNode {
  readonly kind?: 'file';
  readonly owner: string;
  readonly group: string;
  /** Octal. */
  readonly mode: string;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly inode?: number;
  readonly quota?: number;
  readonly spaceQuota?: number;
  readonly acl?: readonly string[];
  /** True: with snapshots. */
  readonly snapshottable?: boolean;
  /** Files that are only a number. */
  readonly synthetic?: {
    readonly files: number;
    readonly bytesEach: number;
    readonly from: string;
    readonly to: string;
  };
}

export interface StandInState {
  readonly superuser: string;
  readonly fs: string;
  readonly limit: number;
  readonly clientLimit?: number;
  readonly replication?: number;
  readonly safeMode?: boolean;
  /** Before Hadoop 3.3: reads all names before it prints one. */
  readonly oldClient?: boolean;
  readonly zones?: readonly string[];
  /** Of whoever is no superuser. */
  readonly groups?: readonly string[];
  /** What a JVM says that takes no -Xmx. */
  readonly refuseOptions?: string;
  readonly fail?: readonly {
    readonly when: string;
    readonly says?: string;
    readonly exitCode?: number;
    readonly seconds?: number;
    /** The command is done, and then fails: its answer is lost. */
    readonly after?: boolean;
    /** Somebody else makes this at that moment. */
    readonly also?: { readonly path: string; readonly node: StandInNode };
  }[];
  readonly nodes: Readonly<Record<string, StandInNode>>;
}

export interface StandIn extends HdfsSite {
  state(): StandInState;
  change(change: (state: StandInState) => StandInState): void;
}

export function createStandIn(state: StandInState): StandIn {
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-stand-in-'));
  const file = path.join(directory, 'state.json');
  const bin = path.join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(path.join(import.meta.dirname, 'stand-in.mjs'), path.join(bin, 'hdfs'));
  const node = path.dirname(process.execPath);
  const env = {
    PATH: `${bin}:${node}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HDFS_STATE: file,
    LANG: 'C.UTF-8',
  };
  const read = (): StandInState => JSON.parse(readFileSync(file, 'utf8')) as StandInState;
  const write = (next: StandInState): void => writeFileSync(file, JSON.stringify(next));
  write(state);
  return {
    env,
    state: read,
    change: (change) => write(change(read())),
    hdfs: (args, more = {}) => runHdfs(args, { ...env, ...more }),
    async close() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const MTIME = Date.parse('2018-05-30T14:03:00Z');

/** The founding incident: a registry's uploads of 18 months, one million of them, 1.9 PB. */
export function registryState(files = 1_048_576): StandInState {
  const registry = { owner: 'registry', group: 'infra', mode: '755', mtime: MTIME };
  const root = { owner: 'hdfs', group: 'supergroup', mode: '755', mtime: MTIME };
  return {
    superuser: 'hdfs',
    fs: 'hdfs://nn-1:8020',
    limit: 1_048_576,
    replication: 3,
    nodes: {
      '/': { ...root, inode: 16_385 },
      '/infra': { ...root, inode: 16_386 },
      '/infra/dockerRegistry': { ...registry, inode: 16_387, quota: 10_000_000 },
      '/infra/dockerRegistry/_uploads': {
        ...registry,
        inode: 16_388,
        synthetic: {
          files,
          bytesEach: 1_825_361_100,
          from: '2017-01-01T00:00:00Z',
          to: '2018-05-30T14:03:00Z',
        },
      },
      '/infra/dockerRegistry/repositories': { ...registry, inode: 16_389 },
    },
  };
}
