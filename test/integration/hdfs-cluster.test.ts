import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterProblem, startCluster } from '../support/hdfs/cluster.ts';
import { lookAtHdfs } from '../support/hdfs/look.ts';
import { createStandIn, type StandIn, type StandInState } from '../support/hdfs/stand-in.ts';

const UPLOADS = '/infra/reg/_uploads';
const problem = await clusterProblem();

/** About thirty starts of a JVM at most. */
const PATIENCE = { timeout: 240_000 };

describe.skipIf(problem !== null)('hdfs on a real NameNode', PATIENCE, () => {
  let cluster: Cluster;
  let standIn: StandIn;
  beforeAll(async () => {
    cluster = await startCluster(64);
    standIn = createStandIn(likeCluster());
    const files = Array.from({ length: 64 }, (_, i) => `${UPLOADS}/f${i + 100}`);
    const done = (...args: string[]): void => {
      expect(cluster.hdfs(args)).toMatchObject({ exitCode: 0 });
    };
    done('dfs', '-mkdir', '-p', UPLOADS, '/infra/reg/closed', '/infra/reg/full');
    done('dfs', '-touchz', ...files);
    done('dfs', '-touch', '-m', '-t', '20170102:101100', `${UPLOADS}/f107`);
    done('dfs', '-chown', '-R', 'registry:infra', '/infra/reg');
    done('dfs', '-chmod', '700', '/infra/reg/closed');
    done('dfsadmin', '-setQuota', '1', '/infra/reg/full');
  });
  afterAll(async () => {
    await cluster?.close();
    await standIn?.close();
  });

  it('refuses one more item in the very words that are recognised', () => {
    const { exitCode, output } = cluster.hdfs(['dfs', '-touchz', `${UPLOADS}/one-more`]);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      `The directory item limit of ${UPLOADS} is exceeded: limit=64 items=64`,
    );
  });

  it('finds the full directory, by the NameNode itself, with the age of its oldest entry', () => {
    const { findings, coverage } = lookAtHdfs(cluster, { path: UPLOADS });
    expect(findings.map(({ title }) => title)).toEqual([
      `\`${UPLOADS}\` is full: 64 items, the limit is 64, 0 B, oldest seen from 2017-01-02`,
    ]);
    expect(findings[0]?.data).toMatchObject({
      items: 64,
      limit: 64,
      limitFrom: 'name-node',
      oldest: '2017-01-02T10:11:00Z',
      sizeBytes: 0,
    });
    expect(coverage.notes).toEqual([]);
  });

  it('finds it from above under busybox, and safe mode and a quota with it', () => {
    cluster.hdfs(['dfsadmin', '-safemode', 'enter']);
    const { findings } = lookAtHdfs(cluster, { path: '/infra/reg' }, { shell: ['busybox', 'sh'] });
    cluster.hdfs(['dfsadmin', '-safemode', 'leave']);
    expect(findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['hdfs.directory-items', UPLOADS],
      ['hdfs.unhealthy', 'safe mode'],
    ]);
  });

  it('says that it may not look, and who may not', () => {
    const { findings } = lookAtHdfs(cluster, { path: '/infra/reg/closed' }, { user: 'ops' });
    expect(findings[0]).toMatchObject({ code: 'hdfs.coverage', status: 'unknown' });
    expect(findings[0]?.title).toContain('HDFS denies ops the right READ_EXECUTE');
  });

  const probe = '/infra/probe';
  /** In this order: each is what probe or fix asks, and what they may be told. */
  const questions: readonly (readonly string[])[] = [
    ['getconf', '-confKey', 'fs.defaultFS'],
    ['getconf', '-confKey', 'no.such.key'],
    ['dfs', '-count', '-q', '-v', UPLOADS],
    ['dfs', '-count', '-u', '-v', '/infra/reg/full'],
    ['dfs', '-count', '/infra/nope'],
    ['dfs', '-stat', '%F|%a|%u|%g|%Y|%n', UPLOADS, '/infra/nope'],
    ['dfs', '-ls', '-d', UPLOADS],
    ['dfs', '-getfacl', UPLOADS],
    ['dfsadmin', '-safemode', 'get'],
    ['crypto', '-listZones'],
    ['lsSnapshottableDir'],
    ['fsck', UPLOADS, '-list-corruptfileblocks'],
    ['dfs', '-touchz', `${UPLOADS}/one-more`],
    ['dfs', '-touchz', '/infra/reg/full/x'],
    ['dfs', '-D', 'fs.permissions.umask-mode=077', '-mkdir', probe],
    ['dfs', '-mkdir', probe],
    ['dfs', '-chown', 'registry:infra', probe],
    ['dfs', '-chmod', '1775', probe],
    ['dfs', '-stat', '%F|%a|%u|%g', probe],
    ['dfs', '-mv', probe, `${probe}_old`],
    ['dfs', '-rmdir', UPLOADS],
    ['dfs', '-rmdir', `${probe}_old`],
  ];

  it('has a stand-in that answers in the same words', () => {
    for (const question of questions) {
      const [real, other] = [cluster, standIn].map((site) =>
        site.hdfs(question, { HADOOP_USER_NAME: 'root' }),
      );
      expect([question, other?.exitCode, shape(other?.output)]).toEqual([
        question,
        real?.exitCode,
        shape(real?.output),
      ]);
    }
  });

  it('says that the NameNode is gone, and asks it no more', async () => {
    await cluster.stopNameNode();
    const { findings } = lookAtHdfs(cluster, { path: UPLOADS });
    expect(findings.map(({ title }) => title)).toEqual([
      `\`${UPLOADS}\` could not be looked at: the NameNode cannot be reached`,
    ]);
  });
});

/** The words, with what differs from one cluster to another taken out. */
function shape(output = ''): string {
  return output
    .replaceAll(/hdfs:\/\/[\w.:-]+/g, 'hdfs://nn')
    .replaceAll(/http:\/\/[\w.:-]+/g, 'http://nn')
    .replaceAll(/\b\d{13}\b/g, 'MTIME')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'WHEN')
    .replaceAll('%2F', '/')
    .trim();
}

/** The same name space as the one of the cluster. */
function likeCluster(): StandInState {
  const root = { owner: 'root', group: 'supergroup', mode: '755', mtime: 1_500_000_000_000 };
  const registry = { ...root, owner: 'registry', group: 'infra' };
  const files = {
    files: 64,
    bytesEach: 0,
    from: '2017-01-02T10:11:00Z',
    to: '2018-01-01T00:00:00Z',
  };
  return {
    superuser: 'root',
    fs: 'hdfs://nn-1:8020',
    limit: 64,
    nodes: {
      '/': root,
      '/infra': root,
      '/infra/reg': registry,
      '/infra/reg/closed': { ...registry, mode: '700' },
      '/infra/reg/full': { ...registry, quota: 1 },
      [UPLOADS]: { ...registry, synthetic: files },
    },
  };
}
