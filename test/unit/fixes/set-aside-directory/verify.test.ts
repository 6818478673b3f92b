import { describe, expect, it } from 'vitest';
import { Params } from '../../../../src/fixes/set-aside-directory/params.ts';
import { parse } from '../../../../src/fixes/set-aside-directory/parse.ts';
import { plan } from '../../../../src/fixes/set-aside-directory/plan.ts';
import type { Cluster, State } from '../../../../src/fixes/set-aside-directory/state.ts';
import { verify } from '../../../../src/fixes/set-aside-directory/verify.ts';
import { FIXTURE_CONTEXT, fixFixturesOf } from '../../../support/fix-fixture.ts';

const params: Params = { path: '/infra/dockerRegistry/_uploads' };
const ASIDE = `${params.path}_old-${FIXTURE_CONTEXT.fix}`;

function recorded(name: string): State & { cluster: Cluster } {
  const fixture = fixFixturesOf('set-aside-directory').find((one) => one.name === name);
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  const state = parse(fixture.result, FIXTURE_CONTEXT.nonce, FIXTURE_CONTEXT.fix);
  if (state.cluster === null) throw new Error(`${name} did not see the cluster`);
  return { ...state, cluster: state.cluster };
}

const before = recorded('full');
const after = recorded('done');
const changed = (state: State & { cluster: Cluster }, part: Partial<Cluster>): State => ({
  ...state,
  cluster: { ...state.cluster, ...part },
});
const facts = { directory: true, mode: '755', owner: 'registry', group: 'infra' };
const crowd = { directories: 1, files: 64, sizeBytes: 0, nameQuota: null, spaceQuota: null };

describe('set-aside-directory is judged by what HDFS shows afterwards', () => {
  it('as verified when both directories are as they should be', () => {
    expect(verify(before, after, params)).toEqual({
      outcome: 'verified',
      reason: `64 entries are set aside, ${params.path} is there again with 0, same owner and mode`,
    });
  });

  it.each<[string, string, Partial<Cluster>, RegExp]>([
    ['ineffective', 'nothing was renamed', { aside: 'missing' }, /was not renamed/],
    [
      'ineffective',
      'both are gone',
      { aside: 'missing', source: 'missing' },
      /nothing is where it should/,
    ],
    [
      'ineffective',
      'the path is gone',
      { source: 'missing' },
      /Do it at once: .*-chown registry:infra, -chmod 755/,
    ],
    [
      'ineffective',
      'the mode differs',
      { source: { ...facts, mode: '700' } },
      /is mode 700.* should be mode 755/,
    ],
    ['ineffective', 'the owner differs', { source: { ...facts, owner: 'hdfs' } }, /owner hdfs/],
    ['ineffective', 'the group differs', { source: { ...facts, group: 'hdfs' } }, /group hdfs;/],
    ['ineffective', 'a file is there', { source: { ...facts, directory: false } }, /no directory/],
    ['unknown', 'the path cannot be seen', { source: null }, /could not be looked at/],
    ['unknown', 'the old one cannot be seen', { aside: null }, /could not be looked at/],
    ['unknown', 'it cannot be counted', { asideCounts: null }, /could not be counted/],
    ['unknown', 'the new one cannot be counted', { counts: null }, /could not be counted/],
    ['unknown', 'the new one holds as many', { counts: crowd }, /64 entries are aside and 64 in/],
    [
      'unknown',
      'the old one was emptied',
      { asideCounts: { ...crowd, files: 31 } },
      /31 entries are aside/,
    ],
  ])('as %s when %s', (outcome, _what, part, words) => {
    const verdict = verify(before, changed(after, part), params);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.reason).toMatch(words);
  });

  it('as unknown when what was set aside is another inode', () => {
    const status = after.cluster.asideStatus;
    if (status === null) throw new Error('no status');
    const other = changed(after, { asideStatus: { ...status, inode: '1' } });
    expect(verify(before, other, params)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/inode differs/),
    });
    const unseen = changed(after, { asideStatus: null });
    expect(verify(before, unseen, params).outcome).toBe('verified');
  });

  it('as unknown when HDFS does not answer any more', () => {
    const gone: State = { ...after, cluster: null, said: 'x\nConnection refused' };
    expect(verify(before, gone, params)).toEqual({
      outcome: 'unknown',
      reason: 'HDFS could not be asked afterwards: Connection refused',
    });
  });
});

describe('a plan to set a directory aside', () => {
  const words = (part: Partial<Cluster>): string => {
    const made = plan(changed(before, part), params, FIXTURE_CONTEXT);
    return typeof made === 'string' ? made : made.preconditions.join('\n');
  };
  const web = before.cluster.sourceStatus;

  it.each<[Partial<Cluster>, RegExp]>([
    [{ aside: null }, /exists already, or could not be looked at/],
    [{ safeMode: null }, /could not be told/],
    [{ snapshottable: null }, /which directories can have snapshots could not be told/],
    [{ snapshottable: [`${params.path}/x`] }, /\/x can have snapshots/],
    [{ snapshottable: [`${params.path}2`] }, /is a directory of/],
    [{ zones: [params.path] }, /is an encryption zone/],
    [{ zones: ['/infra'] }, /is a directory of/],
    [{ limit: null }, /could not be told/],
    [{ counts: null }, /could not be told/],
    [{ counts: { ...crowd, files: 31 } }, /less than half of the limit/],
    [{ counts: { ...crowd, files: 32 } }, /is a directory of/],
    [{ source: null }, /could not be looked at/],
    [{ superuser: false, user: null }, /this account is neither/],
  ])('with %j says so', (part, expected) => {
    expect(words(part)).toMatch(expected);
  });

  it('of an owner knows an encryption zone by its bit alone', () => {
    if (web === null) throw new Error('no status');
    const owner = { superuser: false, user: 'registry', zones: null };
    const parentStatus = { ...web, encrypted: false };
    expect(words({ ...owner, sourceStatus: { ...web, encrypted: true }, parentStatus })).toMatch(
      /encryption zone/,
    );
    const inside = { ...web, encrypted: true };
    expect(words({ ...owner, sourceStatus: inside, parentStatus: inside })).toMatch(/who owns it/);
    expect(words({ ...owner, sourceStatus: null })).toMatch(/zone could not be told/);
  });

  it('tells which policies the new one does not have', () => {
    if (web === null) throw new Error('no status');
    const own = { ...web, storagePolicy: 2, erasureCodingPolicy: 'RS-6-3-1024k' };
    expect(words({ sourceStatus: own })).toMatch(/storage policy \(number 2\)[\s\S]*RS-6-3-1024k/);
    expect(words({ sourceStatus: null })).toContain(
      'NOT looked at, and not carried over: a storage policy',
    );
  });

  it('goes by the path when the inode is not known, and says so to whoever compares', () => {
    const made = plan(changed(before, { sourceStatus: null }), params, FIXTURE_CONTEXT);
    if (typeof made === 'string') throw new Error(made);
    expect(made.identity['inode']).toBe('unknown');
    expect(made.identity['aside']).toBe(ASIDE);
    expect(made.steps[1]?.argv).toContain('-');
  });

  it('keeps its mark in /run/housecall when the save directory cannot be used, else nowhere', () => {
    const unsafe = { kind: 'unsafe', reason: 'it is a symbolic link' } as const;
    const place = before.saveDirectory;
    const other = plan(
      { ...before, saveDirectory: unsafe, runDirectory: place },
      params,
      FIXTURE_CONTEXT,
    );
    expect(other).toBeTypeOf('object');
    expect(
      plan({ ...before, saveDirectory: unsafe, runDirectory: unsafe }, params, FIXTURE_CONTEXT),
    ).toMatch(/cannot be kept on host-17.*symbolic link/);
  });

  it('escapes what the client would expand in the commands it shows', () => {
    const made = plan(before, { path: '/infra/a*b c' }, FIXTURE_CONTEXT);
    if (typeof made === 'string') throw new Error(made);
    expect(made.steps[1]?.equivalent).toContain(String.raw`hdfs dfs -mkdir '/infra/a\*b c'`);
  });

  it.each(['/', 'a', '/a/', '/a//b', '/a/../b', '/a\\b', '/a\nb'])('is not made for %j', (path) => {
    expect(Params.safeParse({ path }).success).toBe(false);
  });
});
