import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGrafanaApi } from '../../src/adapters/alert-apis/grafana.ts';
import { createOpsgenieApi } from '../../src/adapters/alert-apis/opsgenie.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { AlertApi } from '../../src/ports/alert-api.ts';
import { reconcileAlerts } from '../../src/workflows/alert/reconcile-alerts.ts';
import { routeAlert } from '../../src/workflows/alert/route-alert.ts';
import {
  type FakeAlertApis,
  GRAFANA_KEY,
  OPSGENIE_KEY,
  send,
  startFakeAlertApis,
} from '../support/fake-alert-apis.ts';
import { createWarRoom } from '../support/war-room.ts';

const ID = '20261120-1';
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

const grafana = ({ url } = apis): AlertApi =>
  createGrafanaApi({ apiUrl: url.grafana, apiKey: GRAFANA_KEY, receiver: 'housecall' });

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

it('resolves nothing for a key that sees another Grafana, nor for an answer that is no list', async () => {
  apis.grafana.add({ fingerprint: 'f1' });
  war.clock.advance(2 * MINUTE);
  await asker(grafana()).ask();
  await route();
  war.clock.advance(5 * MINUTE);
  apis.grafana.alerts.clear();
  const wrong = asker(grafana());
  for (let round = 0; round < 3; round += 1) await wrong.ask();
  apis.grafana.add({ fingerprint: 'f1' });
  const { ask, warnings } = asker(grafana());
  await ask();
  for (let round = 0; round < 3; round += 1) {
    apis.failNext((response) => send(response, 200, { message: 'welcome' }));
    await ask();
  }
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toContain('the answer holds no list');
  await route();
  expect((await war.incident(ID)).alerts.get('grafana:f1')?.firing).toBe(true);
});

it('alerts that cannot be had, or that no route takes, do not keep others from their turn', async () => {
  await war.opsgenie('Create');
  await war.settle();
  apis.opsgenie.add({ id: 'a-1', status: 'closed' });
  for (let n = 0; n < 60; n += 1) apis.opsgenie.add({ id: `other-${n}`, message: `other ${n}` });
  war.clock.advance(2 * MINUTE);
  const { ask } = asker(opsgenie());
  await ask();
  expect(war.store.jobs).toHaveLength(26);
  await ask();
  await ask();
  expect(war.store.jobs).toHaveLength(61);
  const looks = apis.calls.length;
  await ask();
  expect(apis.calls).toHaveLength(looks + 1);
});

describe('a close in Grafana that was missed while Housecall was away', () => {
  const LINK = 'https://grafana.example.org/alerting/grafana/u1/view?orgId=1';
  const fires = async (url = LINK, fingerprint = 'f1'): Promise<void> => {
    const alert = { status: 'firing', labels: { alertname: 'NodeLowRootDisk' }, annotations: {} };
    const startsAt = war.clock.now().toISOString();
    const alerts = [{ ...alert, fingerprint, startsAt, generatorURL: url }];
    await war.store.inbox.receive(
      {
        id: `delivery-${fingerprint}`,
        source: 'grafana',
        receivedAt: startsAt,
        body: JSON.stringify({ version: '1', status: 'firing', groupKey: 'g', alerts }),
      },
      fingerprint,
    );
    await route();
    apis.grafana.add({ fingerprint, startsAt, generatorURL: url });
    war.clock.advance(2 * MINUTE);
  };
  const stateOf = async () => {
    await route();
    return (await war.incident(ID)).incident?.state;
  };

  it('is found by a list that is empty, when that Grafana had listed an alert of ours before', async () => {
    await fires();
    await asker(grafana()).ask();
    apis.grafana.alerts.clear();
    const restarted = asker(grafana());
    await restarted.ask();
    expect(await stateOf()).toBe('active');
    await restarted.ask();
    expect(await stateOf()).toBe('resolved');
  });

  it('is not concluded from the list of a Grafana that never listed one', async () => {
    await fires();
    apis.grafana.alerts.clear();
    const { ask } = asker(grafana());
    for (let round = 0; round < 3; round += 1) await ask();
    expect(await stateOf()).toBe('active');
  });

  it('nor from another address, or key, which may show another organisation', async () => {
    await fires();
    await asker(grafana()).ask();
    const other = await startFakeAlertApis();
    try {
      const { ask } = asker(grafana(other));
      for (let round = 0; round < 3; round += 1) await ask();
      expect(await stateOf()).toBe('active');
    } finally {
      await other.close();
    }
  });

  it('nor for an alert of another Grafana, or organisation, that sends here too', async () => {
    await fires();
    await asker(grafana()).ask();
    apis.grafana.alerts.clear();
    await fires(LINK.replace('orgId=1', 'orgId=2'), 'f2');
    await fires(LINK.replace('grafana.example', 'other.example'), 'f3');
    apis.grafana.alerts.clear();
    const { ask } = asker(grafana());
    for (let round = 0; round < 3; round += 1) await ask();
    await route();
    const { alerts } = await war.incident(ID);
    const firing = ['f1', 'f2', 'f3'].map((one) => alerts.get(`grafana:${one}`)?.firing);
    expect(firing).toEqual([false, true, true]);
  });
});
