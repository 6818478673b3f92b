import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Cluster, startCluster } from '../../support/hdfs/cluster.ts';
import { hadoopJars } from '../../support/hdfs/jars.ts';
import { registryState } from '../../support/hdfs/stand-in.ts';
import type { LabHost } from './host.ts';
import type { Lab } from './lab.ts';

/** Not in the PATH of a login, as in most installations. */
export const HDFS = '/opt/hadoop/bin/hdfs';
const SUPPORT = join(import.meta.dirname, '../../support/hdfs');

/** A directory of HDFS that holds as many files as it may. */
export interface FullDirectory {
  /** Its parent is there, too, and belongs to the same owner. */
  readonly path: string;
  readonly limit: number;
  readonly bytesEach: number;
  readonly owner: string;
  readonly group: string;
  /** Octal. */
  readonly mode: string;
  /** Modification times of its files. */
  readonly from: string;
  readonly to: string;
}

/**
 * A gateway: its `hdfs` command talks to a real NameNode, which this machine runs with the full directory.
 * Without Java or the jars it is the stand-in, and why is printed.
 */
export async function connectHdfs(
  lab: Lab,
  host: LabHost,
  full: FullDirectory,
): Promise<{ close(): Promise<void> }> {
  const jars = await hadoopJars();
  if ('problem' in jars) {
    console.warn(`${host.name}: a stand-in instead of a real HDFS, ${jars.problem}`);
    installStandIn(host, full);
    return { close: async () => {} };
  }
  const directory = join(lab.directory, 'hdfs');
  const options = { address: host.outside, dataNode: true, directory };
  const share = host.path('/opt/hadoop/share');
  const copied = cp(jars.directory, share, { recursive: true });
  const [cluster] = await Promise.all([startCluster(full.limit, options), copied]);
  try {
    await Promise.all([fill(cluster, full), installClient(host, cluster)]);
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** Over WebHDFS, which starts no JVM for each command. */
async function fill({ web }: Cluster, full: FullDirectory): Promise<void> {
  const { path, owner, group, mode, limit, bytesEach } = full;
  const put = async (at: string, op: string, more: Record<string, string> = {}): Promise<void> => {
    const { body = '', ...params } = more;
    const query = new URLSearchParams({ op, 'user.name': 'root', ...params });
    let answer = await ask(`http://${web}/webhdfs/v1${at}?${query.toString()}`, '');
    // Where a DataNode takes the content.
    if (answer.location !== undefined) answer = await ask(answer.location, body);
    if (answer.status < 300) return;
    throw new Error(`WebHDFS ${op} ${at}: ${answer.status} ${answer.text}`);
  };
  await put(path, 'MKDIRS');
  for (const at of [path.slice(0, path.lastIndexOf('/')), path]) {
    await put(at, 'SETOWNER', { owner, group });
  }
  await put(path, 'SETPERMISSION', { permission: mode });
  const [from, to] = [Date.parse(full.from), Date.parse(full.to)];
  const one = async (n: number): Promise<void> => {
    const file = `${path}/${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    await put(file, 'CREATE', { 'user.name': owner, body: 'x'.repeat(bytesEach) });
    const time = Math.round(from + ((to - from) * n) / limit);
    await put(file, 'SETTIMES', { modificationtime: String(time) });
  };
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = lane; n < limit; n += 8) await one(n);
  });
  await Promise.all(lanes);
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** `fetch` refuses the `100 Continue` of a DataNode. */
function ask(url: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'PUT', timeout: 30_000 }, (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then(
        (said) => resolve({ status, location: headers.location, text: said }),
        reject,
      );
    });
    asked.once('timeout', () => asked.destroy(new Error(`${url}: no answer`)));
    asked.once('error', reject).end(body);
  });
}

/**
 * The client with its configuration. Half of the time it needs goes into loading classes: they are shared in
 * an archive (JEP 350), for which the configuration must be a jar.
 */
async function installClient(host: LabHost, { env }: Cluster): Promise<void> {
  mkdirSync(host.path('/opt/hadoop/bin'));
  mkdirSync(host.path('/etc/hadoop'));
  cpSync(join(SUPPORT, 'client.sh'), host.path('/opt/hadoop/client.sh'));
  const conf = env['HADOOP_CONF_DIR'] ?? '';
  cpSync(conf, host.path('/etc/hadoop/conf'), { recursive: true });
  const made = spawnSync('jar', ['-cf', host.path('/etc/hadoop/conf.jar'), '-C', conf, '.']);
  const where = made.status === 0 ? '/etc/hadoop/conf.jar' : '/etc/hadoop/conf';
  const command = (option: string): string => `#!/bin/sh
export HADOOP_CONF_DIR=${where} HC_HADOOP=/opt/hadoop/share
export HADOOP_CLIENT_OPTS="${option} \${HADOOP_CLIENT_OPTS:--Xmx128m -XX:TieredStopAtLevel=1}"
exec sh /opt/hadoop/client.sh "$@"
`;
  const executable = { mode: 0o755 };
  const archive = '/opt/hadoop/classes.jsa';
  writeFileSync(host.path(HDFS), command(`-XX:ArchiveClassesAtExit=${archive}`), executable);
  if (made.status === 0) {
    const [program = '', ...args] = host.enter;
    const words = [...args, HDFS, 'dfs', '-count', '/'];
    await promisify(execFile)(program, words, { cwd: '/', timeout: 60_000 });
  }
  const option = made.status === 0 ? `-XX:SharedArchiveFile=${archive}` : '';
  writeFileSync(host.path(HDFS), command(option), executable);
}

function installStandIn(host: LabHost, full: FullDirectory): void {
  const { path, limit, bytesEach, owner, group, mode, from, to } = full;
  const at = '/opt/hadoop/stand-in';
  mkdirSync(host.path(at), { recursive: true });
  mkdirSync(host.path('/opt/hadoop/bin'));
  for (const file of readdirSync(SUPPORT).filter((name) => name.endsWith('.mjs'))) {
    cpSync(join(SUPPORT, file), host.path(`${at}/${file}`));
  }
  cpSync(process.execPath, host.path(`${at}/node`));
  const state = registryState(limit);
  const synthetic = { files: limit, bytesEach, from, to };
  const node = { ...state.nodes['/infra'], owner, group, mode, mtime: Date.parse(to), synthetic };
  const nodes = { ...state.nodes, [path]: node };
  const known = { ...state, superuser: 'root', limit, nodes };
  writeFileSync(host.path(`${at}/state.json`), JSON.stringify(known));
  writeFileSync(
    host.path(HDFS),
    `#!/bin/sh\nHDFS_STATE=${at}/state.json exec ${at}/node ${at}/stand-in.mjs "$@"\n`,
    { mode: 0o755 },
  );
}
