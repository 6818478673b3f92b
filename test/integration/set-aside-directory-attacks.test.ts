import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import { createSaveDirectory, type FixTrial, planOf, trial } from '../support/hdfs/fix-lab.ts';
import {
  createStandIn,
  registryState,
  type StandIn,
  type StandInNode,
  type StandInState,
} from '../support/hdfs/stand-in.ts';

const UPLOADS = '/infra/dockerRegistry/_uploads';
const MKDIR = 'dfs -D fs.permissions.umask-mode=077 -mkdir';

/** The least shell there is; dash is in set-aside-directory.test.ts. */
const shell = ['busybox', 'sh'] as const;

describe('set-aside-directory under attack', () => {
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

  const begin = (path = UPLOADS): FixTrial =>
    trial(site, { path, save: save.directory, user: 'hdfs', shell });
  const change = (part: Partial<StandInState>): void =>
    site.change((state) => ({ ...state, ...part }));
  const uploads = (): StandInNode => registryState().nodes[UPLOADS] as StandInNode;
  const put = (path: string, node: StandInNode): void =>
    change({ nodes: { ...site.state().nodes, [path]: node } });
  const nodes = (): string =>
    JSON.stringify(Object.entries(site.state().nodes).toSorted(([a], [b]) => (a < b ? -1 : 1)));

  it.each<[string, (fix: FixTrial) => void, number, RegExp]>([
    [
      'a directory of another owner at the path',
      () => put(UPLOADS, { ...uploads(), owner: 'eve' }),
      65,
      /not as approved any more: directory\|755\|eve/,
    ],
    [
      'a directory with another mode',
      () => put(UPLOADS, { ...uploads(), mode: '777' }),
      65,
      /not as approved/,
    ],
    [
      'a file at the path',
      () => put(UPLOADS, { ...uploads(), kind: 'file' }),
      65,
      /not as approved any more: regular file/,
    ],
    [
      'a nearly empty directory at the path',
      () =>
        put(UPLOADS, {
          ...uploads(),
          synthetic: {
            files: 12,
            bytesEach: 1,
            from: '2018-01-01T00:00:00Z',
            to: '2018-01-02T00:00:00Z',
          },
        }),
      65,
      /holds only 12 entries by now/,
    ],
    [
      'the path gone',
      () =>
        site.change((state) => ({
          ...state,
          nodes: Object.fromEntries(
            Object.entries(state.nodes).filter(([path]) => path !== UPLOADS),
          ),
        })),
      65,
      /is gone/,
    ],
    ['the name of the old one taken', (fix) => put(fix.aside, uploads()), 65, /exists already/],
    ['safe mode', () => change({ safeMode: true }), 74, /could not be renamed: .*safe mode/],
    [
      'lost rights',
      () => change({ superuser: 'root' }),
      74,
      /could not be renamed: .*Permission denied/,
    ],
  ])('finds %s and changes nothing', async (_what, attack, code, words) => {
    const fix = begin();
    const plan = planOf(await fix.look());
    attack(fix);
    const found = nodes();
    const { codes, said } = await fix.run(plan.steps);
    expect(said).toMatch(words);
    expect(codes).toEqual([0, code]);
    expect(nodes()).toBe(found);
  });

  it.each<[string, Partial<StandInState>, RegExp]>([
    [
      'an empty one cannot be made',
      {
        fail: [
          {
            when: MKDIR,
            says: 'mkdir: The directory item limit of /infra/dockerRegistry is exceeded: limit=2 items=2',
          },
        ],
      },
      /could not be made: .*item limit.*taken back/s,
    ],
    [
      'its owner cannot be given',
      { fail: [{ when: 'dfs -chown', says: 'chown: changing ownership: denied' }] },
      /owner registry:infra could not be given.*taken back/s,
    ],
    [
      'its mode cannot be given',
      { fail: [{ when: 'dfs -chmod', says: 'chmod: denied' }] },
      /mode 755 could not be given.*taken back/s,
    ],
  ])('takes the rename back when %s', async (_what, part, words) => {
    const fix = begin();
    const looked = await fix.look();
    const found = nodes();
    change(part);
    const { codes, said } = await fix.run(planOf(looked).steps);
    expect(codes).toEqual([0, 74]);
    expect(said).toMatch(words);
    expect(nodes()).toBe(found);
    change({ fail: [] });
    expect(fix.verify(looked.state, (await fix.look()).state)).toEqual({
      outcome: 'ineffective',
      reason: `${UPLOADS} was not renamed`,
    });
  });

  it('goes on when the answer to the rename is lost, but the rename is not', async () => {
    const fix = begin();
    const plan = planOf(await fix.look());
    change({ fail: [{ when: 'dfs -mv', says: 'mv: Connection reset by peer', after: true }] });
    expect((await fix.run(plan.steps)).codes).toEqual([0, 0]);
    expect(site.state().nodes[fix.aside]?.synthetic?.files).toBe(1_048_576);
  });

  it('leaves alone what somebody else makes at the path, and says where the full one is', async () => {
    const fix = begin();
    const looked = await fix.look();
    const { synthetic: _files, ...empty } = uploads();
    const node: StandInNode = { ...empty, owner: 'eve' };
    change({ fail: [{ when: MKDIR, also: { path: UPLOADS, node } }] });
    const { codes, said } = await fix.run(planOf(looked).steps);
    expect(codes).toEqual([0, 74]);
    expect(said).toContain(
      `somebody else made ${UPLOADS} again at this moment; the full one is at ${fix.aside}`,
    );
    expect(site.state().nodes[UPLOADS]?.owner).toBe('eve');
    expect(Object.keys(site.state().nodes)).toContain(fix.aside);
    const { outcome, reason } = fix.verify(looked.state, (await fix.look()).state);
    expect([outcome, reason]).toEqual(['ineffective', expect.stringContaining('owner eve')]);
  });

  it('keeps what was written into the new directory when the fix then fails', async () => {
    const fix = begin();
    const plan = planOf(await fix.look());
    const node: StandInNode = { ...uploads(), kind: 'file' };
    change({
      fail: [{ when: 'dfs -chown', says: 'chown: denied', also: { path: `${UPLOADS}/new`, node } }],
    });
    const { said } = await fix.run(plan.steps);
    expect(said).toMatch(/NOT taken back: the new .* stays, the full one is at .*not empty/);
    expect(Object.keys(site.state().nodes)).toEqual(
      expect.arrayContaining([`${UPLOADS}/new`, fix.aside]),
    );
  });

  it('takes the rename back when it is ended in the middle', async () => {
    const fix = begin();
    const plan = planOf(await fix.look());
    const found = nodes();
    change({ fail: [{ when: MKDIR, seconds: 2, says: 'mkdir: interrupted' }] });
    const [claim, step] = plan.steps;
    if (claim === undefined || step === undefined) throw new Error('no steps');
    await fix.run([claim]);
    const env = { ...site.env, HADOOP_USER_NAME: 'hdfs' };
    const child = spawn(shell[0], [...shell.slice(1), ...step.argv.slice(1)], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end(step.stdin);
    while (!nodes().includes(fix.aside)) await pause(20);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(nodes()).toBe(found);
    const [, , , directory = '', id = ''] = claim.argv;
    const asked = await fix.remote.read('gateway-1', claimProbe(directory, id, 'abc'));
    expect(parseClaim(asked, 'abc')).toEqual({ kind: 'failed', step: 'set-aside', exitCode: 143 });
  });

  it('says exactly what to do when it was killed between rename and new directory', async () => {
    const fix = begin();
    const looked = await fix.look();
    const user = { HADOOP_USER_NAME: 'hdfs' };
    site.hdfs(['dfs', '-mv', UPLOADS, fix.aside], user);
    expect(fix.verify(looked.state, (await fix.look()).state)).toEqual({
      outcome: 'ineffective',
      reason: `the full directory was renamed, but ${UPLOADS} was not made again. Do it at once: hdfs dfs -mkdir ${UPLOADS}, -chown registry:infra, -chmod 755`,
    });
  });

  it.each([
    '/infra/a b/$(touch x)\'"`;&|',
    '/infra/a b/*{x,y}[z]?',
    '/infra/a b/-rf',
    '/infra/a b/üñ',
  ])('takes a name literally: %s', async (path) => {
    const { synthetic, ...empty } = uploads();
    put('/infra/a b', empty);
    put(path, { ...empty, ...(synthetic === undefined ? {} : { synthetic }) });
    // What the glob would match as well.
    put('/infra/a b/zzxz1', uploads());
    const fix = begin(path);
    const { codes, said } = await fix.run(planOf(await fix.look()).steps);
    expect(said).toContain(`made an empty ${path}`);
    expect(codes).toEqual([0, 0]);
    expect(Object.keys(site.state().nodes)).toEqual(
      expect.arrayContaining([path, fix.aside, '/infra/a b/zzxz1']),
    );
  });

  it.each([
    '/infra/a\nb',
    '/infra/../etc',
    '/infra//x',
    '/infra/x/',
    'infra/x',
    '/infra/a\\b',
    '/',
  ])('refuses the path %j before anything runs', (path) => {
    expect(() => begin(path)).toThrow(expect.objectContaining({ code: 'PARAMS_INVALID' }));
  });
});
