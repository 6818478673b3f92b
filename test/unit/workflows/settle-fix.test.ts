import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { checkFix } from '../../../src/workflows/fix/check-fix.ts';
import { executeFix } from '../../../src/workflows/fix/execute-fix.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { createFixLab, type FixLab, STREAM } from '../../support/fix-lab.ts';

const signal = new AbortController().signal;
const UNKNOWN = 'Outcome unknown. It may have run. It will not be run again.';

const check = (lab: FixLab, fix: string): Promise<void> =>
  checkFix(lab.deps, { stream: STREAM, fix }, { signal });
const said = (lab: FixLab): string => JSON.stringify(lab.said().slice(-2));

/** The worker that runs it dies: the step does (or does not do) its work, and nobody hears of it. */
function dieAt(lab: FixLab, step: string, mark?: string): void {
  lab.host.before = async ({ id }) => {
    if (id !== step) return null;
    if (mark !== undefined) for (const key of lab.host.marks.keys()) lab.host.marks.set(key, mark);
    throw new Error('the worker is killed');
  };
  const { journal } = lab.store;
  lab.deps.journal = {
    ...journal,
    commit: async (commit) => {
      const ends = commit.events.some(({ type }) => type === 'fix.finished');
      if (ends) throw new HousecallError('STORE_UNAVAILABLE', 'the worker is dead');
      return journal.commit(commit);
    },
  };
}

async function died(mark: string | undefined): Promise<{ lab: FixLab; fix: string }> {
  const lab = await createFixLab();
  const { fix } = await lab.approved();
  dieAt(lab, mark === undefined ? 'claim' : 'save', mark);
  await expect(lab.execute(fix)).rejects.toThrow(/dead/);
  lab.host.before = async () => null;
  lab.deps.journal = lab.store.journal;
  expect((await lab.fix(fix)).status).toBe('running');
  return { lab, fix };
}

describe('executing it a second time', () => {
  it('acts once when the same job runs on ten workers at the same moment', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        executeFix({ ...lab.deps, worker: `w${n}` }, { stream: STREAM, fix }, { signal }),
      ),
    );
    expect(lab.host.done.filter((id) => id === 'truncate').length).toBeLessThanOrEqual(1);
    expect(lab.host.done.filter((id) => id === 'claim').length).toBeLessThanOrEqual(1);
    const ends = (await lab.store.journal.read(STREAM)).filter(
      ({ event }) => event.type === 'fix.finished',
    );
    expect(ends).toHaveLength(1);
  });

  it('does nothing after it has ended', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await lab.execute(fix);
    const { seq } = await readCase(lab.store.journal, STREAM);
    await lab.execute(fix);
    expect((await readCase(lab.store.journal, STREAM)).seq).toBe(seq);
    expect(lab.host.done).toEqual(['claim', 'save', 'truncate']);
  });

  it.each(['running save 1\nalive', 'claimed\nidle 5', 'done save\nidle 5', 'gibberish'])(
    'leaves the first run alone while it may be alive: the host says %j',
    async (mark) => {
      const { lab, fix } = await died(mark);
      await lab.execute(fix);
      expect((await lab.fix(fix)).status).toBe('running');
      expect(lab.host.done).toEqual(['claim']);
    },
  );

  it.each([
    ['running save 1', 'unknown', 'step save began and did not end'],
    ['claimed\nidle 61', 'unknown', 'it began on the host and did not end'],
    ['done save\nidle 61', 'unknown', 'whether the next one began is not known'],
    ['failed save 74', 'failed', 'step save failed with exit 74'],
    ['cancelled', 'failed', 'never will'],
  ])('asks the host, which says "%s": %s', async (mark, outcome, words) => {
    const { lab, fix } = await died(mark);
    await lab.execute(fix);
    const { result } = await lab.fix(fix);
    expect(result).toMatchObject({ outcome, reason: expect.stringContaining(words) });
    expect(lab.host.done).toEqual(['claim']);
  });

  it('verifies a run that the host says was done', async () => {
    const { lab, fix } = await died('done truncate');
    lab.host.state = { ...lab.host.state, bytes: 0 };
    await lab.execute(fix);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'verified' });
    expect(lab.host.done).toEqual(['claim']);
  });

  it('seals a run that never began on the host, so that a late worker finds it sealed', async () => {
    const { lab, fix } = await died(undefined);
    lab.clock.advance(329_000);
    await lab.execute(fix);
    expect((await lab.fix(fix)).status).toBe('running');
    lab.clock.advance(1_000);
    await lab.execute(fix);
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'failed',
      reason: 'it never began on the host, and never will',
    });
    expect(lab.host.marks.get(fix)).toBe('cancelled');
    expect(lab.host.done).toEqual([]);
  });

  it('believes the host when the record was restored from before the run', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.marks.set(fix, 'done truncate');
    lab.host.state = { ...lab.host.state, bytes: 1000 };
    await lab.execute(fix);
    expect(lab.host.done).toEqual([]);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'ineffective' });
  });
});

describe('a worker that died', () => {
  it('is noticed two minutes later when its step is dead on the host', async () => {
    const { lab, fix } = await died('running save 1');
    lab.clock.advance(120_000);
    await check(lab, fix);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'unknown' });
    expect(said(lab)).toContain(UNKNOWN);
  });

  it('is noticed at the deadline and said, and nothing is run again', async () => {
    const { lab, fix } = await died('running save 1\nalive');
    await check(lab, fix);
    expect((await lab.fix(fix)).status).toBe('running');
    expect(lab.store.jobs.at(-1)?.job).toMatchObject({ kind: 'check-fix', delaySeconds: 120 });
    lab.clock.advance(331_000);
    await check(lab, fix);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'unknown' });
    expect(said(lab)).toContain(UNKNOWN);
    expect(lab.host.done).toEqual(['claim']);
  });

  it('is noticed also when the host is away: nobody knows', async () => {
    const { lab, fix } = await died('done truncate');
    lab.host.looking = async () => {
      throw new HousecallError('SSH_UNREACHABLE', 'away');
    };
    lab.clock.advance(400_000);
    await check(lab, fix);
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'unknown',
      reason: 'the host cannot say',
    });
  });
});
