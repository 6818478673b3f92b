import { describe, expect, it } from 'vitest';
import { encodeFixValue } from '../../../src/core/approval/fix-value.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { checkFix } from '../../../src/workflows/fix/check-fix.ts';
import { watchFix } from '../../../src/workflows/fix/watch-fix.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { createFixLab, type FixLab, onlyFix, STREAM } from '../../support/fix-lab.ts';
import { sampleFix } from '../../support/sample-fix.ts';

const signal = new AbortController().signal;

/** A verified fix that is lost when the thing has bytes again. */
async function fixed(): Promise<{ lab: FixLab; fix: string }> {
  const lab = await createFixLab();
  const holds = ({ bytes, gone }: { bytes: number; gone?: boolean }): boolean | null =>
    gone === true ? null : bytes === 0;
  lab.deps.fix = onlyFix(sampleFix(1, { lostWhen: 'the thing restarts', holds }));
  const { fix } = await lab.approved();
  await lab.execute(fix);
  return { lab, fix };
}

const check = (lab: FixLab, fix: string): Promise<void> =>
  watchFix(lab.deps, { stream: STREAM, fix }, { signal });

const said = (lab: FixLab): string => JSON.stringify(lab.said());

describe('a fix that does not last', () => {
  it('says so when it is verified, and is looked at again', async () => {
    const { lab, fix } = await fixed();
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'verified',
      lostWhen: 'the thing restarts',
    });
    expect(said(lab)).toContain('Not permanent: it is lost when the thing restarts');
    expect(lab.store.jobs.at(-1)?.job).toMatchObject({ kind: 'watch-fix', fix, delaySeconds: 120 });
  });

  it('is looked at again and again while it holds, and nothing is said', async () => {
    const { lab, fix } = await fixed();
    const before = said(lab);
    const jobs = lab.jobs('watch-fix');
    await check(lab, fix);
    await check(lab, fix);
    expect(lab.jobs('watch-fix')).toBe(jobs + 2);
    expect(said(lab)).toBe(before);
  });

  it('is told once when it is lost, and the diagnosis runs again', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, bytes: 500 };
    const runs = lab.jobs('run');
    await check(lab, fix);
    await check(lab, fix);
    expect((await lab.fix(fix)).lost).toMatchObject({
      certain: true,
      reason: 'thing 42: 500 bytes',
    });
    expect(said(lab)).toContain('Lost: sample on host-17 does not hold any more');
    expect(lab.jobs('run')).toBe(runs + 1);
    const state = await readCase(lab.store.journal, STREAM);
    expect([...state.runs.values()].at(-1)).toMatchObject({
      diagnostic: 'disk',
      hosts: ['host-17'],
      reason: 'verify',
    });
  });

  it('is lost, too, where it was told as fixed: in its own message and in the panel', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, bytes: 500 };
    await check(lab, fix);
    const own = lab.said().filter((one) => 'key' in one && one.key === `fix:${fix}`);
    expect(JSON.stringify(own.at(-1))).toContain('Lost again: sample on host-17: thing 42: 500');
    const panel = lab.said().filter((one) => 'key' in one && one.key === 'panel');
    expect(JSON.stringify(panel.at(-1))).toContain('Lost again: sample on host-17');
  });

  it('is told as unseen when nobody can tell any more', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, gone: true };
    await check(lab, fix);
    expect((await lab.fix(fix)).lost).toMatchObject({ certain: false });
    expect(said(lab)).toContain('still holds cannot be seen any more');
  });

  it('is watched on when nobody can tell, as while a container restarts, and then told as lost', async () => {
    const { lab, fix } = await fixed();
    const jobs = lab.jobs('watch-fix');
    lab.host.state = { ...lab.host.state, gone: true };
    await check(lab, fix);
    const told = said(lab);
    await check(lab, fix);
    expect(said(lab)).toBe(told);
    expect(lab.jobs('watch-fix')).toBe(jobs + 2);
    lab.host.state = { ...lab.host.state, gone: false, bytes: 500 };
    await check(lab, fix);
    expect((await lab.fix(fix)).lost).toMatchObject({ certain: true });
    expect(said(lab)).toContain('Lost: sample on host-17 does not hold any more');
    expect(lab.jobs('watch-fix')).toBe(jobs + 2);
  });

  it('is offered again where it is told as lost, by the finding that it came from', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, bytes: 500 };
    await check(lab, fix);
    const { run, host } = await lab.fix(fix);
    const value = encodeFixValue({ stream: STREAM, run, host, finding: 0, offer: 0 });
    const [lost] = lab.said().filter((one) => JSON.stringify(one).includes('Lost: sample'));
    expect(JSON.stringify(lost)).toContain(`"action":"fix.review"`);
    expect(JSON.stringify(lost)).toContain(value);
  });

  it('is watched on while its host cannot be reached', async () => {
    const { lab, fix } = await fixed();
    lab.host.looking = async () => {
      throw new HousecallError('SSH_UNREACHABLE', 'ssh host-17: no answer in 8 s');
    };
    const jobs = lab.jobs('watch-fix');
    await check(lab, fix);
    expect(lab.jobs('watch-fix')).toBe(jobs + 1);
    expect((await lab.fix(fix)).lost).toBeUndefined();
  });

  it('is watched no longer than the incident is open', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, bytes: 500 };
    await lab.record({ kind: 'housecall' }, [{ type: 'incident.closed' }]);
    const jobs = lab.store.jobs.length;
    await check(lab, fix);
    expect(lab.store.jobs).toHaveLength(jobs);
    expect((await lab.fix(fix)).lost).toBeUndefined();
  });

  it('is watched on when the incident was being closed, and stayed open', async () => {
    const { lab, fix } = await fixed();
    lab.host.state = { ...lab.host.state, bytes: 500 };
    await lab.record({ kind: 'housecall' }, [{ type: 'incident.closing' }]);
    const jobs = lab.jobs('watch-fix');
    await check(lab, fix);
    expect((await lab.fix(fix)).lost).toBeUndefined();
    expect(lab.jobs('watch-fix')).toBe(jobs + 1);
  });

  it('is not watched when it did not help', async () => {
    const lab = await createFixLab();
    lab.deps.fix = onlyFix(sampleFix(1, { lostWhen: 'it restarts', holds: () => true }));
    const { fix } = await lab.approved();
    lab.host.before = async () => ({ exitCode: 1 });
    await lab.execute(fix);
    const result = (await lab.fix(fix)).result;
    expect(result?.outcome).toBe('failed');
    expect(result?.lostWhen).toBeUndefined();
  });
});

describe('the deadlines of a fix that has ended', () => {
  it('do not become watches of their own: one look at a time', async () => {
    const { lab, fix } = await fixed();
    const jobs = lab.store.jobs.length;
    let looks = 0;
    lab.host.looking = async () => {
      looks++;
    };
    // The job that the claim left, and the one that waits for the expiry.
    await checkFix(lab.deps, { stream: STREAM, fix }, { signal });
    await checkFix(lab.deps, { stream: STREAM, fix }, { signal });
    expect({ jobs: lab.store.jobs.length, looks }).toEqual({ jobs, looks: 0 });
  });
});
