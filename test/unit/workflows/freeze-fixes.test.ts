import { describe, expect, it } from 'vitest';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { freezeFixes, unfreezeFixes } from '../../../src/workflows/fix/freeze-fixes.ts';
import { createFixLab, type FixLab, WHO } from '../../support/fix-lab.ts';

const ANNOUNCE = 'channel:#incidents';

const deps = (lab: FixLab) => ({ ...lab.deps, announceChannel: '#incidents' });
const freeze = (lab: FixLab, person = WHO.runner): Promise<void> =>
  freezeFixes(deps(lab), { person, reason: 'the wrong hosts' });
const unfreeze = (lab: FixLab, person = WHO.approver): Promise<void> =>
  unfreezeFixes(deps(lab), { person, reason: '' });

describe('/incident freeze', () => {
  it('lets nothing be requested, with the reason in the answer', async () => {
    const lab = await createFixLab();
    await freeze(lab);
    await expect(lab.requested()).rejects.toThrow('frozen (since 2026');
    await expect(lab.requested()).rejects.toThrow('the wrong hosts');
  });

  it('lets nothing be approved', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await freeze(lab);
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow('frozen');
  });

  it('keeps an approved fix from the host', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await freeze(lab);
    expect(await lab.untouched(fix)).toBe(true);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'failed' });
  });

  it('stops a fix that runs before its next step', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.before = async ({ id }) => {
      if (id === 'save') await freeze(lab);
      return null;
    };
    await lab.execute(fix);
    expect(lab.host.done).toEqual(['claim', 'save']);
    expect((await lab.fix(fix)).result?.reason).toContain('stopped before step truncate');
  });

  it('is told to everybody, and who did it', async () => {
    const lab = await createFixLab();
    await freeze(lab);
    expect(JSON.stringify(lab.said(ANNOUNCE))).toContain('All fixes are frozen');
    expect(JSON.stringify(lab.said(ANNOUNCE))).toContain('URUN');
  });

  it('is lifted by an approver only, and then fixes run again', async () => {
    const lab = await createFixLab();
    await freeze(lab);
    await expect(unfreeze(lab, WHO.stranger)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await unfreeze(lab);
    const { fix } = await lab.approved();
    await lab.execute(fix);
    expect((await lab.fix(fix)).result?.outcome).toBe('verified');
  });

  it('is refused to strangers, and said when it is so already', async () => {
    const lab = await createFixLab();
    await expect(freeze(lab, WHO.stranger)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await expect(unfreeze(lab)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await freeze(lab);
    await expect(freeze(lab)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});
