import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/core/alert-route.ts';
import { requestClose } from '../../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { mergeIncidents } from '../../../src/workflows/incident/merge-incidents.ts';
import { deliverOne } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ADA = { team: 'T1', user: 'UADA' };
const FIRST = '20261120-1';
const SECOND = '20261120-2';

/** Each alert of its own group. */
const ALONE: Route = {
  match: { alertname: 'NodeLowRootDisk' },
  severity: 'SEV2',
  diagnose: ['echo'],
  invite: ['UADA'],
  groupBy: [],
};

type WarRoom = ReturnType<typeof createWarRoom>;

async function fire(war: WarRoom, alertId: string, entity = 'host-17'): Promise<void> {
  await war.opsgenie('Create', { alertId, entity, message: `disk of ${alertId}` });
}

const room = (war: WarRoom, id: string) => {
  const found = [...war.chat.rooms.values()].find(({ name }) => name.startsWith(`inc-${id}-`));
  if (found === undefined) throw new Error(`no room of ${id}`);
  return found;
};

const texts = (war: WarRoom, id: string): readonly string[] =>
  room(war, id).messages.map(({ text }) => text);

describe('an alert that ends before it begins', () => {
  it('opens nothing, also when its beginning arrives late', async () => {
    const war = createWarRoom();
    const createdAt = war.clock.now().getTime();
    await war.opsgenie('Close', { createdAt });
    await war.settle();
    war.clock.advance(1000);
    await war.opsgenie('Create', { createdAt });
    await war.settle();
    expect(await war.store.journal.open()).toEqual([]);
  });

  it('opens an incident when it begins anew', async () => {
    const war = createWarRoom();
    await war.opsgenie('Close');
    await war.settle();
    war.clock.advance(60_000);
    await war.opsgenie('Create');
    await war.settle();
    expect(await war.store.journal.open()).toEqual([FIRST]);
  });
});

describe('a group that fires again', () => {
  async function closed(): Promise<WarRoom> {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const change = { change: 'resolve', reason: 'log truncated' } as const;
    await changeIncident(war.deps, { stream: FIRST, person: ADA, change });
    await war.settle();
    await requestClose(war.deps, { stream: FIRST, person: ADA });
    while (await deliverOne(war.deps)) {
      // until everything is said: the archive waits for it
    }
    await war.settle();
    expect((await war.incident(FIRST)).incident?.state).toBe('closed');
    return war;
  }

  it('soon after its close goes on in a room that names the one before', async () => {
    const war = await closed();
    war.clock.advance(60_000);
    await war.opsgenie('Create');
    await war.settle();
    expect((await war.incident(SECOND)).incident?.continues).toBe(FIRST);
  });

  it('later is a new incident, to which the one before is named as like it', async () => {
    const war = await closed();
    war.clock.advance(3_600_000);
    await war.opsgenie('Create');
    await war.settle();
    const { incident } = await war.incident(SECOND);
    expect(incident?.continues).toBeNull();
    const { nameSimilar } = await import('../../../src/workflows/incident/name-similar.ts');
    await nameSimilar(war.deps, SECOND);
    await nameSimilar(war.deps, SECOND);
    await war.settle();
    const named = texts(war, SECOND).filter((text) => text.includes('Seen before'));
    expect(named).toEqual([expect.stringContaining(`incident ${FIRST}, resolved: log truncated`)]);
    expect(named[0]).toContain('In common: echo.said, NodeLowRootDisk, host-17');
  });
});

describe('a storm of alerts', () => {
  async function storm(alerts: number): Promise<WarRoom> {
    const hosts = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`web-${n}`, 'ok']));
    const war = createWarRoom(hosts, [ALONE]);
    for (let n = 0; n < alerts; n++) await fire(war, `a-${n}`, `web-${n}`);
    await war.settle();
    return war;
  }

  it('gets a room each up to the limit, and one room for all others', async () => {
    const war = await storm(30);
    const open = await war.store.journal.open();
    expect(open).toHaveLength(11);
    const state = await war.incident(open.at(-1) ?? '');
    expect(state.incident).toMatchObject({ storm: true, state: 'triage' });
    expect(state.incident?.title).toMatch(/^Alert storm: more than 10 incidents in a minute/);
    expect(state.alerts.size).toBe(20);
    const all = await Promise.all(open.map((id) => war.incident(id)));
    const keys = all.flatMap(({ alerts }) => [...alerts.keys()]);
    expect(new Set(keys).size).toBe(30);
    expect(keys).toHaveLength(30);
  });

  it('takes in what its alerts say afterwards, without a line for each', async () => {
    const war = await storm(30);
    const id = (await war.store.journal.open()).at(-1) ?? '';
    const before = texts(war, id).length;
    for (let n = 10; n < 29; n++) {
      await war.opsgenie('Close', { alertId: `a-${n}`, entity: `web-${n}` });
    }
    await war.settle();
    const state = await war.incident(id);
    expect([...state.alerts.values()].filter(({ firing }) => firing)).toHaveLength(1);
    expect(texts(war, id)).toHaveLength(before);
  });

  it('is over for whoever comes later: a new alert has a room of its own', async () => {
    const war = await storm(12);
    war.clock.advance(120_000);
    await fire(war, 'late', 'web-39');
    await war.settle();
    const open = await war.store.journal.open();
    expect((await war.incident(open.at(-1) ?? '')).incident).toMatchObject({
      storm: false,
      title: 'disk of late',
    });
  });
});

describe('an alert that comes and goes', () => {
  it('is told as flapping once, and resolves and reopens nothing after that', async () => {
    const war = createWarRoom();
    for (let n = 0; n < 6; n++) {
      war.clock.advance(60_000);
      await war.opsgenie(n % 2 === 0 ? 'Create' : 'Close');
      await war.settle();
    }
    const before = texts(war, FIRST).length;
    for (let n = 0; n < 6; n++) {
      war.clock.advance(60_000);
      await war.opsgenie(n % 2 === 0 ? 'Create' : 'Close');
      await war.settle();
    }
    const state = await war.incident(FIRST);
    expect(state.incident?.state).toBe('active');
    const lines = texts(war, FIRST);
    expect(lines.filter((text) => text.includes('flaps: 6 changes'))).toHaveLength(1);
    // The reopening and the word about the flapping itself; nothing of the five changes after it.
    expect(lines.length - before).toBeLessThanOrEqual(3);
  });

  it('an hour apart does not flap', async () => {
    const war = createWarRoom();
    for (let n = 0; n < 12; n++) {
      war.clock.advance(3_600_000);
      await war.opsgenie(n % 2 === 0 ? 'Create' : 'Close');
      await war.settle();
    }
    const { alerts, incident } = await war.incident(FIRST);
    expect([...alerts.values()].map(({ flapping }) => flapping)).toEqual([false]);
    expect(incident?.state).toBe('resolved');
  });
});

describe('merging two incidents', () => {
  async function two(): Promise<WarRoom> {
    const war = createWarRoom({ 'host-17': 'full', 'host-18': 'full' }, [ALONE]);
    await fire(war, 'a-1', 'host-17');
    await fire(war, 'a-2', 'host-18');
    await war.settle();
    return war;
  }
  const merge = (war: WarRoom): Promise<void> =>
    mergeIncidents(war.deps, { into: FIRST, from: SECOND, person: ADA });

  it('takes the alerts and hosts over, and each room names the other', async () => {
    const war = await two();
    await merge(war);
    await war.settle();
    const into = await war.incident(FIRST);
    expect([...into.alerts.keys()]).toEqual(['opsgenie:a-1', 'opsgenie:a-2']);
    expect(into.incident).toMatchObject({ hosts: ['host-17', 'host-18'], absorbed: [SECOND] });
    const from = await war.incident(SECOND);
    expect(from.incident).toMatchObject({ mergedInto: FIRST, state: 'resolved' });
    expect(texts(war, FIRST).join('\n')).toContain(`took in incident ${SECOND}`);
    expect(texts(war, SECOND).join('\n')).toContain(`merged this incident into ${FIRST}`);
  });

  it('leads what the alerts say afterwards to the incident that goes on', async () => {
    const war = await two();
    await merge(war);
    await war.opsgenie('Close', { alertId: 'a-2', entity: 'host-18' });
    await war.settle();
    const { alerts } = await war.incident(FIRST);
    expect(alerts.get('opsgenie:a-2')?.firing).toBe(false);
    expect(alerts.get('opsgenie:a-1')?.firing).toBe(true);
    expect(await war.store.journal.open()).toEqual([FIRST, SECOND]);
  });

  it('asked for twice is done once', async () => {
    const war = await two();
    await merge(war);
    const { seq } = await war.incident(FIRST);
    await merge(war);
    expect((await war.incident(FIRST)).seq).toBe(seq);
  });

  it('refuses itself, what is closed, and what went elsewhere', async () => {
    const war = await two();
    await fire(war, 'a-3', 'elsewhere');
    await war.settle();
    const asked = (into: string, from: string): Promise<void> =>
      mergeIncidents(war.deps, { into, from, person: ADA });
    await expect(asked(FIRST, FIRST)).rejects.toThrow(/cannot go on in itself/);
    await expect(asked(FIRST, '20261120-9')).rejects.toThrow(/there is no incident 20261120-9/);
    await merge(war);
    await expect(asked('20261120-3', SECOND)).rejects.toThrow(`merged into ${FIRST}`);
    await expect(asked(SECOND, '20261120-3')).rejects.toThrow(/nothing can join it/);
    const change = { change: 'ack' } as const;
    await expect(changeIncident(war.deps, { stream: SECOND, person: ADA, change })).rejects.toThrow(
      `goes on in ${FIRST}`,
    );
  });
});

describe('resolving', () => {
  it('looks again where something was wrong, and says that it still is', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const change = { change: 'resolve', reason: '' } as const;
    await changeIncident(war.deps, { stream: FIRST, person: ADA, change });
    await war.settle();
    const { runs, incident } = await war.incident(FIRST);
    expect([...runs.values()].map(({ reason }) => reason)).toEqual(['route', 'verify']);
    expect(incident?.state).toBe('resolved');
    expect(texts(war, FIRST).at(-1)).toMatch(
      /^Resolved, but echo on host-17 is still critical: .*it said full/,
    );
  });

  it('looks again when every alert was closed at the source, and says what became well', async () => {
    const answers = { 'host-17': 'full' };
    const war = createWarRoom(answers);
    await war.opsgenie('Create');
    await war.settle();
    answers['host-17'] = 'ok';
    war.clock.advance(1000);
    await war.opsgenie('Close');
    await war.settle();
    expect(texts(war, FIRST).at(-1)).toMatch(
      /^Looked again after the resolve: echo on host-17 is ok/,
    );
    const announced = war.chat.room('incidents').messages.map(({ text }) => text);
    expect(announced.at(-1)).toMatch(/SEV2 resolved/);
  });

  it('of what was never wrong looks at nothing', async () => {
    const war = createWarRoom({ 'host-17': 'ok' });
    await war.opsgenie('Create');
    await war.settle();
    const change = { change: 'resolve', reason: '' } as const;
    await changeIncident(war.deps, { stream: FIRST, person: ADA, change });
    expect((await war.incident(FIRST)).runs.size).toBe(1);
  });
});
