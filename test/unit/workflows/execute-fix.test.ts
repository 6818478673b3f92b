import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { createFixLab, type FixLab, STREAM } from '../../support/fix-lab.ts';

const UNKNOWN = 'Outcome unknown. It may have run. It will not be run again.';
const said = (lab: FixLab): string => JSON.stringify(lab.said().slice(-2));

describe('executing an approved fix', () => {
  it('claims, saves, acts, looks again, and tells before and after in the thread and a line in the room', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await lab.execute(fix);
    expect(lab.host.done).toEqual(['claim', 'save', 'truncate']);
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'verified',
      reason: '1000 bytes freed',
      before: 'thing 42: 1000 bytes',
      after: 'thing 42: 0 bytes',
      steps: [{ id: 'claim' }, { id: 'save' }, { id: 'truncate', exitCode: 0 }],
    });
    const [update, line] = lab.said().slice(-2);
    expect(update).toMatchObject({ op: 'message.update', key: `fix:${fix}` });
    expect(JSON.stringify(update)).toMatch(/Fixed: sample on host-17: 1000 bytes freed/);
    expect(line).toMatchObject({ op: 'message.post', key: `fix-end:${fix}` });
    expect(line).not.toHaveProperty('thread');
    expect(lab.counted.at(-1)).toBe('housecall_fixes_total sample verified');
  });

  it('keeps secrets out of what it stores and shows', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    await lab.execute(fix);
    const records = JSON.stringify(await lab.store.journal.read(STREAM));
    expect(records).not.toContain('hunter2');
    expect(records).toContain('token=[redacted]');
  });

  it('has its claim on record before the first change', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    const seen: string[] = [];
    lab.host.before = async ({ id }) => {
      seen.push(`${id} ${(await lab.fix(fix)).claim?.worker.split('/')[0]}`);
      return null;
    };
    await lab.execute(fix);
    expect(seen).toEqual(['claim worker-1', 'save worker-1', 'truncate worker-1']);
  });

  it('does not run when the claim cannot be written', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.deps.journal = {
      ...lab.store.journal,
      commit: async () => {
        throw new HousecallError('STORE_UNAVAILABLE', 'Redis is away');
      },
    };
    await expect(lab.execute(fix)).rejects.toThrow(/Redis is away/);
    expect(lab.host.done).toEqual([]);
  });

  it('runs although the size grew since the approval', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.state = { ...lab.host.state, bytes: 5000 };
    await lab.execute(fix);
    expect((await lab.fix(fix)).result).toMatchObject({
      outcome: 'verified',
      before: 'thing 42: 5000 bytes',
    });
  });

  it.each([
    ['another thing', { inode: '43' }, 'inode 42 → 43'],
    ['no room for the copy any more', { room: false }, 'what can be saved first'],
    ['the thing gone', { gone: true }, 'the thing is gone'],
  ])('runs nothing when it finds %s', async (_what, change, words) => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.state = { ...lab.host.state, ...change };
    await lab.execute(fix);
    const { result } = await lab.fix(fix);
    expect(result).toMatchObject({ outcome: 'stale', steps: [] });
    expect(result?.reason).toContain(words);
    expect(lab.host.done).toEqual([]);
    expect(said(lab)).toContain('Not run: the host changed since the approval');
  });

  it('stops at the first step that fails and says what was done', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.before = async ({ id }) =>
      id === 'save' ? { exitCode: 74, stderr: 'no room left\n' } : null;
    await lab.execute(fix);
    const { result } = await lab.fix(fix);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result?.reason).toBe('step save (exit 74): no room left. Completed: claim');
    expect(lab.host.done).toEqual(['claim']);
  });

  it.each([
    ['the connection breaks', async () => Promise.reject(new HousecallError('SSH_LOST', 'lost'))],
    ['the time is over', async () => ({ exitCode: null, timedOut: true })],
    ['it ends without a status', async () => ({ exitCode: null, signal: 'KILL' })],
  ])('says that the outcome is unknown when %s, and never tries again', async (_what, happens) => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.before = async ({ id }) => (id === 'truncate' ? happens() : null);
    await lab.execute(fix);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'unknown' });
    expect(said(lab)).toContain(UNKNOWN);
    lab.host.before = async () => null;
    await lab.execute(fix);
    expect(lab.host.done).toEqual(['claim', 'save']);
  });

  it('says that it did not help when nothing changed', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.before = async ({ id }) => (id === 'truncate' ? {} : null);
    await lab.execute(fix);
    expect((await lab.fix(fix)).result).toMatchObject({ outcome: 'ineffective' });
    expect(said(lab)).toContain('It ran but did not help');
  });

  it('cannot tell when the host is away afterwards', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.looking = async () => {
      if (lab.host.done.includes('truncate')) throw new HousecallError('SSH_UNREACHABLE', 'away');
    };
    await lab.execute(fix);
    expect((await lab.fix(fix)).result?.reason).toMatch(/all steps were done.*away/);
  });

  it('stops between steps when all fixes are frozen', async () => {
    const lab = await createFixLab();
    const { fix } = await lab.approved();
    lab.host.before = async ({ id }) => {
      if (id === 'save') {
        const at = lab.clock.now().toISOString();
        const actor = { kind: 'housecall' } as const;
        const commit = {
          stream: 'freeze',
          expectedSeq: 0,
          at,
          actor,
          events: [],
          claims: ['freeze'],
        };
        await lab.store.journal.commit(commit);
      }
      return null;
    };
    await lab.execute(fix);
    expect((await lab.fix(fix)).result?.reason).toMatch(
      /before step truncate: all fixes are frozen/,
    );
    expect(lab.host.done).toEqual(['claim', 'save']);
  });
});
