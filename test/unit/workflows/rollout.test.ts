import { describe, expect, it } from 'vitest';
import { wavesOf } from '../../../src/core/approval/rollout.ts';
import { approveRollout, denyRollout } from '../../../src/workflows/fix/decide-rollout.ts';
import { requestRollout } from '../../../src/workflows/fix/request-rollout.ts';
import { watchFix } from '../../../src/workflows/fix/watch-fix.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { onlyFix, STREAM, WHO } from '../../support/fix-lab.ts';
import { createRolloutLab } from '../../support/rollout-lab.ts';
import { sampleFix } from '../../support/sample-fix.ts';

const room = `room:${STREAM}` as const;

describe('a fix on several hosts', () => {
  it('goes to one canary, then to 2, 4, 8 …', () => {
    expect(wavesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).map((wave) => wave.length)).toEqual([
      1, 2, 4, 3,
    ]);
    expect(wavesOf([1])).toEqual([[1]]);
    expect(wavesOf([])).toEqual([]);
  });

  it('is shown in one dialog: every host, its exact commands, and the order', async () => {
    const lab = await createRolloutLab(5);
    await lab.plan();
    const form = JSON.stringify(lab.said('form:V1').at(-1));
    for (const words of [
      'sample on 5 hosts: web-[1-5]',
      'canary web-1, then web-[2-3], then web-[4-5]',
      'sh -s -- truncate web-4',
      'One person must approve',
    ]) {
      expect(form).toContain(words);
    }
    expect(lab.host('web-1').done).toEqual([]);
  });

  it('fills the dialog only when every host has answered', async () => {
    const lab = await createRolloutLab(3);
    await lab.plan();
    const updates = lab.said('form:V1').filter(({ op }) => op === 'form.update');
    expect(updates).toHaveLength(1);
  });

  it('leaves out a host with nothing to do, or where something would be lost, and says so', async () => {
    const lab = await createRolloutLab(3);
    lab.host('web-2').state = { inode: 'web-2', bytes: 0, room: true, gone: true };
    lab.host('web-3').state = { inode: 'web-3', bytes: 9, room: false };
    await lab.plan();
    const form = JSON.stringify(lab.said('form:V1').at(-1));
    expect(form).toContain('sample on 1 host: web-1');
    expect(form).toContain('web-2: the thing is gone');
    expect(form).toContain('web-3: nothing can be saved there');
  });

  it('is approved with one click and runs in waves, each verified before the next', async () => {
    const lab = await createRolloutLab(8);
    const order: string[] = [];
    for (const name of lab.names) {
      lab.host(name).before = async ({ id }) => {
        if (id === 'truncate') order.push(name);
        return null;
      };
    }
    await lab.approved();
    expect(lab.jobs('execute-fix')).toBe(1);
    await lab.work();
    expect(order).toEqual(lab.names);
    expect(await lab.standing()).toEqual(lab.names.map((name) => `${name} verified`));
    const told = JSON.stringify(lab.said(room));
    expect(told).toContain('Fixed: sample on 8 hosts: web-[1-8]');
    expect(
      lab.said(room).filter((said) => 'key' in said && said.key.startsWith('rollout-end:')),
    ).toHaveLength(1);
  });

  it('says in its message and in the line at its end that a change does not last', async () => {
    const lab = await createRolloutLab(3);
    lab.deps.fix = onlyFix(sampleFix(1, { lostWhen: 'the thing restarts', holds: () => true }));
    await lab.approved();
    await lab.work();
    const told = lab
      .said(room)
      .filter((said) => JSON.stringify(said).includes('it is lost when the thing restarts'))
      .map((said) => ('key' in said ? said.key.replace(/:.*/, '') : ''));
    expect(told).toContain('rollout');
    expect(told).toContain('rollout-end');
  });

  it('says on which hosts its change was lost again', async () => {
    const lab = await createRolloutLab(3);
    const holds = ({ bytes }: { bytes: number }): boolean => bytes === 0;
    lab.deps.fix = onlyFix(sampleFix(1, { lostWhen: 'the thing restarts', holds }));
    await lab.approved();
    await lab.work();
    lab.host('web-2').state = { inode: 'web-2', bytes: 7, room: true };
    const { fixes } = await readCase(lab.store.journal, STREAM);
    for (const { id } of fixes.values()) {
      await watchFix(lab.deps, { stream: STREAM, fix: id }, { signal: AbortSignal.timeout(5000) });
    }
    const told = JSON.stringify(lab.said(room));
    expect(told).toContain('Fixed: sample on 3 hosts: web-[1-3]; lost again on web-2');
    expect(told).toContain('lost again: thing web-2: 7 bytes');
    expect(told).not.toContain('lost again on web-[');
  });

  it('stops at the first host that is not verified; the rest never begins', async () => {
    const lab = await createRolloutLab(8);
    await lab.approved();
    lab.host('web-3').before = async ({ id }) => (id === 'truncate' ? { exitCode: 1 } : null);
    await lab.work();
    expect(await lab.standing()).toEqual([
      'web-1 verified',
      'web-2 verified',
      'web-3 failed',
      ...lab.names.slice(3).map((name) => `${name} stopped`),
    ]);
    for (const name of lab.names.slice(3)) expect(lab.host(name).done).toEqual([]);
    const told = JSON.stringify(lab.said(room));
    expect(told).toContain('stopped: it failed on web-3; 2 fixed, 5 not begun');
  });

  it('begins nowhere when the canary changed since the approval', async () => {
    const lab = await createRolloutLab(3);
    await lab.approved();
    lab.host('web-1').state = { inode: 'other', bytes: 1000, room: true };
    await lab.work();
    expect(await lab.standing()).toEqual(['web-1 stale', 'web-2 stopped', 'web-3 stopped']);
    for (const name of lab.names) expect(lab.host(name).done).toEqual([]);
  });

  it('refuses a host whose turn has not come, whoever queued it', async () => {
    const lab = await createRolloutLab(4);
    await lab.approved();
    const { fixes } = await readCase(lab.store.journal, STREAM);
    const last = [...fixes.values()].find(({ host }) => host === 'web-4');
    await lab.execute(last?.id ?? '');
    expect(lab.host('web-4').done).toEqual([]);
    await lab.work();
    for (const name of lab.names) expect(lab.host(name).done).toEqual([]);
  });

  it.each(['requester', 'runner', 'declarer', 'stranger'] as const)(
    'is not approved by the %s',
    async (who) => {
      const lab = await createRolloutLab(3);
      const value = await lab.requested();
      await expect(approveRollout(lab.deps, { value, person: WHO[who] })).rejects.toMatchObject({
        code: who === 'stranger' ? 'NOT_ALLOWED' : 'APPROVAL_REFUSED',
      });
      expect(lab.jobs('execute-fix')).toBe(0);
      expect(await lab.standing()).toEqual(lab.names.map((name) => `${name} pending`));
    },
  );

  it('waits for as many people as the strictest host asks for', async () => {
    const lab = await createRolloutLab(3);
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    const value = await lab.requested();
    await approveRollout(lab.deps, { value, person: WHO.approver });
    expect(lab.jobs('execute-fix')).toBe(0);
    await expect(approveRollout(lab.deps, { value, person: WHO.approver })).rejects.toThrow(
      'you have approved it already',
    );
    await approveRollout(lab.deps, { value, person: WHO.second });
    expect(lab.jobs('execute-fix')).toBe(1);
  });

  it('is denied with one click, everywhere', async () => {
    const lab = await createRolloutLab(3);
    const value = await lab.requested();
    await denyRollout(lab.deps, { value, person: WHO.requester });
    expect(await lab.standing()).toEqual(lab.names.map((name) => `${name} denied`));
  });

  it('is refused when the plans on record are not the ones that were shown', async () => {
    const lab = await createRolloutLab(3);
    await lab.plan();
    const value = { ...lab.decision(), digest: 'f'.repeat(64) };
    await expect(requestRollout(lab.deps, { value, person: WHO.requester })).rejects.toMatchObject({
      code: 'APPROVAL_REFUSED',
    });
    const shown = lab.decision();
    await requestRollout(lab.deps, { value: shown, person: WHO.requester });
    await expect(approveRollout(lab.deps, { value, person: WHO.approver })).rejects.toMatchObject({
      code: 'APPROVAL_REFUSED',
    });
  });

  it('does not run on a record that somebody else wrote', async () => {
    const lab = await createRolloutLab(3);
    const value = await lab.requested();
    const { fixes } = await readCase(lab.store.journal, STREAM);
    for (const { id, digest = '' } of fixes.values()) {
      await lab.record({ kind: 'person', ...WHO.approver }, [
        { type: 'fix.approved', fix: id, digest, token: 'forged' },
      ]);
    }
    for (const { id } of fixes.values()) await lab.execute(id);
    for (const name of lab.names) expect(lab.host(name).done).toEqual([]);
    expect(value.fix).toMatch(/^rollout:/);
  });
});
