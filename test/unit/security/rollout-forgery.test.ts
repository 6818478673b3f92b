import { describe, expect, it } from 'vitest';
import type { EventRecord, FixEvent } from '../../../src/core/incident/event.ts';
import { approveRollout, denyRollout } from '../../../src/workflows/fix/decide-rollout.ts';
import { requestFix } from '../../../src/workflows/fix/request-fix.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { STREAM, WHO } from '../../support/fix-lab.ts';
import { createRolloutLab } from '../../support/rollout-lab.ts';

type Lab = Awaited<ReturnType<typeof createRolloutLab>>;

/** Somebody who can write the database, and has no key, changes the record of this case. */
function rewrite(lab: Lab, change: (record: EventRecord) => EventRecord | null): void {
  const { journal } = lab.store;
  const read = journal.read.bind(journal);
  lab.deps.journal = {
    ...journal,
    read: async (stream, afterSeq) =>
      (await read(stream, afterSeq)).flatMap((record) => change(record) ?? []),
    // The sequence of a shortened record is its own: the fake counts what is stored.
    commit: async (wanted) =>
      journal.commit({ ...wanted, expectedSeq: (await read(wanted.stream)).length }),
  };
}

async function fixOf(lab: Lab, host: string): Promise<string> {
  const { fixes } = await readCase(lab.store.journal, STREAM);
  const id = [...fixes.values()].find((fix) => fix.host === host)?.id;
  if (id === undefined) throw new Error(`no fix on ${host}`);
  return id;
}

const reviewed = (
  event: EventRecord['event'],
): event is Extract<FixEvent, { type: 'fix.reviewed' }> => event.type === 'fix.reviewed';

describe('who can write the database, but has no key', () => {
  it('cannot take a host out of an approved rollout to skip the canary', async () => {
    const lab = await createRolloutLab(3);
    await lab.approved();
    const last = await fixOf(lab, 'web-3');
    rewrite(lab, (record) => {
      if (!reviewed(record.event) || record.event.fix !== last) return record;
      const { rollout: _, ...alone } = record.event;
      return { ...record, event: alone };
    });
    await lab.execute(last);
    expect(lab.host('web-3').done).toEqual([]);
  });

  it('cannot change the order of an approved rollout', async () => {
    const lab = await createRolloutLab(3);
    await lab.approved();
    const last = await fixOf(lab, 'web-3');
    rewrite(lab, (record) => {
      const { event } = record;
      if (!reviewed(event) || event.rollout === undefined) return record;
      const { id, place } = event.rollout;
      return { ...record, event: { ...event, rollout: { id, place: 2 - place } } };
    });
    await lab.execute(last);
    expect(lab.host('web-3').done).toEqual([]);
  });

  it('cannot make another host the canary by forgetting that it was asked for', async () => {
    const lab = await createRolloutLab(3);
    await lab.approved();
    const [first, second] = [await fixOf(lab, 'web-1'), await fixOf(lab, 'web-2')];
    rewrite(lab, (record) =>
      record.event.type === 'fix.requested' && record.event.fix === first ? null : record,
    );
    await lab.execute(second);
    expect(lab.host('web-2').done).toEqual([]);
  });

  it('cannot say that the canary is verified', async () => {
    const lab = await createRolloutLab(3);
    await lab.approved();
    const [first, second] = [await fixOf(lab, 'web-1'), await fixOf(lab, 'web-2')];
    await lab.record({ kind: 'housecall' }, [
      { type: 'fix.claimed', fix: first, worker: 'w' },
      { type: 'fix.finished', fix: first, outcome: 'verified', reason: 'fine', steps: [] },
    ]);
    await lab.execute(second);
    expect(lab.host('web-2').done).toEqual([]);
  });

  it('cannot turn a failed canary into a verified one', async () => {
    const lab = await createRolloutLab(2);
    await lab.approved();
    const [first, second] = [await fixOf(lab, 'web-1'), await fixOf(lab, 'web-2')];
    lab.host('web-1').before = async ({ id }) => (id === 'truncate' ? { exitCode: 1 } : null);
    await lab.execute(first);
    rewrite(lab, (record) => {
      const { event } = record;
      if (event.type === 'fix.stopped') return null;
      return event.type === 'fix.finished'
        ? { ...record, event: { ...event, outcome: 'verified' } }
        : record;
    });
    await lab.execute(second);
    expect(lab.host('web-2').done).toEqual([]);
  });

  it('cannot have a canary verified by the mark of a plan that nobody approved', async () => {
    const lab = await createRolloutLab(2);
    await lab.approved();
    const [first, second] = [await fixOf(lab, 'web-1'), await fixOf(lab, 'web-2')];
    lab.host('web-1').marks.set(first, 'done truncate');
    lab.host('web-1').state = { inode: 'web-1', bytes: 0, room: true };
    await lab.record({ kind: 'housecall' }, [{ type: 'fix.claimed', fix: first, worker: 'w' }]);
    rewrite(lab, (record) => {
      const { event } = record;
      if (event.type !== 'fix.planned' || event.fix !== first) return record;
      // A directory on the host where the attacker can write.
      const plan = { ...event.plan, identity: { ...event.plan.identity, claim: '/tmp/mine' } };
      return { ...record, event: { ...event, plan } };
    });
    await lab.execute(first);
    await lab.execute(second);
    expect(lab.host('web-2').done).toEqual([]);
  });

  it('cannot show people fewer hosts than will run', async () => {
    const lab = await createRolloutLab(3);
    const value = await lab.requested();
    rewrite(lab, (record) =>
      record.event.type === 'fix.requested' && record.event.fix !== value.fix ? null : record,
    );
    await expect(approveRollout(lab.deps, { value, person: WHO.approver })).rejects.toThrow(
      /are not the ones|nobody has requested it/,
    );
    expect(lab.jobs('execute-fix')).toBe(0);
  });
});

describe('a host of a rollout', () => {
  it('is not asked for on its own', async () => {
    const lab = await createRolloutLab(3);
    await lab.plan();
    const fix = await fixOf(lab, 'web-3');
    const digest = (await lab.fix(fix)).digest ?? '';
    const value = { stream: STREAM, fix, digest };
    await expect(requestFix(lab.deps, { value, person: WHO.requester })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
  });
});

describe('hosts of one rollout with different terms', () => {
  const twoOnLast = async (): Promise<Lab> => {
    const lab = await createRolloutLab(3);
    const last = lab.deps.inventory.get('web-3');
    if (last === undefined) throw new Error('no web-3');
    lab.deps.inventory = new Map([
      ...lab.deps.inventory,
      ['web-3', { ...last, groups: ['vault'] }],
    ]);
    lab.deps.approvals = { ...lab.deps.approvals, rules: [{ groups: ['vault'], required: 2 }] };
    return lab;
  };

  it('need the people of the strictest, who can all approve', async () => {
    const lab = await twoOnLast();
    const value = await lab.requested();
    expect(JSON.stringify(lab.said())).toContain('2 different people must approve');
    await approveRollout(lab.deps, { value, person: WHO.approver });
    expect(lab.jobs('execute-fix')).toBe(0);
    await approveRollout(lab.deps, { value, person: WHO.second });
    await lab.work();
    expect(await lab.standing()).toEqual(lab.names.map((name) => `${name} verified`));
  });

  it('can be denied after the first approval', async () => {
    const lab = await twoOnLast();
    const value = await lab.requested();
    await approveRollout(lab.deps, { value, person: WHO.approver });
    await denyRollout(lab.deps, { value, person: WHO.requester });
    expect(await lab.standing()).toEqual(lab.names.map((name) => `${name} denied`));
  });
});

describe('the message that people approve', () => {
  it('says what would run on every host', async () => {
    const lab = await createRolloutLab(3);
    await lab.requested();
    const asked = JSON.stringify(
      lab.said().findLast((said) => 'key' in said && said.key.startsWith('rollout:')),
    );
    for (const name of lab.names) {
      expect(asked).toContain(`sh -s -- truncate ${name}`);
    }
  });
});
