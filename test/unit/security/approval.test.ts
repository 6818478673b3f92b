import { describe, expect, it } from 'vitest';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import type { Actor, Person } from '../../../src/core/person.ts';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { denyFix } from '../../../src/workflows/fix/deny-fix.ts';
import { requestFix } from '../../../src/workflows/fix/request-fix.ts';
import { reviewFix } from '../../../src/workflows/fix/review-fix.ts';
import { createFixLab, type FixLab, person, STREAM, WHO } from '../../support/fix-lab.ts';

const REVIEW = { stream: STREAM, run: 'run1', host: 'host-17', finding: 0, offer: 0 };
const HOUSECALL: Actor = { kind: 'housecall' };
const ALERT: Actor = { kind: 'alert', source: 'opsgenie' };

async function refusals(lab: FixLab): Promise<readonly string[]> {
  const records = await lab.store.journal.read(STREAM);
  return records.flatMap(({ event }) => (event.type === 'fix.refused' ? [event.reason] : []));
}

describe('a click on Approve is refused, kept as evidence, and runs nothing', () => {
  it.each<[string, Person, string, RegExp]>([
    ['by the requester', WHO.requester, 'APPROVAL_REFUSED', /another person must approve/],
    ['by who ran the diagnosis', WHO.runner, 'APPROVAL_REFUSED', /another person must approve/],
    [
      'by who declared the incident',
      WHO.declarer,
      'APPROVAL_REFUSED',
      /another person must approve/,
    ],
    ['by somebody without the role', WHO.stranger, 'NOT_ALLOWED', /only approvers/],
    [
      'by the same user id in another team',
      person('UAPPROVE', 'T2'),
      'NOT_ALLOWED',
      /only approvers/,
    ],
    [
      'by the requester from another team',
      person('UREQUEST', 'T2'),
      'NOT_ALLOWED',
      /only approvers/,
    ],
    ['by nobody', person('', ''), 'NOT_ALLOWED', /only approvers/],
  ])('%s', async (_who, who, code, reason) => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const click = approveFix(lab.deps, { value, person: who });
    await expect(click).rejects.toMatchObject({ code, message: expect.stringMatching(reason) });
    expect(await refusals(lab)).toEqual([expect.stringMatching(reason)]);
    expect(lab.counted.at(-1)).toBe('housecall_approvals_total refused');
    expect(lab.jobs('execute-fix')).toBe(0);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('with the digest of another plan', async () => {
    const lab = await createFixLab();
    const value = { ...(await lab.requested()), digest: 'f'.repeat(64) };
    const click = approveFix(lab.deps, { value, person: WHO.approver });
    await expect(click).rejects.toMatchObject({ code: 'APPROVAL_REFUSED' });
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('after its time', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    lab.clock.advance(15 * 60_000);
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/expired/);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('the second time, by the same person', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    const value = await lab.approved();
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/already/);
    expect((await lab.fix(value.fix)).approvals).toHaveLength(1);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('of a request that asked for fewer people than the configuration does by now', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(
      /asks for 2 people by now/,
    );
    // Taken for approved, it would wait for nothing until it expires.
    expect((await lab.fix(value.fix)).status).toBe('pending');
    await denyFix(lab.deps, { value, person: WHO.requester });
    const again = await lab.approved();
    await approveFix(lab.deps, { value: again, person: WHO.second });
    expect(lab.jobs('execute-fix')).toBe(1);
  });

  it('after it was denied', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await denyFix(lab.deps, { value, person: WHO.second });
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/denied/);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('before anybody requested it', async () => {
    const lab = await createFixLab();
    const fix = await reviewFix(lab.deps, { value: REVIEW, person: WHO.requester });
    const value = { stream: STREAM, fix, digest: 'a'.repeat(64) };
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(
      /not planned/,
    );
    expect(await lab.untouched(fix)).toBe(true);
  });

  it('while all fixes are frozen', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const at = lab.clock.now().toISOString();
    const freeze = { stream: 'inc-9', expectedSeq: 0, at, actor: HOUSECALL, events: [] };
    await lab.store.journal.commit({ ...freeze, claims: ['freeze'] });
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/frozen/);
    await expect(reviewFix(lab.deps, { value: REVIEW, person: WHO.requester })).rejects.toThrow(
      /frozen/,
    );
  });

  it('after the incident was closed', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await lab.record(HOUSECALL, [{ type: 'incident.closed' }]);
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/closed/);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('when the role was taken away after the message was posted', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    lab.deps.roles = async () => ({ team: 'T1', operators: [], approvers: [] });
    const click = approveFix(lab.deps, { value, person: WHO.approver });
    await expect(click).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });

  it('when the host has another address in the inventory by now', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const host = lab.deps.inventory.get('host-17');
    if (host === undefined) throw new Error('no host');
    lab.deps.inventory = new Map([['host-17', { ...host, address: '10.6.6.6' }]]);
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(/address/);
  });

  it('written once however often it is repeated', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    for (let n = 0; n < 5; n++) {
      await expect(approveFix(lab.deps, { value, person: WHO.stranger })).rejects.toThrow(
        /only approvers/,
      );
    }
    expect(await refusals(lab)).toHaveLength(1);
  });
});

describe('of many clicks at the same moment', () => {
  it('exactly one approves or denies', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const clicks = Array.from({ length: 30 }, (_, n) =>
      (n % 2 === 0 ? approveFix : denyFix)(lab.deps, {
        value,
        person: n % 3 === 0 ? WHO.approver : WHO.second,
      }),
    );
    const settled = await Promise.allSettled(clicks);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const records = await lab.store.journal.read(STREAM);
    const decided = records.filter(({ event }) =>
      ['fix.approved', 'fix.denied'].includes(event.type),
    );
    expect(decided).toHaveLength(1);
  });

  it('one person never counts as two', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    const value = await lab.requested();
    await Promise.allSettled(
      Array.from({ length: 20 }, () => approveFix(lab.deps, { value, person: WHO.approver })),
    );
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'pending' });
    expect(lab.jobs('execute-fix')).toBe(0);
  });
});

describe('reviewing and requesting', () => {
  it('are for operators and approvers of the team only', async () => {
    const lab = await createFixLab();
    for (const who of [WHO.stranger, person('UREQUEST', 'T2')]) {
      const input = { value: REVIEW, person: who };
      await expect(reviewFix(lab.deps, input)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    }
    const value = await lab.requested();
    await expect(requestFix(lab.deps, { value, person: WHO.stranger })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
  });

  it('make every one of them a requester', async () => {
    const lab = await createFixLab({ startedBy: ALERT, openedBy: ALERT });
    const value = await lab.requested();
    const click = approveFix(lab.deps, { value, person: WHO.requester });
    await expect(click).rejects.toMatchObject({ code: 'APPROVAL_REFUSED' });
  });
});

describe('an alert', () => {
  it('never leads to a change without two people, and is neither of them', async () => {
    const lab = await createFixLab({ startedBy: ALERT, openedBy: ALERT });
    const value = await lab.requested();
    const approved: CaseEvent = { type: 'fix.approved', fix: value.fix, digest: value.digest };
    for (const actor of [ALERT, HOUSECALL]) {
      await lab.record(actor, [{ ...approved, token: 'x'.repeat(64) }]);
      expect(await lab.fix(value.fix)).toMatchObject({ status: 'pending', approvals: [] });
      expect(await lab.untouched(value.fix)).toBe(true);
    }
    await approveFix(lab.deps, { value, person: WHO.approver });
    await lab.execute(value.fix);
    expect(lab.host.done).toEqual(['claim', 'save', 'truncate']);
  });
});
