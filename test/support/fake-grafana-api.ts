import type { ApiAnswer, ApiCall } from './fake-alert-apis.ts';

export interface FakeGrafanaAlert {
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  receivers: { name: string }[];
  status: { state: 'active' | 'suppressed' | 'unprocessed' };
  generatorURL: string;
}

/** Grafana's own Alertmanager: its alerts alone. */
export function createFakeGrafana(key: string) {
  const alerts = new Map<string, FakeGrafanaAlert>();
  const answer = ({ method, path, query, headers }: ApiCall): ApiAnswer => {
    if (headers.authorization !== `Bearer ${key}`) {
      return { status: 401, json: { message: 'Invalid API key' } };
    }
    if (path !== '/api/alertmanager/grafana/api/v2/alerts') {
      return { status: 404, json: { message: 'Not found' } };
    }
    const known = ['active', 'silenced', 'inhibited', 'filter', 'receiver'];
    const strange = [...query.keys()].find((name) => !known.includes(name));
    if (method !== 'GET' || strange !== undefined) return { status: 400, json: {} };
    return { status: 200, json: query.has('filter') ? [] : [...alerts.values()] };
  };
  return {
    alerts,
    add: (alert: Partial<FakeGrafanaAlert> & { fingerprint: string }) =>
      void alerts.set(alert.fingerprint, {
        labels: {
          alertname: 'NodeLowRootDisk',
          instance: 'host-17:9100',
          __alert_rule_uid__: 'u1',
        },
        annotations: { summary: 'disk is filling' },
        startsAt: '2026-11-20T12:00:00.000Z',
        endsAt: '2026-11-20T12:10:00.000Z',
        receivers: [{ name: 'housecall' }],
        status: { state: 'active' },
        generatorURL: 'https://grafana.example.org/alerting/grafana/u1/view',
        ...alert,
      }),
    answer,
  };
}
