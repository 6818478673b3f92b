import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSaveDirectory, planOf, trial } from '../support/hdfs/fix-lab.ts';
import {
  createStandIn,
  registryState,
  type StandIn,
  type StandInState,
} from '../support/hdfs/stand-in.ts';

const UPLOADS = '/infra/dockerRegistry/_uploads';

/** With the stand-in: what the real client does stands in set-aside-directory-cluster.test.ts. */
describe('set-aside-directory', () => {
  const save = createSaveDirectory();
  let site: StandIn;
  beforeAll(() => {
    site = createStandIn(registryState());
  });
  afterEach(() => site.change(() => registryState()));
  afterAll(async () => {
    save.remove();
    await site.close();
  });

  const change = (part: Partial<StandInState>): void =>
    site.change((state) => ({ ...state, ...part }));
  const node = (path: string, part: object): void =>
    site.change((state) => ({
      ...state,
      nodes: { ...state.nodes, [path]: { ...state.nodes[UPLOADS], ...part } as never },
    }));

  describe.each([
    ['dash', ['dash']],
    ['busybox', ['busybox', 'sh']],
  ] as const)('under %s', (_name, shell) => {
    it('sets the full directory aside and makes an empty one with the same owner and mode', async () => {
      node(UPLOADS, {
        mode: '1775',
        acl: ['user::rwx', 'user:ci:rwx', 'group::r-x', 'mask::rwx', 'other::r-x'],
      });
      const fix = trial(site, { path: UPLOADS, save: save.directory, user: 'hdfs', shell });
      const before = await fix.look();
      expect(fix.describe(before.state)).toBe(
        '1,048,576 entries in it and below, mode 1775, owner registry:infra',
      );
      const { codes, said } = await fix.run(planOf(before).steps);
      expect(said).toContain(`made an empty ${UPLOADS}, 1775 registry:infra`);
      expect(codes).toEqual([0, 0]);
      const after = await fix.look();
      expect(fix.verify(before.state, after.state)).toEqual({
        outcome: 'verified',
        reason: `1,048,576 entries are set aside, ${UPLOADS} is there again with 0, same owner and mode`,
      });
      const { nodes } = site.state();
      expect(nodes[fix.aside]?.synthetic?.files).toBe(1_048_576);
      expect(nodes[UPLOADS]).toMatchObject({
        owner: 'registry',
        group: 'infra',
        mode: '1775',
        acl: expect.arrayContaining(['user:ci:rwx']),
      });
      expect(after.plan).toContain('exists already');
    });

    it('runs once only', async () => {
      const fix = trial(site, { path: UPLOADS, save: save.directory, user: 'hdfs', shell });
      const plan = planOf(await fix.look());
      expect((await fix.run(plan.steps)).codes).toEqual([0, 0]);
      expect((await fix.run(plan.steps)).codes).toEqual([75]);
      expect((await fix.run(plan.steps.slice(1))).codes).toEqual([75]);
    });
  });

  it('is undone by the very commands that it names', async () => {
    const fix = trial(site, { path: UPLOADS, save: save.directory, user: 'hdfs' });
    const plan = planOf(await fix.look());
    await fix.run(plan.steps);
    const [commands = ''] = (plan.steps[1]?.undo ?? '').split(' (');
    const [first = '', second = ''] = commands.split(' && ');
    const user = { HADOOP_USER_NAME: 'hdfs' };
    for (const command of [first, second]) {
      expect(site.hdfs(command.split(' ').slice(1), user)).toMatchObject({ exitCode: 0 });
    }
    expect(Object.keys(site.state().nodes).toSorted()).toEqual(
      Object.keys(registryState().nodes).toSorted(),
    );
  });

  it('tells which quota the new directory does not have, and how to set it', async () => {
    node(UPLOADS, { quota: 2_000_000, spaceQuota: 9_000_000_000_000_000 });
    const fix = trial(site, { path: UPLOADS, save: save.directory, user: 'hdfs' });
    const { preconditions } = planOf(await fix.look());
    expect(preconditions).toContain(
      `NOT carried over: its name quota. A superuser sets it with: hdfs dfsadmin -setQuota 2000000 ${UPLOADS}`,
    );
    expect(preconditions.join('\n')).toContain('-setSpaceQuota 9000000000000000');
  });

  it.each<[string, () => void, RegExp, { path?: string; user?: string; PATH?: string }]>([
    ['without the command', () => {}, /no hdfs command on gateway-1/, { PATH: '/usr/bin:/bin' }],
    ['in safe mode', () => change({ safeMode: true }), /in safe mode/, {}],
    [
      'what belongs to somebody else',
      () => {},
      /belongs to registry: .* this account is ops there/,
      { user: 'ops' },
    ],
    [
      'of an owner who cannot see encryption zones',
      () => {},
      /encryption zone could not be told/,
      { user: 'registry' },
    ],
    ['an encryption zone', () => change({ zones: [UPLOADS] }), /is an encryption zone/, {}],
    [
      'what contains an encryption zone',
      () => change({ zones: [`${UPLOADS}/x`] }),
      /is an encryption zone/,
      {},
    ],
    [
      'what can have snapshots',
      () => node(UPLOADS, { snapshottable: false }),
      /can have snapshots/,
      {},
    ],
    ['a file', () => node(UPLOADS, { kind: 'file' }), /is no directory/, {}],
    ['what is not there', () => {}, /does not exist/, { path: '/infra/nope' }],
    ['what lies directly below /', () => {}, /directly below \//, { path: '/infra' }],
    ['what HBase needs', () => {}, /must stay where it is/, { path: '/hbase/data' }],
    [
      'what is not crowded',
      () => {},
      /less than half of the limit/,
      { path: '/infra/dockerRegistry/repositories' },
    ],
    [
      'a group that chown cannot give',
      () => node(UPLOADS, { group: 'domain users' }),
      /cannot be given/,
      {},
    ],
    [
      'where HDFS is another file system',
      () => change({ fs: 'file:///' }),
      /leads to no single HDFS cluster: .*file:/,
      {},
    ],
    [
      'where the NameNode does not answer',
      () =>
        change({
          fail: [
            {
              when: 'dfs -stat',
              says: 'stat: Call From x to nn-1:8020 failed on connection exception: Connection refused',
            },
          ],
        }),
      /could not be asked: stat: Call From/,
      {},
    ],
    [
      'where the rights cannot be read',
      () => change({ fail: [{ when: 'dfs -getfacl', says: 'getfacl: broken' }] }),
      /the ACL of .* could not be read/,
      {},
    ],
  ])('refuses %s, in words', async (_what, arrange, words, given) => {
    arrange();
    const env = given.PATH === undefined ? {} : { PATH: given.PATH };
    const fix = trial(site, {
      path: given.path ?? UPLOADS,
      save: save.directory,
      user: given.user ?? 'hdfs',
      env,
    });
    expect((await fix.look()).plan).toMatch(words);
  });
});
