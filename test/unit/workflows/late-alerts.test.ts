import { beforeEach, describe, expect, it } from 'vitest';
import { alertmanager } from '../../../src/alerts/alertmanager/index.ts';
import { routeAlert } from '../../../src/workflows/alert/route-alert.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const BEGAN = Date.parse('2026-11-20T11:59:00Z');

let war: ReturnType<typeof createWarRoom>;
let sent = 0;
beforeEach(() => {
  war = createWarRoom();
});

/** An action of an alert that began when it began, whenever it is told. */
const tells = (action: string, alertId: string, createdAt = BEGAN) =>
  war.opsgenie(action, { alertId, createdAt, updatedAt: (BEGAN + ++sent) * 1e6 });

const firing = async (alertId: string) =>
  (await war.incident(ID)).alerts.get(`opsgenie:${alertId}`)?.firing;

describe('word of an alert’s end that overtakes the word of its beginning', () => {
  it('is believed: the beginning changes nothing in the incident of its group', async () => {
    await tells('Create', 'a-1');
    await war.settle();
    await tells('Close', 'a-2');
    await tells('Create', 'a-2');
    await war.settle();
    expect([await firing('a-1'), await firing('a-2')]).toEqual([true, false]);
    await tells('Close', 'a-1');
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('resolved');
  });

  it('is believed: the beginning does not open the incident again', async () => {
    await tells('Create', 'a-1');
    await tells('Close', 'a-2');
    await tells('Close', 'a-1');
    await war.settle();
    await tells('Create', 'a-2');
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('resolved');
  });

  it('is believed: the beginning opens nothing', async () => {
    await tells('Close', 'a-1');
    await tells('Create', 'a-1');
    await war.settle();
    expect(await war.store.journal.open()).toEqual([]);
  });

  it('counts however late the beginning comes, where a source ends an alert once', async () => {
    await tells('Create', 'a-1');
    await tells('Close', 'a-1');
    await war.settle();
    war.clock.advance(3_600_000);
    await tells('Create', 'a-1');
    await war.settle();
    expect(await firing('a-1')).toBe(false);
    expect((await war.incident(ID)).incident?.state).toBe('resolved');
  });

  it('counts for a minute where an alert may come back with its old beginning', async () => {
    const flush = (status: string) =>
      war.deliver(alertmanager, {
        version: '4',
        groupKey: '{}',
        groupLabels: {},
        receiver: 'housecall',
        status,
        truncatedAlerts: 0,
        externalURL: 'http://alertmanager.example.org',
        alerts: [
          {
            status,
            labels: { alertname: 'NodeLowRootDisk', instance: 'host-17:9100' },
            annotations: {},
            startsAt: new Date(BEGAN).toISOString(),
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: '',
            fingerprint: 'f-1',
          },
        ],
      });
    await flush('firing');
    await flush('resolved');
    await war.settle();
    war.clock.advance(60_000);
    await flush('firing');
    await war.settle();
    expect((await war.incident(ID)).alerts.get('alertmanager:f-1')?.firing).toBe(true);
  });

  it('is not believed of the next time that it fires', async () => {
    await tells('Create', 'a-1');
    await tells('Close', 'a-1');
    await tells('Create', 'a-1', BEGAN + 1);
    await war.settle();
    expect(await firing('a-1')).toBe(true);
    expect((await war.incident(ID)).incident?.state).toBe('active');
  });

  it('counts also when both are on their way at the same moment', async () => {
    const begin = { delivery: 'begin' };
    const end = { delivery: 'end' };
    const jobs = [begin, end];
    for (const [n, action] of ['Create', 'Close'].entries()) {
      await tells(action, 'a-1');
      const [row] = war.store.jobs.splice(0);
      if (row?.job.kind === 'route-alert') jobs[n] = row.job;
    }
    const [first = begin, second = end] = jobs;
    const { inbox } = war.deps;
    let meanwhile = true;
    const isOver = async (episode: string): Promise<boolean> => {
      const over = await inbox.isOver(episode);
      // Another process takes the end when this one has just seen that there is none.
      if (meanwhile) {
        meanwhile = false;
        await routeAlert(war.deps, second);
      }
      return over;
    };
    await routeAlert({ ...war.deps, inbox: { ...inbox, isOver } }, first);
    await war.settle();
    expect((await war.incident(ID)).incident?.state).toBe('resolved');
  });
});

describe('word of an earlier end that arrives when the alert fires again', () => {
  it('ends nothing, and nothing is said of it; its own end ends it', async () => {
    await tells('Create', 'a-1');
    await tells('Create', 'a-1', BEGAN + 1000);
    await tells('Close', 'a-1');
    await war.settle();
    expect(await firing('a-1')).toBe(true);
    await tells('Create', 'a-1');
    await tells('Close', 'a-1');
    await war.settle();
    expect(await firing('a-1')).toBe(true);
    const room = war.chat.room(`inc-${ID}-disk-usage-above-75-on-host-17`);
    expect(room.messages.map(({ text }) => text).join('\n')).not.toContain('resolved');
    await tells('Close', 'a-1', BEGAN + 1000);
    await war.settle();
    expect(await firing('a-1')).toBe(false);
  });
});

it('an alert without a time is believed whenever it fires', async () => {
  const timeless = (action: string) =>
    war.opsgenie(action, { alertId: 'a-1', createdAt: '', updatedAt: '', note: String(++sent) });
  await timeless('Close');
  await timeless('Create');
  await war.settle();
  expect(await firing('a-1')).toBe(true);
  await timeless('Close');
  await timeless('Create');
  await war.settle();
  expect(await firing('a-1')).toBe(true);
});

describe('word of an acknowledgement that overtakes the word of its alert', () => {
  const acked = async () => (await war.incident(ID)).incident?.acknowledged;
  const by = { kind: 'alert', source: 'opsgenie', name: 'ada@example.org' } as const;
  const acks = (createdAt = BEGAN) =>
    war.opsgenie('Acknowledge', {
      createdAt,
      updatedAt: (BEGAN + ++sent) * 1e6,
      username: 'ada@example.org',
      details: {},
    });

  it('is kept: the incident opens acknowledged, by whom and when, and takes no page', async () => {
    const at = war.clock.now().toISOString();
    await acks();
    await war.settle();
    expect(await war.store.journal.open()).toEqual([]);
    war.clock.advance(14 * 60_000);
    await tells('Create', 'a-1');
    await war.settle();
    expect(await acked()).toEqual({ by, at });
    const records = await war.store.journal.read(ID);
    expect(records.slice(0, 3).map(({ event }) => event.type)).toEqual([
      'incident.opened',
      'alert.received',
      'alert.received',
    ]);
    expect((await war.incident(ID)).alerts.get('opsgenie:a-1')?.firing).toBe(true);
    const [first, ...others] = records.filter(
      ({ event }) => event.type === 'incident.acknowledged',
    );
    expect([first?.at, others]).toEqual([records[0]?.at, []]);
  });

  it('counts once, and not after it was given back', async () => {
    await acks();
    await tells('Create', 'a-1');
    await war.settle();
    await tells('UnAcknowledge', 'a-1');
    await tells('Create', 'a-1');
    await war.settle();
    expect(await acked()).toBeNull();
  });

  it('and is taken back before it came: nobody is on it', async () => {
    await acks();
    await tells('UnAcknowledge', 'a-1');
    await tells('Create', 'a-1');
    await war.settle();
    expect(await acked()).toBeNull();
  });

  it('is not believed of the next time that it fires', async () => {
    await acks();
    await tells('Create', 'a-1', BEGAN + 1);
    await war.settle();
    expect(await acked()).toBeNull();
  });

  it('acknowledges the incident of its group that its alert joins', async () => {
    await tells('Create', 'a-2');
    await acks();
    await tells('Create', 'a-1');
    await war.settle();
    expect(await acked()).toMatchObject({ by });
  });

  it('counts also when both are on their way at the same moment', async () => {
    const jobs: { delivery: string }[] = [];
    for (const tell of [() => tells('Create', 'a-1'), () => acks()]) {
      await tell();
      const [row] = war.store.jobs.splice(0);
      if (row?.job.kind === 'route-alert') jobs.push(row.job);
    }
    const [begin = { delivery: '' }, ack = { delivery: '' }] = jobs;
    const { inbox } = war.deps;
    let meanwhile = true;
    const earlyAck: typeof inbox.earlyAck = async (episode) => {
      const kept = await inbox.earlyAck(episode);
      // Another process takes the acknowledgement when this one has just seen that there is none.
      if (meanwhile) {
        meanwhile = false;
        await routeAlert(war.deps, ack);
      }
      return kept;
    };
    await routeAlert({ ...war.deps, inbox: { ...inbox, earlyAck } }, begin);
    await war.settle();
    expect(await acked()).toMatchObject({ by });
  });
});
