import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { attachAlert } from '../../../src/workflows/alert/attach-alert.ts';
import { routeAlert } from '../../../src/workflows/alert/route-alert.ts';
import { closeIncident } from '../../../src/workflows/closing/close-incident.ts';
import { requestClose } from '../../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { reopenClosed } from '../../../src/workflows/incident/reopen-closed.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { finishRun } from '../../../src/workflows/run/finish-run.ts';
import { startRun } from '../../../src/workflows/run/start-run.ts';
import { createWarRoom, echo } from '../../support/war-room.ts';

const ID = '20261120-1';
const ROOM = `inc-${ID}-disk-usage-above-75-on-host-17`;
const ADA = { team: 'T1', user: 'UADA' };
type WarRoom = ReturnType<typeof createWarRoom>;

/** An incident that Ada resolved and asked to close; its job has not run yet. */
async function closing(): Promise<WarRoom> {
  const war = createWarRoom();
  await war.opsgenie('Create');
  await war.settle();
  const change = { change: 'resolve', reason: 'done' } as const;
  await changeIncident(war.deps, { stream: ID, person: ADA, change });
  await war.settle();
  await requestClose(war.deps, { stream: ID, person: ADA });
  while (await deliverOne(war.deps)) {
    // until everything is said
  }
  return war;
}

const again = (war: WarRoom): Promise<unknown> => {
  war.clock.advance(60_000);
  return war.opsgenie('Create');
};

describe('closing an incident', () => {
  it('archives the room and ends the incident', async () => {
    const war = await closing();
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('closed');
    expect(war.chat.room(ROOM).archived).toBe(true);
  });

  it('stops when an alert fires again meanwhile: the incident goes on in its room', async () => {
    const war = await closing();
    await again(war);
    const [, route] = war.store.jobs;
    if (route?.job.kind !== 'route-alert') throw new Error('no delivery was queued');
    await routeAlert(war.deps, route.job);
    await war.settle();
    const { incident } = await war.incident(ID);
    expect(incident).toMatchObject({ state: 'active', closing: false });
    expect(war.chat.room(ROOM).archived).toBe(false);
    const texts = war.chat.room(ROOM).messages.map((message) => message.text);
    expect(texts.some((text) => /fires again/.test(text))).toBe(true);
  });

  it('stops when an alert fires again while the archive is being written', async () => {
    const war = await closing();
    const { archive } = war.deps;
    let once = true;
    war.deps.archive = async (stream) => {
      const result = await archive(stream);
      if (once) {
        once = false;
        await again(war);
        const route = war.store.jobs.find(({ job }) => job.kind === 'route-alert');
        if (route?.job.kind === 'route-alert') await routeAlert(war.deps, route.job);
      }
      return result;
    };
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('active');
    expect(war.chat.room(ROOM).archived).toBe(false);
  });

  it('archives again what happened while the archive was being written', async () => {
    const war = await closing();
    const { archive } = war.deps;
    const heads: string[] = [];
    war.deps.archive = async (stream) => {
      const result = await archive(stream);
      heads.push(result.head);
      if (heads.length === 1) {
        const { seq } = await war.incident(stream);
        const at = war.clock.now().toISOString();
        const event = { type: 'chat.failed', operation: 'x', reason: 'late' } as const;
        const actor = { kind: 'housecall' } as const;
        await war.store.journal.commit({ stream, expectedSeq: seq, at, actor, events: [event] });
      }
      return result;
    };
    await war.settle();
    const records = await war.store.journal.read(ID);
    const written = records.findIndex(({ event }) => event.type === 'archive.written');
    expect(heads).toHaveLength(2);
    expect(records[written - 1]?.hash).toBe(heads[1]);
  });

  it('says so, and stays open, when the record never holds still', async () => {
    const war = await closing();
    const { archive } = war.deps;
    war.deps.archive = async (stream) => ({ ...(await archive(stream)), head: 'another' });
    await war.settle();
    const { incident } = await war.incident(ID);
    expect(incident).toMatchObject({ state: 'resolved', closing: false });
    const texts = war.chat.room(ROOM).messages.map((message) => message.text);
    expect(texts.some((text) => /Not closed/.test(text))).toBe(true);
  });

  it('opens a new room for an alert that reaches the incident just after it was closed', async () => {
    const war = await closing();
    await war.settle();
    // Routed by what was true a moment before: the name still belonged to the incident.
    const { journal } = war.deps;
    let stale = 1;
    war.deps.journal = {
      ...journal,
      owner: async (claim) => (stale-- > 0 ? ID : journal.owner(claim)),
    };
    await again(war);
    await war.settle();
    expect((await war.incident('20261120-2')).incident?.state).toBe('active');
    expect(war.chat.room('incidents').messages.at(-1)?.text).toMatch(/opened/);
  });

  it('gives up, and says so, when its last messages never reach the room', async () => {
    const war = await closing();
    war.deps.outbox = { ...war.deps.outbox, ref: async () => null };
    const job = { stream: ID };
    await expect(closeIncident(war.deps, job)).rejects.toThrow(/waits for them/);
    await closeIncident(war.deps, job, { lastTry: true });
    expect((await war.incident(ID)).incident).toMatchObject({ closing: false });
  });

  it('can be asked for again when whoever was closing has died', async () => {
    const war = await closing();
    war.store.jobs.length = 0;
    const ask = (): Promise<void> => requestClose(war.deps, { stream: ID, person: ADA });
    await expect(ask()).rejects.toThrow(/being closed already/);
    war.clock.advance(20 * 60_000);
    await ask();
    await war.settle();
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('closed');
    await expect(ask()).rejects.toThrow(/is closed already$/);
  });

  it('happens once when its job runs twice', async () => {
    const war = await closing();
    await war.settle();
    const { seq } = await war.incident(ID);
    await closeIncident(war.deps, { stream: ID });
    expect((await war.incident(ID)).seq).toBe(seq);
  });

  it('waits for nothing that still runs: it says what to cancel', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    const [route] = war.store.jobs;
    if (route?.job.kind !== 'route-alert') throw new Error('no delivery was queued');
    await routeAlert(war.deps, route.job);
    const change = { change: 'resolve', reason: '' } as const;
    await changeIncident(war.deps, { stream: ID, person: ADA, change });
    await expect(requestClose(war.deps, { stream: ID, person: ADA })).rejects.toThrow(
      /echo on host-17 is still running/,
    );
  });

  it.each(['chain', 'verify'] as const)(
    'cancels a look (%s) that nobody asked for, and waits for none',
    async (reason) => {
      const war = createWarRoom();
      await war.opsgenie('Create');
      await war.settle();
      const change = { change: 'resolve', reason: '' } as const;
      await changeIncident(war.deps, { stream: ID, person: ADA, change });
      const params = { word: 'again' };
      const request = { run: 'r9', params, hosts: ['host-17'], lane: `room:${ID}` } as const;
      const actor = { kind: 'housecall' } as const;
      await startRun(war.deps, {
        stream: ID,
        actor,
        diagnostic: echo,
        request: { ...request, reason },
      });
      await requestClose(war.deps, { stream: ID, person: ADA });
      expect((await war.incident(ID)).runs.get('r9')?.cancelled).toBe(true);
      while (await deliverOne(war.deps)) {
        // until everything is said
      }
      await war.settle();
      expect((await war.incident(ID)).incident?.state).toBe('closed');
      expect(war.chat.room(ROOM).archived).toBe(true);
      const { seq } = await war.incident(ID);
      await finishRun(war.deps, { stream: ID, run: 'r9' });
      expect((await war.incident(ID)).seq).toBe(seq);
    },
  );

  it('lets nobody start a diagnosis whose answer would be lost', async () => {
    const war = await closing();
    const request = { run: 'r9', params: {}, hosts: ['host-17'], lane: `room:${ID}` } as const;
    const start = startRun(war.deps, {
      stream: ID,
      actor: { kind: 'person', ...ADA },
      diagnostic: echo,
      request: { ...request, reason: 'command' },
    });
    await expect(start).rejects.toThrow(/is being closed/);
  });

  it('ends also what Slack refused a room for', async () => {
    const war = createWarRoom();
    war.deps.chat = {
      ...war.deps.chat,
      openRoom: async () => {
        throw new HousecallError('CHAT_REFUSED', 'slack: restricted_action');
      },
    };
    await war.opsgenie('Create');
    await war.settle();
    const change = { change: 'resolve', reason: '' } as const;
    await changeIncident(war.deps, { stream: ID, person: ADA, change });
    await war.settle();
    await requestClose(war.deps, { stream: ID, person: ADA });
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('closed');
    expect(await war.store.journal.open()).toEqual([]);
  });

  it('is not what a note at the source stops', async () => {
    const war = await closing();
    const alert = {
      ...[...(await war.incident(ID)).alerts.values()][0]?.alert,
      action: 'note',
      description: 'x',
    } as Parameters<typeof attachAlert>[1]['alert'];
    const rest = {
      stream: ID,
      hosts: [],
      diagnose: [],
      claims: [],
      delivery: 'd9',
      severity: 'SEV2',
    } as const;
    await attachAlert(war.deps, { ...rest, alert });
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('closed');
  });
});

describe('reopening a closed incident', () => {
  it('keeps a private one private, and leads to where a merged one goes on', async () => {
    const war = await closing();
    await war.settle();
    const state = await war.incident(ID);
    const { incident } = state;
    if (incident === null) throw new Error('there is no incident');
    const ask = (more: Partial<typeof incident>) =>
      reopenClosed(war.deps, {
        state: { ...state, incident: { ...incident, ...more } },
        person: ADA,
        reason: '',
      });
    await expect(ask({ mergedInto: '20261120-9' })).rejects.toThrow(/goes on in 20261120-9/);
    expect((await ask({ private: true })).incident?.private).toBe(true);
  });

  it('opens one new room, also when two people ask at once', async () => {
    const war = await closing();
    await war.settle();
    const state = await war.incident(ID);
    const input = { state, person: ADA, reason: '' };
    const asked = await Promise.allSettled([
      reopenClosed(war.deps, input),
      reopenClosed(war.deps, input),
    ]);
    expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = asked.find((one) => one.status === 'rejected');
    expect(String(refused?.reason)).toMatch(/20261120-1 goes on in 20261120-\d/);
  });
});
