import { describe, expect, it } from 'vitest';
import type { ChatOperation } from '../../../src/core/chat-operation.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { checkFix } from '../../../src/workflows/fix/check-fix.ts';
import { denyFix } from '../../../src/workflows/fix/deny-fix.ts';
import { planFix } from '../../../src/workflows/fix/plan-fix.ts';
import { requestFix } from '../../../src/workflows/fix/request-fix.ts';
import { reviewFix } from '../../../src/workflows/fix/review-fix.ts';
import { createFixLab, type FixLab, onlyFix, STREAM, WHO } from '../../support/fix-lab.ts';
import { sampleFix } from '../../support/sample-fix.ts';

const signal = new AbortController().signal;
const REVIEW = { stream: STREAM, run: 'run1', host: 'host-17', finding: 0, offer: 0 };

function text(operations: readonly ChatOperation[]): string {
  return JSON.stringify(operations);
}

async function reviewed(lab: FixLab): Promise<string> {
  const fix = await reviewFix(lab.deps, { value: REVIEW, person: WHO.requester, view: 'V1' });
  await planFix(lab.deps, { stream: STREAM, fix }, { signal, lastTry: true });
  return fix;
}

const check = (lab: FixLab, fix: string): Promise<void> =>
  checkFix(lab.deps, { stream: STREAM, fix }, { signal });

describe('reviewing a fix', () => {
  it('shows the commands, the host, what is saved, who approves and until when; nothing runs', async () => {
    const lab = await createFixLab();
    const fix = await reviewed(lab);
    const { plan, digest, status } = await lab.fix(fix);
    expect(status).toBe('planned');
    const [operation] = lab.said('form:V1');
    if (operation?.op !== 'form.update') throw new Error('no form');
    const { form } = operation;
    expect(form).toMatchObject({ id: 'fix.request', submit: 'Request approval', inputs: [] });
    expect(form.metadata).toBe(`${STREAM} ${fix} ${digest}`);
    for (const words of [
      'housecall@10.0.0.17:22 with sudo',
      'sh -s -- truncate 42',
      'truncate it',
      '/save/thing.gz',
      'impossible, this cannot be taken back',
      'One person must approve',
      'Void 15 minutes after',
      'its bytes must fall',
      'UAPPROVE',
      'S0456',
    ]) {
      expect(text([operation])).toContain(words);
    }
    expect(plan?.steps.map(({ id }) => id)).toEqual(['claim', 'save', 'truncate']);
    expect(lab.host.done).toEqual([]);
  });

  it('says why there is nothing to do, and the dialog has no submit', async () => {
    const lab = await createFixLab();
    lab.host.state = { ...lab.host.state, gone: true };
    const fix = await reviewed(lab);
    expect(await lab.fix(fix)).toMatchObject({ status: 'unplanned', reason: 'the thing is gone' });
    const [operation] = lab.said('form:V1');
    expect(operation).toMatchObject({ form: { id: 'fix.unplanned' } });
    expect(operation).not.toHaveProperty('form.submit');
  });

  it('says that the host cannot be reached', async () => {
    const lab = await createFixLab();
    lab.host.looking = async () => {
      throw new HousecallError('SSH_UNREACHABLE', 'ssh host-17 (10.0.0.17:22): no answer in 8 s');
    };
    const fix = await reviewed(lab);
    expect(await lab.fix(fix)).toMatchObject({
      status: 'unplanned',
      reason: 'ssh host-17 (10.0.0.17:22): no answer in 8 s',
    });
  });

  it('lets the queue look again when the connection broke, and says so at the last try', async () => {
    const lab = await createFixLab();
    lab.host.looking = async () => {
      throw new HousecallError('SSH_LOST', 'ssh host-17: connection lost');
    };
    const fix = await reviewFix(lab.deps, { value: REVIEW, person: WHO.requester });
    const job = { stream: STREAM, fix };
    await expect(planFix(lab.deps, job, { signal, lastTry: false })).rejects.toThrow(/lost/);
    expect((await lab.fix(fix)).status).toBe('reviewing');
    await planFix(lab.deps, job, { signal, lastTry: true });
    expect((await lab.fix(fix)).status).toBe('unplanned');
  });

  it.each([
    ['finding', 1],
    ['offer', 1],
    ['run', 'other'],
    ['host', 'host-18'],
  ] as const)('knows no offer with another %s', async (key, value) => {
    const lab = await createFixLab();
    const input = { value: { ...REVIEW, [key]: value }, person: WHO.requester };
    await expect(reviewFix(lab.deps, input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(lab.jobs('plan-fix')).toBe(0);
  });
});

describe('requesting a fix', () => {
  it('posts the approval message under the finding, and its deadline', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const operation = lab.said().at(-1);
    expect(operation).toMatchObject({
      op: 'message.post',
      key: `fix:${value.fix}`,
      thread: 'panel',
      document: {
        summary: 'Approval needed: Empty the thing 42 on host-17',
        blocks: expect.arrayContaining([
          expect.objectContaining({
            kind: 'actions',
            actions: [
              expect.objectContaining({
                action: 'fix.approve',
                value: `${STREAM} ${value.fix} ${value.digest}`,
              }),
              expect.objectContaining({ action: 'fix.deny' }),
            ],
          }),
        ]),
      },
    });
    expect(lab.store.jobs.at(-1)?.job).toEqual({
      kind: 'check-fix',
      stream: STREAM,
      fix: value.fix,
      delaySeconds: 901,
    });
  });

  it('needs the loss accepted in exactly the words shown when nothing can be saved', async () => {
    const lab = await createFixLab();
    lab.host.state = { ...lab.host.state, room: false };
    const fix = await reviewed(lab);
    const { digest = '' } = await lab.fix(fix);
    const value = { stream: STREAM, fix, digest };
    expect(text(lab.said('form:V1'))).toContain('To accept the loss type: lose thing');
    for (const words of [undefined, '', 'yes', 'lose', 'Lose thing']) {
      const input = { value, person: WHO.requester, ...(words === undefined ? {} : { words }) };
      await expect(requestFix(lab.deps, input)).rejects.toMatchObject({
        code: 'PARAMS_INVALID',
        context: { input: 'loss' },
      });
    }
    await requestFix(lab.deps, { value, person: WHO.requester, words: ' lose thing ' });
    expect((await lab.fix(fix)).request?.lossAccepted).toBe('lose thing');
    expect(text(lab.said())).toContain('lose thing');
  });

  it('is refused while the same fix is under way', async () => {
    const lab = await createFixLab();
    await lab.requested();
    await expect(lab.requested()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('is refused twice for one dialog', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    const again = requestFix(lab.deps, { value, person: WHO.requester });
    await expect(again).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

describe('the panel of the room', () => {
  it('tells how each fix stands, from the request to the end', async () => {
    const lab = await createFixLab();
    const panel = (): string =>
      text(
        lab
          .said()
          .filter((said) => 'key' in said && said.key === 'panel')
          .slice(-1),
      );
    const value = await lab.requested();
    expect(panel()).toContain('Approval needed: Empty the thing 42 on host-17');
    await approveFix(lab.deps, { value, person: WHO.approver });
    expect(panel()).toContain('Approved, running: Empty the thing 42 on host-17');
    await lab.execute(value.fix);
    expect(panel()).toContain('Fixed: sample on host-17: 1000 bytes freed');
    expect(panel()).not.toContain('running');
  });
});

describe('deciding about a fix', () => {
  it('takes the buttons away and queues the fix at the completing approval', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    expect(lab.jobs('execute-fix')).toBe(1);
    const update = lab.said().at(-1);
    expect(update).toMatchObject({ op: 'message.update', key: `fix:${value.fix}` });
    expect(text([update as ChatOperation])).not.toContain('fix.approve');
    expect(text([update as ChatOperation])).toContain('UAPPROVE');
    expect(lab.counted).toContain('housecall_approvals_total approved');
  });

  it('waits for as many people as a rule asks for, and counts them in the message', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, rules: [{ groups: ['prod'], required: 2 }] };
    const value = await lab.approved();
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'pending' });
    expect(lab.jobs('execute-fix')).toBe(0);
    expect(text(lab.said().slice(-1))).toMatch(/Approved \(1 of 2\).*fix\.approve/);
    await approveFix(lab.deps, { value, person: WHO.second });
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'approved' });
    expect(lab.jobs('execute-fix')).toBe(1);
  });

  it('ends at a denial, and nothing runs', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    await denyFix(lab.deps, { value, person: WHO.requester });
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'denied' });
    expect(text(lab.said().slice(-1))).toContain('Denied, nothing was run');
    expect(text(lab.said().slice(-1))).not.toContain('aved first');
    await lab.execute(value.fix);
    expect(lab.host.done).toEqual([]);
  });

  it('says that a self-approval was one, where the rules allow it', async () => {
    const lab = await createFixLab();
    lab.deps.approvals = { ...lab.deps.approvals, selfApproval: true };
    const value = await lab.requested();
    await approveFix(lab.deps, { value, person: WHO.requester });
    expect(text(lab.said().slice(-1))).toContain('self-approval, which the configuration allows');
    await lab.execute(value.fix);
    expect(lab.host.done).toEqual(['claim', 'save', 'truncate']);
  });
});

describe('the deadline', () => {
  it('voids a request that nobody decided, and says so', async () => {
    const lab = await createFixLab();
    const value = await lab.requested();
    lab.clock.advance(14 * 60_000);
    await check(lab, value.fix);
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'pending' });
    expect(lab.store.jobs.at(-1)?.job).toMatchObject({ kind: 'check-fix', delaySeconds: 61 });
    lab.clock.advance(61_000);
    await check(lab, value.fix);
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'expired' });
    expect(text(lab.said().slice(-1))).toContain('Expired, nothing was run');
    expect(lab.counted).toContain('housecall_approvals_total expired');
  });

  it('voids an approval that no worker took up', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    lab.clock.advance(16 * 60_000);
    await check(lab, value.fix);
    expect(await lab.fix(value.fix)).toMatchObject({ status: 'expired' });
    await lab.execute(value.fix);
    expect(lab.host.done).toEqual([]);
  });

  it('leaves a fix that has ended alone', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    await lab.execute(value.fix);
    const before = lab.said().length;
    lab.clock.advance(86_400_000);
    await check(lab, value.fix);
    expect(lab.said()).toHaveLength(before);
  });
});

describe('a newer definition of the fix', () => {
  it('voids approvals of the older one', async () => {
    const lab = await createFixLab();
    const value = await lab.approved();
    lab.deps.fix = onlyFix(sampleFix(2));
    await lab.execute(value.fix);
    expect((await lab.fix(value.fix)).result).toMatchObject({ outcome: 'failed' });
    expect(lab.host.done).toEqual([]);
  });
});
