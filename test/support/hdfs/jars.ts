import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const HADOOP = '3.3.6';

/** Everything a NameNode, a DataNode and their clients need, with the SHA-256 of each. */
const JARS: Readonly<Record<string, string>> = {
  [`org/apache/hadoop/hadoop-client-api/${HADOOP}`]:
    'f3d2347a6e1c6885d5bcfd4f60c3ac3810ec11068fc161e04329baabf412d963',
  [`org/apache/hadoop/hadoop-client-runtime/${HADOOP}`]:
    '15f01bc804294df06d2effc87de363a83cf589f50558bdbf48f72541ad8de854',
  [`org/apache/hadoop/hadoop-client-minicluster/${HADOOP}`]:
    'd646aee592187c5c360bc66f5710d242f16b04e9ad6dadbebd85283677c7687e',
  'commons-logging/commons-logging/1.2':
    'daddea1ea0be0f56978ab3006b8ac92834afeefbd9b7e4e6316fca57df0fa636',
  'org/slf4j/slf4j-api/1.7.36': 'd3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0',
  'org/slf4j/slf4j-reload4j/1.7.36':
    'ae6fdd5c9547896114d5ec7fa7503733b7d2890573d3886fb548b3119c4d3f67',
  'ch/qos/reload4j/reload4j/1.2.22':
    '222f90d3e69541218ef6e70547749d693bd4c1846817e5bd7949b3e28950f99f',
  // WebHDFS on Java 11 and later.
  'javax/xml/bind/jaxb-api/2.3.1':
    '88b955a0df57880a26a74708bc34f74dcaf8ebf4e78843a28b50eae945732b06',
  'javax/activation/javax.activation-api/1.2.0':
    '43fdef0b5b6ceb31b0424b208b930c74ab58fac2ceeb7b3f6fd3aeb8b5ca4393',
};

/** `HOUSECALL_HADOOP_CACHE`: where the jars are kept, 90 MB, downloaded once. */
const CACHE =
  process.env['HOUSECALL_HADOOP_CACHE'] ??
  path.join(homedir(), '.cache/housecall', `hadoop-${HADOOP}`);

/** The directory with all jars, or in words why there is none. */
export async function hadoopJars(): Promise<{ directory: string } | { problem: string }> {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (java.status !== 0) return { problem: 'there is no java' };
  mkdirSync(CACHE, { recursive: true });
  for (const [coordinates, sha256] of Object.entries(JARS)) {
    const problem = await provide(coordinates, sha256);
    if (problem !== null) return { problem };
  }
  return { directory: CACHE };
}

async function provide(coordinates: string, sha256: string): Promise<string | null> {
  const [version = '', artifact = ''] = coordinates.split('/').toReversed();
  const name = `${artifact}-${version}.jar`;
  const target = path.join(CACHE, name);
  if (existsSync(target) && digest(target) === sha256) return null;
  const partial = `${target}.${process.pid}.partial`;
  const problem = await download(`${coordinates}/${name}`, partial);
  if (problem !== null) return `${name}: ${problem}`;
  const got = digest(partial);
  if (got !== sha256) return `${name}: SHA-256 is ${got}, not ${sha256}`;
  renameSync(partial, target);
  return null;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** From Maven Central, or the mirror of this machine's Maven settings; curl knows proxies, which fetch does not. */
async function download(what: string, target: string): Promise<string | null> {
  const url = `${repository()}/${what}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (!answer.ok) return `${url}: ${answer.status}`;
    writeFileSync(target, Buffer.from(await answer.arrayBuffer()));
    return null;
  } catch (error) {
    const curl = spawnSync('curl', ['-fsSL', '-m', '120', '-o', target, url], { encoding: 'utf8' });
    if (curl.status === 0) return null;
    const reason = error instanceof Error ? error.message : 'fetch failed';
    return `${url}: ${reason}`;
  }
}

function repository(): string {
  const settings = path.join(homedir(), '.m2/settings.xml');
  const text = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  const [, mirror] = /<mirror>[\s\S]*?<url>\s*(https?:[^<\s]+?)\/?\s*<\/url>/.exec(text) ?? [];
  return mirror ?? 'https://repo.maven.apache.org/maven2';
}
