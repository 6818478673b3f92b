import { describe, expect, it } from 'vitest';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { checkFix } from '../../../src/workflows/fix/check-fix.ts';
import { freezeFixes } from '../../../src/workflows/fix/freeze-fixes.ts';
import { createFixLab, type FixLab, STREAM, WHO } from '../../support/fix-lab.ts';
import { createRolloutLab } from '../../support/rollout-lab.ts';

const MINUTES = 60_000;

const freeze = (lab: Pick<FixLab, 'deps'>): Promise<void> =>
  freezeFixes(
    { ...lab.deps, announceChannel: '#incidents' },
    { person: WHO.runner, reason: 'the wrong hosts' },
  );

describe('a freeze', () => {
  it('while the host is looked at a last time keeps the fix from it', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.looking = async () => {
      lab.host.looking = async () => {};
      await freeze(lab);
    };
    expect(await lab.untouched(fix)).toBe(true);
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('stopped before step claim: all fixes are frozen'),
    });
  });

  it('in the middle of an approval comes too late for the click, and not for the host', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const { journal } = lab.deps;
    lab.deps.journal = {
      ...journal,
      owner: async (name) => {
        const free = await journal.owner(name);
        lab.deps.journal = journal;
        await freeze(lab);
        return free;
      },
    };
    await approveFix(lab.deps, { value, person: WHO.approver });
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('while the canary runs lets no other host begin', async () => {
    const lab = await createRolloutLab(3);
    lab.host('web-1').before = async ({ id }) => {
      if (id === 'truncate') await freeze(lab);
      return null;
    };
    await lab.approved();
    await lab.work();
    expect(lab.host('web-2').done).toEqual([]);
    expect(lab.host('web-3').done).toEqual([]);
    expect(await lab.standing()).toEqual([
      expect.stringContaining('web-1'),
      expect.stringMatching(/^web-2 (failed|stopped)/),
      expect.stringMatching(/^web-3 (failed|stopped)/),
    ]);
  });
});

describe('the moment at which an approval ends', () => {
  it('is too late for a click, and a moment before is not', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const left = Date.parse((await lab.fix(value.fix)).request?.expiresAt ?? '') - 1;
    lab.clock.advance(left - lab.clock.now().getTime());
    await approveFix(lab.deps, { value, person: WHO.approver });
    lab.clock.advance(1);
    expect(await lab.untouched(value.fix)).toBe(true);
    expect((await lab.fix(value.fix)).status).toBe('expired');
  });

  it('is kept by the deadline too: not one millisecond early, not left open', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const check = () =>
      checkFix(
        lab.deps,
        { stream: STREAM, fix: value.fix },
        { signal: new AbortController().signal },
      );
    lab.clock.advance(15 * MINUTES - 1);
    await check();
    expect((await lab.fix(value.fix)).status).toBe('pending');
    lab.clock.advance(1);
    await check();
    expect((await lab.fix(value.fix)).status).toBe('expired');
  });
});

describe('two workers with the same job', () => {
  it('do everything once, at whichever moment the second one begins', async () => {
    for (const moment of ['claim', 'save', 'truncate'] as const) {
      const lab = await createFixLab();
      const { fix } = await lab.approved();
      lab.host.before = async ({ id }) => {
        if (id !== moment) return null;
        lab.host.before = async () => null;
        await lab.execute(fix);
        return null;
      };
      await Promise.all([lab.execute(fix), lab.execute(fix)]);
      expect(lab.host.done).toEqual(['claim', 'save', 'truncate']);
      expect((await lab.fix(fix)).result?.outcome).toBe('verified');
    }
  });
});
