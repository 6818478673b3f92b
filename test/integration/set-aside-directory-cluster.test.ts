import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterProblem, startCluster } from '../support/hdfs/cluster.ts';
import { createSaveDirectory, planOf, trial } from '../support/hdfs/fix-lab.ts';

const problem = await clusterProblem();

/** About thirty starts of a JVM each. */
const PATIENCE = { timeout: 240_000 };

describe.skipIf(problem !== null)('set-aside-directory on a real NameNode', PATIENCE, () => {
  const save = createSaveDirectory();
  let cluster: Cluster;
  const done = (...args: string[]): string => {
    const { exitCode, output } = cluster.hdfs(args);
    expect([exitCode, output]).toEqual([0, expect.anything()]);
    return output;
  };
  /** With `count` files, owned by registry. */
  const fill = (directory: string, count: number): void => {
    done('dfs', '-mkdir', '-p', directory);
    const names = Array.from({ length: count }, (_, i) => `${directory}/f${i}`);
    done('dfs', '-touchz', ...names);
    done('dfs', '-chown', 'registry:infra', directory);
  };
  beforeAll(async () => {
    cluster = await startCluster(64);
  });
  afterAll(async () => {
    save.remove();
    await cluster?.close();
  });

  it('lets the owner write again at once, with its ACL, and can be undone as it says', async () => {
    // A name that the client would take for a glob: `_uploads` matches it.
    const uploads = `/infra/reg/_*{a,ploads}[s]? "x y' $(id)`;
    const escaped = String.raw`/infra/reg/_\*\{a,ploads\}\[s\]\? "x y' $(id)`;
    fill(escaped, 64);
    done('dfs', '-chmod', '1775', escaped);
    done('dfs', '-setfacl', '-m', 'user:ci:rwx', escaped);
    const owner = { HADOOP_USER_NAME: 'registry' };
    expect(cluster.hdfs(['dfs', '-touchz', `${escaped}/new`], owner).output).toContain(
      'limit=64 items=64',
    );

    const fix = trial(cluster, { path: uploads, save: save.directory });
    const before = await fix.look();
    const plan = planOf(before);
    expect(plan.identity['inode']).toMatch(/^\d+$/);
    const { codes, said } = await fix.run(plan.steps);
    expect(said).toContain(`made an empty ${uploads}, 1775 registry:infra`);
    expect(codes).toEqual([0, 0]);
    const after = await fix.look();
    expect(fix.verify(before.state, after.state)).toEqual({
      outcome: 'verified',
      reason: `64 entries are set aside, ${uploads} is there again with 0, same owner and mode`,
    });
    expect(done('dfs', '-getfacl', escaped)).toContain('user:ci:rwx');
    expect(cluster.hdfs(['dfs', '-touchz', `${escaped}/new`], owner)).toMatchObject({
      exitCode: 0,
    });
    done('dfs', '-rm', '-skipTrash', `${escaped}/new`);

    const undo = (plan.steps[1]?.undo ?? '').split(' (')[0] ?? '';
    expect(spawnSync('sh', ['-c', undo], { env: cluster.env }).status).toBe(0);
    expect(done('dfs', '-count', escaped)).toMatch(/^ +1 +64 /m);
    expect(done('dfs', '-ls', '-C', '/infra/reg')).not.toContain('_old-');
  });

  it('finds that another directory was put at the path, though it looks the same', async () => {
    const logs = '/infra/reg/logs';
    fill(logs, 40);
    const fix = trial(cluster, { path: logs, save: save.directory, shell: ['busybox', 'sh'] });
    const plan = planOf(await fix.look());
    done('dfs', '-mv', logs, `${logs}2`);
    fill(logs, 40);
    const { codes, said } = await fix.run(plan.steps);
    expect(said).toMatch(/another directory than the one approved \(inode \d+\)/);
    expect(codes).toEqual([0, 65]);
    expect(done('dfs', '-ls', '-C', '/infra/reg')).not.toContain('_old-');
  });
});
