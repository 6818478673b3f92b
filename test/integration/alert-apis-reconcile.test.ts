import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGrafanaApi } from '../../src/adapters/alert-apis/grafana.ts';
import { createOpsgenieApi } from '../../src/adapters/alert-apis/opsgenie.ts';
import { createPagerDutyApi } from '../../src/adapters/alert-apis/pagerduty.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { AlertApi } from '../../src/ports/alert-api.ts';
import { reconcileAlerts } from '../../src/workflows/alert/reconcile-alerts.ts';
import { routeAlert } from '../../src/workflows/alert/route-alert.ts';
import { requestClose } from '../../src/workflows/closing/request-close.ts';
import { changeIncident } from '../../src/workflows/incident/change-incident.ts';
import { deliverOne } from '../../src/workflows/outbox/deliver-outbox.ts';
import {
  type FakeAlertApis,
  GRAFANA_KEY,
  OPSGENIE_KEY,
  PAGERDUTY_KEY,
  send,
  startFakeAlertApis,
} from '../support/fake-alert-apis.ts';
import { createWarRoom } from '../support/war-room.ts';

const ID = '20261120-1';
const ROOM = `inc-${ID}-disk-usage-above-75-on-host-17`;
const ADA = { team: 'T1', user: 'UADA' };
const MINUTE = 60_000;

let apis: FakeAlertApis;
let war: ReturnType<typeof createWarRoom>;
beforeEach(async () => {
  apis = await startFakeAlertApis();
  war = createWarRoom();
});
afterEach(() => apis.close());

const opsgenie = (): AlertApi =>
  createOpsgenieApi({ apiUrl: apis.url.opsgenie, apiKey: OPSGENIE_KEY });

/** One process that asks round after round; each gives what became of its round. */
function asker(...sources: AlertApi[]) {
  const suspects = new Map();
  const { signal } = new AbortController();
  const warnings: string[] = [];
  const warn = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void warnings.push(`${message} ${JSON.stringify(fields)}`);
  const deps = {
    ...war.deps,
    log: { ...war.deps.log, warn },
    metrics: { count: () => {}, observe: () => {} },
  };
  return {
    warnings,
    ask: () => reconcileAlerts(deps, sources, { suspects, signal }),
  };
}

/** Routes what is waiting, with every source known. */
async function route(...sources: AlertApi[]): Promise<void> {
  const deps = {
    ...war.deps,
    source: (id: string) => alertSources.find((source) => source.id === id),
    alertApi: (id: string) => sources.find(({ source }) => source === id),
  };
  for (const { job } of war.store.jobs.splice(0)) {
    if (job.kind === 'route-alert') await routeAlert(deps, job);
  }
}

const texts = (): string[] => war.chat.room(ROOM).messages.map(({ text }) => text);

describe('an alert whose webhook never came', () => {
  it('opens the incident that it would have opened, with what only the API knows', async () => {
    apis.opsgenie.add({ id: 'a-1', details: { alertname: 'NodeLowRootDisk' } });
    war.clock.advance(2 * MINUTE);
    await asker(opsgenie()).ask();
    await war.settle();
    const { incident, alerts, runs } = await war.incident(ID);
    expect(incident).toMatchObject({ severity: 'SEV2', state: 'active', hosts: ['host-17'] });
    expect([...alerts.keys()]).toEqual(['opsgenie:a-1']);
    expect(runs.size).toBe(1);
    // Its webhook, late: the same alert.
    await war.opsgenie('Create');
    await asker(opsgenie()).ask();
    await war.settle();
    expect(await war.store.journal.open()).toEqual([ID]);
  });

  it('opens one incident, however many processes find it, and however often', async () => {
    apis.opsgenie.add({ id: 'a-1' });
    war.clock.advance(2 * MINUTE);
    const [one, other] = [asker(opsgenie()), asker(opsgenie())];
    await Promise.all([one.ask(), other.ask(), one.ask()]);
    expect(war.store.jobs).toHaveLength(1);
    await war.settle();
    await Promise.all([one.ask(), other.ask()]);
    expect(war.store.jobs).toEqual([]);
  });

  it('and which is acknowledged there pages nobody: it is acknowledged at once', async () => {
    apis.opsgenie.add({ id: 'a-1', acknowledged: true, report: { acknowledgedBy: 'ada' } });
    war.clock.advance(2 * MINUTE);
    await asker(opsgenie()).ask();
    await war.settle();
    const { incident } = await war.incident(ID);
    expect(incident?.acknowledged?.by).toEqual({ kind: 'alert', source: 'opsgenie', name: 'ada' });
  });

  it('is tried again when its details cannot be had', async () => {
    apis.opsgenie.add({ id: 'a-1' });
    war.clock.advance(2 * MINUTE);
    apis.failNext((response) =>
      send(response, 200, { data: [{ id: 'a-1', createdAt: '2026-11-20T12:00:00Z' }] }),
    );
    apis.failNext((response) => send(response, 429, { message: 'slow down' }));
    const { ask, warnings } = asker(opsgenie());
    await ask();
    expect(war.store.jobs).toEqual([]);
    expect(warnings[0]).toContain('HTTP 429, slow down');
    await ask();
    expect(war.store.jobs).toHaveLength(1);
  });
});

describe('a close whose webhook never came', () => {
  beforeEach(async () => {
    await war.opsgenie('Create');
    await war.settle();
    apis.opsgenie.add({ id: 'a-1' });
    war.clock.advance(2 * MINUTE);
  });

  it('resolves the incident, once', async () => {
    apis.opsgenie.add({ id: 'a-1', status: 'closed' });
    const [one, other] = [asker(opsgenie()), asker(opsgenie())];
    await Promise.all([one.ask(), other.ask()]);
    await war.settle();
    await one.ask();
    expect(war.store.jobs).toEqual([]);
    const { incident } = await war.incident(ID);
    expect(incident).toMatchObject({ state: 'resolved' });
    const said = 'resolved at the source (found by asking opsgenie)';
    expect(texts().filter((text) => text.includes(said))).toHaveLength(1);
  });

  it('is not believed while the alert itself says that it is open, nor when nobody knows it', async () => {
    const lag = (): void => apis.failNext((response) => send(response, 200, { data: [] }));
    const { ask, warnings } = asker(opsgenie());
    lag();
    await ask();
    apis.opsgenie.alerts.clear();
    await ask();
    expect(war.store.jobs).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('HTTP 404')]);
  });

  it('changes nothing when the source does not answer, and is found the next time', async () => {
    apis.opsgenie.add({ id: 'a-1', status: 'closed' });
    const { ask, warnings } = asker(opsgenie());
    for (const status of [401, 429, 500]) {
      apis.failNext((response) => send(response, status, { message: 'no' }));
      await ask();
    }
    expect(war.store.jobs).toEqual([]);
    expect(warnings).toHaveLength(3);
    await ask();
    expect(war.store.jobs).toHaveLength(1);
  });
});

describe('an acknowledgement whose webhook never came', () => {
  it('acknowledges; what people here do after it is not undone', async () => {
    await war.opsgenie('Create');
    await war.settle();
    apis.opsgenie.add({ id: 'a-1', acknowledged: true, report: { acknowledgedBy: 'ada' } });
    war.clock.advance(2 * MINUTE);
    const { ask } = asker(opsgenie());
    await ask();
    await war.settle();
    expect((await war.incident(ID)).incident?.acknowledged).not.toBeNull();
    await changeIncident(war.deps, { stream: ID, person: ADA, change: { change: 'unack' } });
    war.clock.advance(10 * MINUTE);
    await ask();
    await war.settle();
    expect((await war.incident(ID)).incident?.acknowledged).toBeNull();
  });
});

it('an incident that people closed while its alert fires on is not opened again', async () => {
  await war.opsgenie('Create');
  await war.settle();
  apis.opsgenie.add({ id: 'a-1' });
  const change = { change: 'resolve', reason: 'known' } as const;
  await changeIncident(war.deps, { stream: ID, person: ADA, change });
  await war.settle();
  await requestClose(war.deps, { stream: ID, person: ADA });
  while (await deliverOne(war.deps)) {
    // until everything is said
  }
  await war.settle();
  expect((await war.incident(ID)).incident?.state).toBe('closed');
  war.clock.advance(10 * MINUTE);
  await asker(opsgenie()).ask();
  expect(war.store.jobs).toEqual([]);
});

describe('Grafana, which says nothing of a single alert', () => {
  const grafana = (): AlertApi =>
    createGrafanaApi({ apiUrl: apis.url.grafana, apiKey: GRAFANA_KEY, receiver: 'housecall' });

  it('an alert that is missing twice in a row is over; once may be a restart', async () => {
    apis.grafana.add({ fingerprint: 'f1' });
    war.clock.advance(2 * MINUTE);
    const { ask } = asker(grafana());
    await ask();
    await route();
    expect((await war.incident(ID)).alerts.get('grafana:f1')?.firing).toBe(true);
    war.clock.advance(5 * MINUTE);
    const [alert] = apis.grafana.alerts.values();
    apis.grafana.alerts.clear();
    await ask();
    if (alert !== undefined) apis.grafana.add(alert);
    await ask();
    apis.grafana.alerts.clear();
    await ask();
    expect(war.store.jobs.filter(({ job }) => job.kind === 'route-alert')).toEqual([]);
    await ask();
    await route();
    expect((await war.incident(ID)).incident?.state).toBe('resolved');
  });
});

describe('PagerDuty, whose webhook names no host', () => {
  const pagerduty = (): AlertApi =>
    createPagerDutyApi({ apiUrl: apis.url.pagerduty, apiKey: PAGERDUTY_KEY });
  const triggered = (id: string) => ({
    id: `delivery-${id}`,
    source: 'pagerduty',
    receivedAt: war.clock.now().toISOString(),
    body: JSON.stringify({
      event: {
        id: `e-${id}`,
        event_type: 'incident.triggered',
        occurred_at: war.clock.now().toISOString(),
        data: {
          id,
          type: 'incident',
          title: 'Disk is filling',
          created_at: '2026-11-20T12:00:00Z',
        },
      },
    }),
  });

  it('the host is asked for, and the route looks at it', async () => {
    apis.pagerduty.add({ id: 'PINC1' });
    apis.pagerduty.alerts.set('PINC1', [{ body: { details: { host: 'host-17' } } }]);
    await war.store.inbox.receive(triggered('PINC1'), 'k');
    await route(pagerduty());
    expect((await war.incident(ID)).incident?.hosts).toEqual(['host-17']);
  });

  it.each([404, 429, 500])('the alert goes on as it is when the API answers %d', async (status) => {
    await war.store.inbox.receive(triggered('PINC1'), 'k');
    apis.failNext((response) => send(response, status, {}));
    await route(pagerduty());
    expect((await war.incident(ID)).incident).toMatchObject({ hosts: [], state: 'triage' });
  });

  it('after no answer the next alerts do not wait for the API: it is asked again a minute later', async () => {
    const api = pagerduty();
    apis.failNext((response) => send(response, 503, {}));
    for (const id of ['PINC1', 'PINC2', 'PINC3']) {
      apis.pagerduty.add({ id });
      await war.store.inbox.receive(triggered(id), id);
    }
    await route(api);
    expect(apis.calls).toHaveLength(1);
    war.clock.advance(MINUTE);
    apis.pagerduty.add({ id: 'PINC4' });
    await war.store.inbox.receive(triggered('PINC4'), 'PINC4');
    await route(api);
    expect(apis.calls).toHaveLength(2);
  });

  it('nothing is asked without a key, for other events, and for an alert that names its host', async () => {
    await war.store.inbox.receive(triggered('PINC1'), 'k');
    await route();
    await war.opsgenie('Create', { alertId: 'a-2' });
    await route(opsgenie());
    expect(apis.calls).toEqual([]);
  });
});
