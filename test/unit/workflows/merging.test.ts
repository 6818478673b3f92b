import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/core/alert-route.ts';
import { routeAlert } from '../../../src/workflows/alert/route-alert.ts';
import { requestClose } from '../../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { mergeIncidents } from '../../../src/workflows/incident/merge-incidents.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ADA = { team: 'T1', user: 'UADA' };
const FIRST = '20261120-1';
const SECOND = '20261120-2';
const TEAM: Route = {
  match: {},
  severity: 'SEV2',
  diagnose: [],
  invite: [],
  groupBy: ['team'],
};

type WarRoom = ReturnType<typeof createWarRoom>;

async function say(war: WarRoom, action: string, alertId: string, team: string): Promise<void> {
  war.clock.advance(1000);
  await war.opsgenie(action, {
    alertId,
    entity: '',
    message: `disk of ${alertId}`,
    details: { team },
  });
}

/** What was received last is routed now, whatever else goes on. */
async function routeLast(war: WarRoom): Promise<void> {
  const row = war.store.jobs.pop();
  if (row?.job.kind !== 'route-alert') throw new Error('no delivery was queued');
  await routeAlert(war.deps, row.job);
}

/** Team one's incident, and team two's. */
async function two(): Promise<WarRoom> {
  const war = createWarRoom({}, [TEAM]);
  await say(war, 'Create', 'a-1', 'one');
  await say(war, 'Create', 'a-2', 'two');
  await war.settle();
  return war;
}

const merge = (war: WarRoom, into = FIRST, from = SECOND): Promise<void> =>
  mergeIncidents(war.deps, { into, from, person: ADA });

/** Runs once, just before a commit of this incident that has such an event. */
function before(war: WarRoom, type: string, what: () => Promise<void>): void {
  const { journal } = war.deps;
  let once = true;
  war.deps.journal = {
    ...journal,
    commit: async (wanted) => {
      if (once && wanted.events.some((event) => event.type === type)) {
        once = false;
        await what();
      }
      return journal.commit(wanted);
    },
  };
}

async function resolve(war: WarRoom, stream: string): Promise<void> {
  const change = { change: 'resolve', reason: '' } as const;
  await changeIncident(war.deps, { stream, person: ADA, change });
}

async function close(war: WarRoom, stream: string): Promise<void> {
  await requestClose(war.deps, { stream, person: ADA });
  while (await deliverOne(war.deps)) {
    // until everything is said: the archive waits for it
  }
  await war.settle();
}

describe('while two incidents are merged', () => {
  it('an alert that joins the other at this moment goes along', async () => {
    const war = await two();
    before(war, 'incident.merged', async () => {
      await say(war, 'Create', 'a-3', 'two');
      await routeLast(war);
    });
    await merge(war);
    const { alerts } = await war.incident(FIRST);
    expect([...alerts.keys()]).toEqual(['opsgenie:a-1', 'opsgenie:a-2', 'opsgenie:a-3']);
  });

  it('an alert that ends in the other at this moment has ended here', async () => {
    const war = await two();
    before(war, 'incident.merged', async () => {
      await say(war, 'Close', 'a-2', 'two');
      await routeLast(war);
    });
    await merge(war);
    expect((await war.incident(FIRST)).alerts.get('opsgenie:a-2')?.firing).toBe(false);
  });

  it('an alert of theirs that comes before the names are moved is led here', async () => {
    const war = await two();
    const { journal } = war.deps;
    war.deps.journal = {
      ...journal,
      commit: async (wanted) => {
        if (wanted.takesFrom !== undefined) throw new Error('power cut');
        return journal.commit(wanted);
      },
    };
    await expect(merge(war)).rejects.toThrow('power cut');
    war.deps.journal = journal;
    await say(war, 'Close', 'a-2', 'two');
    await say(war, 'Create', 'a-3', 'two');
    await war.settle();
    const { alerts } = await war.incident(FIRST);
    expect(alerts.get('opsgenie:a-2')?.firing).toBe(false);
    expect(alerts.get('opsgenie:a-3')?.firing).toBe(true);
    await merge(war);
    await close(war, SECOND);
    expect(await journal.owner('alert:opsgenie:a-2')).toBe(FIRST);
  });

  it('one that is being closed by then is refused, and may go elsewhere when it stays', async () => {
    const war = await two();
    await say(war, 'Create', 'a-3', 'three');
    await war.settle();
    before(war, 'incident.absorbed', async () => {
      await resolve(war, SECOND);
      await requestClose(war.deps, { stream: SECOND, person: ADA });
      await say(war, 'Create', 'a-1', 'one');
      await routeLast(war);
    });
    await expect(merge(war)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await say(war, 'Create', 'a-2', 'two');
    await war.settle();
    await merge(war, '20261120-3', SECOND);
    expect((await war.incident('20261120-3')).alerts.size).toBe(2);
  });

  it('nobody can merge them the other way round', async () => {
    const war = await two();
    const outcomes = await Promise.allSettled([merge(war), merge(war, SECOND, FIRST)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await say(war, 'Create', 'a-3', 'two');
    await war.settle();
    const cases = [await war.incident(FIRST), await war.incident(SECOND)];
    const going = cases.filter(({ incident }) => incident?.mergedInto === null);
    expect(going).toHaveLength(1);
    expect(going[0]?.alerts.size).toBe(3);
  });
});

describe('what was merged', () => {
  it('opens the one it goes on in again when that was resolved and this was not', async () => {
    const war = await two();
    await resolve(war, FIRST);
    await merge(war);
    expect((await war.incident(FIRST)).incident?.state).toBe('active');
  });

  it('makes the one it goes on in as bad as it was', async () => {
    const war = await two();
    const change = { change: 'severity', severity: 'SEV1' } as const;
    await changeIncident(war.deps, { stream: SECOND, person: ADA, change });
    await merge(war);
    expect((await war.incident(FIRST)).incident?.severity).toBe('SEV1');
  });

  it('fires anew in a room of its own when the one it went on in is closed', async () => {
    const war = await two();
    await merge(war);
    await resolve(war, FIRST);
    await close(war, FIRST);
    expect((await war.incident(FIRST)).incident?.state).toBe('closed');
    await say(war, 'Create', 'a-2', 'two');
    await war.settle();
    expect([...(await war.incident('20261120-3')).alerts.keys()]).toEqual(['opsgenie:a-2']);
  });

  it('is resolved in the topic of its room, too', async () => {
    const war = await two();
    await merge(war);
    await war.settle();
    const channel = (await war.incident(SECOND)).incident?.room?.channel ?? '';
    expect(war.chat.rooms.get(channel)?.topic).toContain('SEV2 resolved');
  });

  it('goes on where that goes on, when that is merged too', async () => {
    const war = await two();
    await say(war, 'Create', 'a-3', 'three');
    await war.settle();
    await merge(war);
    await merge(war, '20261120-3', FIRST);
    await close(war, SECOND);
    await say(war, 'Close', 'a-2', 'two');
    await war.settle();
    const { alerts } = await war.incident('20261120-3');
    expect(alerts.get('opsgenie:a-2')?.firing).toBe(false);
    expect(alerts.size).toBe(3);
  });
});

describe('names that a crash left where they were', () => {
  const THIRD = '20261120-3';

  /** The second went on in the first without its names, and then the first in a third. */
  async function chain(): Promise<WarRoom> {
    const war = await two();
    await say(war, 'Create', 'a-3', 'three');
    await war.settle();
    const { journal } = war.deps;
    war.deps.journal = {
      ...journal,
      commit: async (wanted) => {
        if (wanted.takesFrom !== undefined) throw new Error('power cut');
        return journal.commit(wanted);
      },
    };
    await expect(merge(war)).rejects.toThrow('power cut');
    war.deps.journal = journal;
    await merge(war, THIRD, FIRST);
    return war;
  }

  it('lead to where it goes on by now', async () => {
    const war = await chain();
    await say(war, 'Close', 'a-2', 'two');
    await war.settle();
    expect((await war.incident(THIRD)).alerts.get('opsgenie:a-2')?.firing).toBe(false);
  });

  it('do not keep an alert from a room of its own when that is closed', async () => {
    const war = await chain();
    await resolve(war, THIRD);
    await close(war, THIRD);
    await say(war, 'Create', 'a-2', 'two');
    await war.settle();
    expect([...(await war.incident('20261120-4')).alerts.keys()]).toEqual(['opsgenie:a-2']);
  });
});

describe('a storm', () => {
  it('keeps what is private apart, in a private room', async () => {
    const secret: Route = { ...TEAM, match: { team: 'security' }, private: true };
    const war = createWarRoom({}, [secret, TEAM]);
    war.deps.stormPerMinute = 1;
    await say(war, 'Create', 'a-1', 'one');
    await say(war, 'Create', 'a-2', 'two');
    await say(war, 'Create', 'b-1', 'security');
    await war.settle();
    const [, storm = '', apart = ''] = await war.store.journal.open();
    expect([...(await war.incident(storm)).alerts.keys()]).toEqual(['opsgenie:a-2']);
    expect((await war.incident(apart)).incident).toMatchObject({ storm: true, private: true });
  });
});

describe('an alert nobody has heard of', () => {
  it('does not fire because of a note about it', async () => {
    const war = await two();
    await say(war, 'AddNote', 'a-9', 'one');
    await war.settle();
    await say(war, 'Close', 'a-1', 'one');
    await war.settle();
    expect((await war.incident(FIRST)).incident?.state).toBe('resolved');
  });
});
