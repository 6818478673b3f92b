import { spawn, spawnSync } from 'node:child_process';
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
  /** `host:port` of the NameNode's web server. */
  readonly web: string;
  stopNameNode(): Promise<void>;
}

export interface ClusterOptions {
  /** Of this machine, where clients reach it. Default: 127.0.0.1. */
  readonly address?: string;
  /** Also a DataNode, so that files may hold something. Default: false. */
  readonly dataNode?: boolean;
  /** Where it keeps everything; must not be there yet. Default: a temporary one. */
  readonly directory?: string;
}

/** Why there can be no cluster here, printed; null: there can. Downloads what it needs, once. */
export async function clusterProblem(): Promise<string | null> {
  const jars = await hadoopJars();
  if ('directory' in jars) return null;
  console.warn(`real HDFS: skipped, ${jars.problem}`);
  return jars.problem;
}

/** Small and quick to start; the last two: WebHDFS on Java 17. */
const JVM = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '--add-opens',
  'java.base/java.lang=ALL-UNNAMED',
];

/** A NameNode of its own on free ports, with `limit` items per directory at most. */
export async function startCluster(limit: number, options: ClusterOptions = {}): Promise<Cluster> {
  const { address = '127.0.0.1', dataNode = false } = options;
  const jars = await hadoopJars();
  if ('problem' in jars) throw new Error(jars.problem);
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), 'housecall-hdfs-'));
  const conf = path.join(directory, 'conf');
  const bin = path.join(directory, 'bin');
  for (const made of [conf, bin]) mkdirSync(made, { recursive: true });
  symlinkSync(path.join(import.meta.dirname, 'client.sh'), path.join(bin, 'hdfs'));
  const web = `${address}:${await freePort(address)}`;
  await configure(conf, { limit, data: path.join(directory, 'data'), address, web });
  const env = {
    PATH: `${bin}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HADOOP_CONF_DIR: conf,
    HC_HADOOP: jars.directory,
    HADOOP_CLIENT_OPTS: '-Xmx128m -XX:TieredStopAtLevel=1 -XX:-UsePerfData',
    LANG: 'C.UTF-8',
  };
  const java = [...JVM, '-cp', `${conf}:${jars.directory}/*`];
  const nameNode = [...java, 'org.apache.hadoop.hdfs.server.namenode.NameNode'];
  spawnSync('java', [...nameNode, '-format', '-nonInteractive'], { env });
  const daemons: Daemon[] = [];
  const close = async (): Promise<void> => {
    for (const one of daemons.toReversed()) await one.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const start = (words: readonly string[]): Daemon => {
    const log = path.join(directory, `log-${daemons.length}`);
    const one = startDaemon(words, { env, log });
    daemons.push(one);
    return one;
  };
  try {
    const running = start(nameNode);
    const storing = dataNode ? start([...java, ...DATA_NODE]) : null;
    // Once it is active and out of safe mode, it looks after its cache.
    await running.says('CacheReplicationMonitor');
    await storing?.says('Successfully sent block report');
    return {
      env,
      web,
      hdfs: (args, more = {}) => runHdfs(args, { ...env, ...more }),
      stopNameNode: () => running.stop(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** It starts side by side with the NameNode, and must wait for it. */
const DATA_NODE = [
  'org.apache.hadoop.hdfs.server.datanode.DataNode',
  '-Dipc.client.connect.max.retries=300',
  '-Dipc.client.connect.retry.interval=200',
];

interface Daemon {
  /** Returns when it has said that. */
  says(words: string): Promise<void>;
  stop(): Promise<void>;
}

function startDaemon(
  java: readonly string[],
  { env, log }: { readonly env: Readonly<Record<string, string>>; readonly log: string },
): Daemon {
  const output = openSync(log, 'w');
  // It ends with us, even when we are killed.
  const words = ['--pdeathsig', 'KILL', 'java', ...java];
  const child = spawn('setpriv', words, { env, stdio: ['ignore', output, output] });
  closeSync(output);
  return {
    async says(wanted) {
      for (let tries = 0; !readFileSync(log, 'utf8').includes(wanted); tries++) {
        if (child.exitCode !== null || tries > 600) {
          throw new Error(`${log}: ${readFileSync(log, 'utf8').slice(-2000)}`);
        }
        await pause(100);
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function configure(
  conf: string,
  about: {
    readonly limit: number;
    readonly data: string;
    readonly address: string;
    readonly web: string;
  },
): Promise<void> {
  const { limit, data, address, web } = about;
  const properties = {
    'fs.defaultFS': `hdfs://${address}:${await freePort(address)}`,
    'hadoop.tmp.dir': data,
    'dfs.namenode.http-address': web,
    'dfs.namenode.fs-limits.max-directory-items': String(limit),
    'dfs.replication': '1',
    'dfs.datanode.hostname': address,
    'dfs.datanode.address': `${address}:0`,
    'dfs.datanode.http.address': `${address}:0`,
    'dfs.datanode.ipc.address': `${address}:0`,
    // Addresses here have no names.
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
    // A NameNode that is down is retried for ten seconds by default.
    'ipc.client.connect.max.retries': '1',
  };
  const xml = Object.entries(properties).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  );
  for (const file of ['core-site.xml', 'hdfs-site.xml']) {
    writeFileSync(path.join(conf, file), `<configuration>${xml.join('\n')}</configuration>`);
  }
  writeFileSync(path.join(conf, 'log4j.properties'), LOG4J);
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

async function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : 0));
    });
  });
}
