import { describe, expect, it } from 'vitest';
import { claimProbe, tombstoneStep } from '../../../src/core/approval/claim.ts';
import { proposalText } from '../../../src/core/approval/proposal.ts';
import type { CaseEvent, EventRecord } from '../../../src/core/incident/event.ts';
import type { Actor } from '../../../src/core/person.ts';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { checkFix } from '../../../src/workflows/fix/check-fix.ts';
import { createFixLab, type FixLab, STREAM, testHashing, WHO } from '../../support/fix-lab.ts';

describe('whoever can write to the record, but does not hold the key,', () => {
  const approver: Actor = { kind: 'person', ...WHO.approver };

  it('starts nothing with a forged approval without a token', async () => {
    const lab = await createFixLab();
    const { fix, digest } = await lab.requested();
    await lab.record(approver, [{ type: 'fix.approved', fix, digest }]);
    expect(await lab.untouched(fix)).toBe(true);
    expect((await lab.fix(fix)).status).toBe('pending');
  });

  it.each([
    ['an invented token', 'a'.repeat(64)],
    ['a token under another key', testHashing('other').sign('anything')],
  ])('starts nothing with a forged approval and %s', async (_what, token) => {
    const lab = await createFixLab();
    const { fix, digest } = await lab.requested();
    await lab.record(approver, [{ type: 'fix.approved', fix, digest, token }]);
    expect(await lab.untouched(fix)).toBe(true);
    const { status, result } = await lab.fix(fix);
    expect(status).toBe('finished');
    expect(result?.reason).toMatch(/nothing was run: .*not signed by Housecall/);
  });

  it('starts nothing with the token of another fix', async () => {
    const lab = await createFixLab();
    const first = await lab.approved();
    await lab.execute(first.fix);
    const { token } = await lab.fix(first.fix);
    lab.host.done.length = 0;
    lab.host.marks.clear();
    lab.host.state = { ...lab.host.state, bytes: 1000 };
    const second = await lab.requested();
    const stolen = { type: 'fix.approved', fix: second.fix, digest: second.digest } as const;
    await lab.record(approver, [{ ...stolen, token: token ?? '' }]);
    expect(await lab.untouched(second.fix)).toBe(true);
  });

  it('starts nothing by inventing every event of a fix', async () => {
    const lab = await createFixLab();
    const { plan, digest } = await lab.fix((await lab.requested()).fix);
    if (plan === undefined || digest === undefined) throw new Error('no plan');
    const evil = {
      ...plan,
      steps: [{ ...plan.steps[0], argv: ['rm', '-rf', '/'] }],
    } as typeof plan;
    const proposal = {
      fix: 'evil',
      module: 'sample',
      version: 1,
      host: 'host-17',
      address: 'housecall@10.0.0.17:22 with sudo',
      params: { inode: '42' },
      plan: evil,
    };
    const forged = testHashing().sha256(proposalText(proposal));
    const offer = { fix: 'sample', params: { inode: '42' } };
    const events: CaseEvent[] = [
      { type: 'fix.reviewed', fix: 'evil', offer, host: 'host-17', run: 'run1', finding: 'x' },
      { type: 'fix.planned', fix: 'evil', plan: evil, digest: forged, before: {} },
      {
        type: 'fix.requested',
        fix: 'evil',
        digest: forged,
        approvers: [],
        required: 1,
        selfApproval: true,
        expiresAt: '2099-01-01T00:00:00Z',
      },
      { type: 'fix.approved', fix: 'evil', digest: forged, token: 'b'.repeat(64) },
    ];
    await lab.record(approver, events);
    expect(await lab.untouched('evil')).toBe(true);
  });

  it('cannot lengthen an approval, add a person to it, or lower the number', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    const value = await lab.requested();
    await approveFix(lab.deps, { value, person: WHO.approver });
    const { token: none } = await lab.fix(value.fix);
    expect(none).toBeUndefined();
    const second: Actor = { kind: 'person', ...WHO.second };
    const forged = { type: 'fix.approved', fix: value.fix, digest: value.digest } as const;
    await lab.record(second, [{ ...forged, token: 'c'.repeat(64) }]);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('cannot make itself another person than the one who asked', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await rewrite(lab, (record) =>
      record.event.type === 'fix.requested' || record.event.type === 'fix.reviewed'
        ? { ...record, actor: { kind: 'person', ...WHO.stranger } }
        : record,
    );
    await expect(approveFix(lab.deps, { value, person: WHO.requester })).rejects.toThrow(
      /request on record was not signed by Housecall/,
    );
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it.each([
    ['the diagnosis', 'run.started', WHO.runner],
    ['the incident', 'incident.opened', WHO.declarer],
  ] as const)('cannot disown %s after the request', async (_what, type, who) => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await rewrite(lab, (record) =>
      record.event.type === type
        ? { ...record, actor: { kind: 'person', ...WHO.stranger } }
        : record,
    );
    await expect(approveFix(lab.deps, { value, person: who })).rejects.toThrow(/not signed/);
  });

  it('cannot have an approval count that nobody gave', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, required: 2 };
    const value = await lab.requested();
    const { fix, digest } = value;
    await lab.record(approver, [{ type: 'fix.approved', fix, digest }]);
    await expect(approveFix(lab.deps, { value, person: WHO.second })).rejects.toThrow(
      /approval on record was not signed by Housecall/,
    );
    expect(await lab.untouched(fix)).toBe(true);
  });

  it('cannot lower the number or lengthen the time of a request', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await rewrite(lab, (record) =>
      record.event.type === 'fix.requested'
        ? { ...record, event: { ...record.event, expiresAt: '2099-01-01T00:00:00Z' } }
        : record,
    );
    await expect(approveFix(lab.deps, { value, person: WHO.approver })).rejects.toThrow(
      /not signed/,
    );
  });

  it('leaves no mark on the host by inventing a fix that runs', async () => {
    const lab = await createFixLab();
    const { plan, digest } = await lab.fix((await lab.requested()).fix);
    if (plan === undefined || digest === undefined) throw new Error('no plan');
    const elsewhere = { ...plan, identity: { ...plan.identity, claim: '/etc' } };
    const offer = { fix: 'sample', params: { inode: '42' } };
    const fix = 'evil';
    await lab.record(approver, [
      { type: 'fix.reviewed', fix, offer, host: 'host-17', run: 'run1', finding: 'x' },
      { type: 'fix.planned', fix, plan: elsewhere, digest, before: {} },
      {
        type: 'fix.requested',
        fix,
        digest,
        approvers: [],
        required: 1,
        selfApproval: true,
        expiresAt: '2099-01-01T00:00:00Z',
      },
      { type: 'fix.approved', fix, digest, token: 'b'.repeat(64) },
      { type: 'fix.claimed', fix, worker: 'nobody' },
    ]);
    lab.clock.advance(24 * 3600_000);
    const { signal } = new AbortController();
    await checkFix(lab.deps, { stream: STREAM, fix }, { signal });
    expect(lab.host.marks.size).toBe(0);
    expect((await lab.fix(fix)).result?.outcome).toBe('unknown');
  });

  it('leaves no mark elsewhere by changing the plan of a fix that runs', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await lab.record({ kind: 'housecall' }, [{ type: 'fix.claimed', fix, worker: 'dead' }]);
    await rewrite(lab, (record) =>
      record.event.type === 'fix.planned'
        ? {
            ...record,
            event: {
              ...record.event,
              plan: { ...record.event.plan, identity: { claim: '/etc', inode: '42' } },
            },
          }
        : record,
    );
    lab.clock.advance(24 * 3600_000);
    const { signal } = new AbortController();
    await checkFix(lab.deps, { stream: STREAM, fix }, { signal });
    expect(lab.host.marks.size).toBe(0);
  });

  it.each(['../../etc', 'a/b', '', '.'])('cannot name a mark %j', (fix) => {
    expect(() => tombstoneStep('/save', fix)).toThrow(RangeError);
    expect(() => claimProbe('/save', fix, 'n')).toThrow(RangeError);
  });
});

/** Every record of the case as the attacker wants it; what reads it must not believe it. */
async function rewrite(lab: FixLab, edit: (record: EventRecord) => EventRecord): Promise<void> {
  const { journal } = lab.deps;
  lab.deps.journal = {
    ...journal,
    read: async (stream, afterSeq) => (await journal.read(stream, afterSeq)).map(edit),
  };
}

describe('the worker judges for itself', () => {
  it('refuses a genuine approval by fewer people than its own configuration asks for', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    lab.deps.approvals = { ...lab.deps.approvals, rules: [{ fix: 'sample', required: 2 }] };
    expect(await lab.untouched(value.fix)).toBe(true);
    expect((await lab.fix(value.fix)).result?.reason).toMatch(/2 different people must approve/);
  });

  it('refuses a genuine self-approval that its own configuration does not allow', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, selfApproval: true };
    const value = await lab.requested();
    await approveFix(lab.deps, { value, person: WHO.requester });
    lab.deps.approvals = { ...lab.deps.approvals, selfApproval: false };
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('refuses a genuine approval whose time is over', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    lab.clock.advance(15 * 60_000);
    expect(await lab.untouched(value.fix)).toBe(true);
    expect((await lab.fix(value.fix)).status).toBe('expired');
  });

  it('refuses another address of the host than the one approved', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    const host = lab.deps.inventory.get('host-17');
    if (host === undefined) throw new Error('no host');
    lab.deps.inventory = new Map([['host-17', { ...host, port: 2222 }]]);
    expect(await lab.untouched(value.fix)).toBe(true);
  });

  it('refuses a host that has left the inventory', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    lab.deps.inventory = new Map();
    expect(await lab.untouched(value.fix)).toBe(true);
  });
});
