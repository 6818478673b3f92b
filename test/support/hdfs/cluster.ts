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
  stopNameNode(): Promise<void>;
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

/** A NameNode of its own on free ports, with `limit` items per directory at most. No DataNode: files are empty. */
export async function startCluster(limit: number): Promise<Cluster> {
  const jars = await hadoopJars();
  if ('problem' in jars) throw new Error(jars.problem);
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-hdfs-'));
  const conf = path.join(directory, 'conf');
  const bin = path.join(directory, 'bin');
  for (const made of [conf, bin]) mkdirSync(made);
  symlinkSync(path.join(import.meta.dirname, 'client.sh'), path.join(bin, 'hdfs'));
  await configure(conf, { limit, data: path.join(directory, 'data') });
  const env = {
    PATH: `${bin}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HADOOP_CONF_DIR: conf,
    HC_HADOOP: jars.directory,
    HADOOP_CLIENT_OPTS: '-Xmx128m -XX:TieredStopAtLevel=1 -XX:-UsePerfData',
    LANG: 'C.UTF-8',
  };
  const command = [
    'java',
    ...JVM,
    '-cp',
    `${conf}:${jars.directory}/*`,
    'org.apache.hadoop.hdfs.server.namenode.NameNode',
  ];
  spawnSync('java', [...command.slice(1), '-format', '-nonInteractive'], { env });
  const log = path.join(directory, 'log');
  const output = openSync(log, 'w');
  // It ends with us, even when we are killed.
  const words = ['--pdeathsig', 'KILL', ...command];
  const child = spawn('setpriv', words, { env, stdio: ['ignore', output, output] });
  closeSync(output);
  const stopNameNode = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const close = async (): Promise<void> => {
    await stopNameNode();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(child, log);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    env,
    hdfs: (args, more = {}) => runHdfs(args, { ...env, ...more }),
    stopNameNode,
    close,
  };
}

/** Once it is active and out of safe mode, it looks after its cache. */
async function ready(child: ChildProcess, log: string): Promise<void> {
  for (let tries = 0; !readFileSync(log, 'utf8').includes('CacheReplicationMonitor'); tries++) {
    if (child.exitCode !== null || tries > 600) {
      throw new Error(`NameNode: ${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await pause(100);
  }
}

async function configure(
  conf: string,
  { limit, data }: { readonly limit: number; readonly data: string },
): Promise<void> {
  const properties = {
    'fs.defaultFS': `hdfs://127.0.0.1:${await freePort()}`,
    'hadoop.tmp.dir': data,
    'dfs.namenode.http-address': `127.0.0.1:${await freePort()}`,
    'dfs.namenode.fs-limits.max-directory-items': String(limit),
    'dfs.replication': '1',
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
