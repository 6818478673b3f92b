import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hadoopJars } from './jars.ts';

/** What every test of HDFS runs commands with: a real cluster, or the stand-in. */
export interface HdfsSite {
  /** For the probe's environment: PATH with `hdfs` in it, and what that needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `hdfs …` and returns what it printed, without the client's remark about native code. */
  hdfs(args: readonly string[], env?: Readonly<Record<string, string>>): HdfsResult;
  close(): Promise<void>;
}

export interface HdfsResult {
  readonly exitCode: number | null;
  readonly output: string;
}

export interface Cluster extends HdfsSite {
  readonly directory: string;
  /** Starts the NameNode that was ended, or was not started yet. */
  startNameNode(): Promise<void>;
  stopNameNode(): Promise<void>;
  startDataNode(): Promise<void>;
  stopDataNode(): Promise<void>;
  /** The configuration that clients read, replaced in part. */
  configure(properties: Readonly<Record<string, string>>): void;
}

/** Why there can be no cluster here, printed; null: there can. Downloads what it needs, once. */
export async function clusterProblem(): Promise<string | null> {
  const jars = await hadoopJars();
  if ('directory' in jars) return null;
  console.warn(`real HDFS: skipped, ${jars.problem}`);
  return jars.problem;
}

type Daemon = 'namenode.NameNode' | 'datanode.DataNode';

/** Small and quick to start; the last two: WebHDFS on Java 17. */
const JVM = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '--add-opens',
  'java.base/java.lang=ALL-UNNAMED',
];
const SYSTEM_PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A NameNode of its own on free ports, with `limit` items per directory at most. */
export async function startCluster(limit: number): Promise<Cluster> {
  const jars = await hadoopJars();
  if ('problem' in jars) throw new Error(jars.problem);
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-hdfs-'));
  const [rpc, web] = [await freePort(), await freePort()];
  const properties: Record<string, string> = {
    'fs.defaultFS': `hdfs://127.0.0.1:${rpc}`,
    'hadoop.tmp.dir': path.join(directory, 'data'),
    'dfs.namenode.http-address': `127.0.0.1:${web}`,
    'dfs.namenode.fs-limits.max-directory-items': String(limit),
    'dfs.namenode.safemode.extension': '0',
    'dfs.namenode.acls.enabled': 'true',
    'dfs.replication': '1',
    'dfs.blocksize': '1048576',
    'dfs.heartbeat.interval': '1',
    'dfs.namenode.heartbeat.recheck-interval': '1000',
    'dfs.datanode.address': '127.0.0.1:0',
    'dfs.datanode.http.address': '127.0.0.1:0',
    'dfs.datanode.ipc.address': '127.0.0.1:0',
    // A NameNode that is down is retried for ten seconds by default.
    'ipc.client.connect.max.retries': '1',
  };
  const conf = path.join(directory, 'conf');
  const bin = path.join(directory, 'bin');
  for (const made of [conf, bin]) mkdirSync(made);
  symlinkSync(path.join(import.meta.dirname, 'client.sh'), path.join(bin, 'hdfs'));
  writeFileSync(path.join(conf, 'log4j.properties'), LOG4J);
  const configure = (changed: Readonly<Record<string, string>>): void => {
    const xml = Object.entries({ ...properties, ...changed }).map(
      ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
    );
    for (const file of ['core-site.xml', 'hdfs-site.xml']) {
      writeFileSync(path.join(conf, file), `<configuration>${xml.join('\n')}</configuration>`);
    }
  };
  configure({});
  const env = {
    PATH: `${bin}:${SYSTEM_PATH}`,
    HADOOP_CONF_DIR: conf,
    HC_HADOOP: jars.directory,
    HADOOP_CLIENT_OPTS: '-Xmx128m -XX:TieredStopAtLevel=1 -XX:-UsePerfData',
    LANG: 'C.UTF-8',
  };
  const java = (kind: Daemon, ...args: string[]): string[] => {
    const place = ['-cp', `${conf}:${jars.directory}/*`];
    return [...JVM, ...place, `org.apache.hadoop.hdfs.server.${kind}`, ...args];
  };
  spawnSync('java', java('namenode.NameNode', '-format', '-nonInteractive'), { env });
  const daemons = new Map<string, ChildProcess>();
  const start = async (kind: Daemon, ready: RegExp): Promise<void> => {
    const log = path.join(directory, `${kind}-${Date.now()}.log`);
    const output = openSync(log, 'w');
    const child = spawn('java', java(kind), { env, stdio: ['ignore', output, output] });
    closeSync(output);
    daemons.set(kind, child);
    const deadline = Date.now() + 60_000;
    while (!ready.test(readFileSync(log, 'utf8'))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${kind}: ${readFileSync(log, 'utf8').slice(-2000)}`);
      }
      await pause(100);
    }
  };
  const stop = async (kind: string): Promise<void> => {
    const child = daemons.get(kind);
    daemons.delete(kind);
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const cluster: Cluster = {
    directory,
    env,
    configure,
    hdfs: (args, more = {}) => runHdfs(args, { ...env, ...more }),
    startNameNode: () =>
      start(
        'namenode.NameNode',
        /Starting CacheReplicationMonitor|Reprocessing replication and invalidation queues completed|NameNode RPC up at[\s\S]*Starting services required for active state/,
      ),
    stopNameNode: () => stop('namenode.NameNode'),
    startDataNode: () => start('datanode.DataNode', /Successfully sent block report/),
    stopDataNode: () => stop('datanode.DataNode'),
    async close() {
      for (const kind of daemons.keys()) await stop(kind);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await cluster.startNameNode();
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

export function runHdfs(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): HdfsResult {
  const done = spawnSync('hdfs', [...args], { env, encoding: 'utf8', timeout: 60_000 });
  const lines = `${done.stderr}${done.stdout}`.split('\n');
  return {
    exitCode: done.status,
    output: lines.filter((line) => !line.includes('NativeCodeLoader')).join('\n'),
  };
}

/** As Hadoop has it for clients: to standard error. */
const LOG4J = `log4j.rootLogger=INFO,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{yy/MM/dd HH:mm:ss} %p %c{2}: %m%n
`;

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
