import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlertApis } from '../../src/adapters/alert-apis/create-alert-apis.ts';
import { createGrafanaApi } from '../../src/adapters/alert-apis/grafana.ts';
import { createOpsgenieApi } from '../../src/adapters/alert-apis/opsgenie.ts';
import { createPagerDutyApi } from '../../src/adapters/alert-apis/pagerduty.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { Alert } from '../../src/core/alert.ts';
import {
  type FakeAlertApis,
  GRAFANA_KEY,
  OPSGENIE_KEY,
  PAGERDUTY_KEY,
  startFakeAlertApis,
} from '../support/fake-alert-apis.ts';

let apis: FakeAlertApis;
beforeEach(async () => {
  apis = await startFakeAlertApis();
});
afterEach(() => apis.close());

const opsgenie = (more = {}) =>
  createOpsgenieApi({ apiUrl: apis.url.opsgenie, apiKey: OPSGENIE_KEY, ...more });
const pagerduty = (more = {}) =>
  createPagerDutyApi({
    apiUrl: apis.url.pagerduty,
    apiKey: PAGERDUTY_KEY,
    from: 'bot@example.org',
    ...more,
  });
const grafana = (more = {}) =>
  createGrafanaApi({ apiUrl: apis.url.grafana, apiKey: GRAFANA_KEY, ...more });

/** What the source's own webhook makes of it. */
function decoded(source: string, body: unknown): Alert {
  const found = alertSources.find(({ id }) => id === source);
  const [alert] = found?.decode(JSON.stringify(body)) ?? [];
  if (alert === undefined) throw new Error(`${source}: not decoded`);
  return alert;
}

describe('Opsgenie, asked', () => {
  it('tells of an alert what its webhook would have told', async () => {
    const details = { alertname: 'NodeLowRootDisk', host: 'host-18', url: 'https://wiki/x' };
    apis.opsgenie.add({ id: 'a-1', details, tags: ['x', 'y'], description: 'it fills' });
    const { alerts, complete } = await opsgenie().open();
    expect(complete).toBe(true);
    const [found] = alerts;
    if (found === undefined) throw new Error('nothing is open');
    const { actor: _, ...told } = decoded('opsgenie', {
      action: 'Create',
      alert: {
        alertId: 'a-1',
        alias: 'a-1',
        message: 'disk usage above 75 % on host-17',
        description: 'it fills',
        entity: 'host-17',
        details,
        tags: ['x', 'y'],
        priority: 'P3',
        createdAt: Date.parse('2026-11-20T12:00:00.000Z'),
      },
    });
    expect(await opsgenie().details(found.alert)).toEqual(told);
  });

  it('lists every page of what is open, and says who acknowledged', async () => {
    for (let n = 0; n < 250; n++) apis.opsgenie.add({ id: `a-${n}` });
    const report = { acknowledgedBy: 'ada@example.org' };
    apis.opsgenie.add({ id: 'a-7', acknowledged: true, report });
    apis.opsgenie.add({ id: 'gone', status: 'closed' });
    const { alerts, complete } = await opsgenie().open();
    expect(complete).toBe(true);
    expect(new Set(alerts.map(({ alert }) => alert.fingerprint)).size).toBe(250);
    const acknowledged = alerts.filter(({ alert }) => alert.action === 'acknowledged');
    expect(acknowledged.map(({ alert }) => [alert.fingerprint, alert.actor])).toEqual([
      ['a-7', 'ada@example.org'],
    ]);
    expect(apis.calls).toHaveLength(3);
  });

  it('stops after twenty pages and says that there are more', async () => {
    for (let n = 0; n < 2_050; n++) apis.opsgenie.add({ id: `a-${n}` });
    const { alerts, complete } = await opsgenie().open();
    expect({ found: alerts.length, complete }).toEqual({ found: 2_000, complete: false });
  });

  it('says of one alert whether it is closed; one that it does not know is not', async () => {
    apis.opsgenie.add({ id: 'open' });
    apis.opsgenie.add({ id: 'over', status: 'closed' });
    expect(await opsgenie().isClosed('open')).toBe(false);
    expect(await opsgenie().isClosed('over')).toBe(true);
    await expect(opsgenie().isClosed('unknown')).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: 'opsgenie: look at the alert unknown: HTTP 404, Alert with id [unknown] not found',
    });
  });

  it('is told of an acknowledgement and a close, twice without harm', async () => {
    apis.opsgenie.add({ id: 'a-1' });
    const about = { fingerprint: 'a-1', note: 'acknowledged in Slack by Ada' };
    await opsgenie().tell('acknowledge', about);
    await opsgenie().tell('acknowledge', about);
    expect(apis.opsgenie.alerts.get('a-1')?.acknowledged).toBe(true);
    await opsgenie().tell('close', about);
    await opsgenie().tell('close', about);
    expect(apis.opsgenie.alerts.get('a-1')?.status).toBe('closed');
    expect(apis.opsgenie.notes[0]).toBe('acknowledge a-1: acknowledged in Slack by Ada');
  });

  it('calls the escalation that is configured, and adds a note when none is', async () => {
    apis.opsgenie.add({ id: 'a-1' });
    const about = { fingerprint: 'a-1', note: 'nobody answers' };
    await opsgenie().tell('escalate', about);
    await opsgenie({ escalation: 'night' }).tell('escalate', about);
    expect(apis.calls).toEqual([
      'POST /opsgenie/v2/alerts/a-1/notes',
      'POST /opsgenie/v2/alerts/a-1/escalate',
    ]);
    expect(apis.opsgenie.escalations).toEqual([{ name: 'night' }]);
  });
});

describe('PagerDuty, asked', () => {
  const webhook = {
    event: {
      id: 'e1',
      event_type: 'incident.triggered',
      resource_type: 'incident',
      occurred_at: '2026-11-20T12:00:00Z',
      data: {
        id: 'PINC1',
        type: 'incident',
        title: 'Disk is filling',
        urgency: 'high',
        created_at: '2026-11-20T12:00:00Z',
        html_url: 'https://example.pagerduty.com/incidents/PINC1',
        service: { id: 'PSERVICE1', summary: 'Web' },
      },
    },
  };

  it('tells of an incident what its webhook would have told; ours are those of the services named', async () => {
    apis.pagerduty.add({ id: 'PINC1' });
    apis.pagerduty.add({ id: 'POVER', status: 'resolved' });
    const [found, ...more] = (await pagerduty({ services: ['PSERVICE1'] }).open()).alerts;
    expect(more).toEqual([]);
    expect(found).toEqual({ ours: true, alert: decoded('pagerduty', webhook) });
    expect((await pagerduty().open()).alerts.map(({ ours }) => ours)).toEqual([false]);
  });

  it('lists every page, and says who acknowledged', async () => {
    for (let n = 0; n < 150; n++) apis.pagerduty.add({ id: `P${n}` });
    const acknowledgements = [{ acknowledger: { summary: 'Ada' } }];
    apis.pagerduty.add({ id: 'P7', status: 'acknowledged', acknowledgements });
    const { alerts, complete } = await pagerduty().open();
    expect({ found: alerts.length, complete }).toEqual({ found: 150, complete: true });
    const acknowledged = alerts.filter(({ alert }) => alert.action === 'acknowledged');
    expect(acknowledged.map(({ alert }) => alert.actor)).toEqual(['Ada']);
  });

  it('adds labels and hosts from the alerts of the incident; what the webhook said stays', async () => {
    apis.pagerduty.add({ id: 'PINC1' });
    apis.pagerduty.alerts.set('PINC1', [
      {
        id: 'A1',
        body: {
          details: { hostname: 'host-17.example.org', mount: '/var', alertname: 'forged' },
          cef_details: { source_origin: 'host-18', description: '/var is full' },
        },
      },
      { id: 'A2', body: { details: { host: 'host-19', mount: '/' } } },
      { id: 'A3', body: null },
    ]);
    const alert = decoded('pagerduty', webhook);
    const whole = await pagerduty().details(alert);
    expect(whole.hostHints).toEqual(['host-17.example.org', 'host-19', 'host-18']);
    expect(whole.labels).toMatchObject({ alertname: 'Disk is filling', mount: '/var' });
    expect(whole).toMatchObject({ description: '/var is full', fingerprint: 'PINC1' });
  });

  it('is told in the name that is configured; what is over there stays over', async () => {
    apis.pagerduty.add({ id: 'PINC1' });
    const about = { fingerprint: 'PINC1', note: 'resolved in Slack by Ada' };
    await pagerduty().tell('acknowledge', about);
    expect(apis.pagerduty.incidents.get('PINC1')?.status).toBe('acknowledged');
    await pagerduty().tell('close', about);
    await pagerduty().tell('close', about);
    await pagerduty().tell('acknowledge', about);
    expect(apis.pagerduty.incidents.get('PINC1')).toMatchObject({
      status: 'resolved',
      resolution: 'resolved in Slack by Ada',
    });
    expect(await pagerduty().isClosed('PINC1')).toBe(true);
    await expect(pagerduty({ from: undefined }).tell('close', about)).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: expect.stringContaining('Requester User Not Found'),
    });
  });

  it('gives the incident to the policy that is configured, and adds a note when none is', async () => {
    apis.pagerduty.add({ id: 'PINC1' });
    const about = { fingerprint: 'PINC1', note: 'nobody answers' };
    await pagerduty().tell('escalate', about);
    expect(apis.pagerduty.notes).toEqual(['PINC1: nobody answers']);
    await pagerduty({ escalationPolicy: 'PNIGHT' }).tell('escalate', about);
    expect(apis.pagerduty.incidents.get('PINC1')?.escalation_policy?.id).toBe('PNIGHT');
  });
});

describe('Grafana, asked', () => {
  it('tells of an alert what its webhook would have told; ours are those of our contact point', async () => {
    apis.grafana.add({ fingerprint: 'f1' });
    apis.grafana.add({ fingerprint: 'f2', receivers: [{ name: 'mail' }] });
    apis.grafana.add({ fingerprint: 'f3', status: { state: 'suppressed' } });
    const { alerts } = await grafana({ receiver: 'housecall' }).open();
    expect(alerts.map(({ ours }) => ours)).toEqual([true, false, false]);
    const told = decoded('grafana', {
      version: '1',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          fingerprint: 'f1',
          labels: { alertname: 'NodeLowRootDisk', instance: 'host-17:9100' },
          annotations: { summary: 'disk is filling' },
          startsAt: '2026-11-20T12:00:00Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://grafana.example.org/alerting/grafana/u1/view',
        },
      ],
    });
    expect(alerts[0]?.alert).toEqual(told);
    expect((await grafana().open()).alerts.map(({ ours }) => ours)).toEqual([false, false, false]);
  });
});

it('there is an API for each source with a key and an address, and for no other', () => {
  const apiUrl = 'https://api.example.org';
  const none = createAlertApis({ opsgenie: { apiUrl }, grafana: { apiKey: 'k' } });
  expect(none).toEqual([]);
  const all = { apiUrl, apiKey: 'k' };
  const some = createAlertApis({ opsgenie: all, pagerduty: all, grafana: all });
  expect(some.map(({ source }) => source)).toEqual(['opsgenie', 'pagerduty', 'grafana']);
});
