import { createHash } from 'node:crypto';
import type { OpenAlert } from '../../core/reconcile.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import { type ApiOptions, callApi, listIn } from './http.ts';
import {
  type Fields,
  fieldsOf,
  firstText,
  hostHints,
  lineOf,
  linkOf,
  listOf,
  textOf,
  textsOf,
  timeOf,
} from './json.ts';

const SOURCE = 'grafana';

export interface GrafanaOptions extends ApiOptions {
  /** Name of the contact point that sends to us; absent: whose alerts are ours is not known. */
  readonly receiver?: string | undefined;
}

/**
 * Grafana's own Alertmanager: `GET /api/alertmanager/grafana/api/v2/alerts`, in one answer without pages. It
 * cannot be told anything, and it knows nothing of an alert that is over.
 */
export function createGrafanaApi(options: GrafanaOptions) {
  const { apiUrl, apiKey, receiver } = options;
  const api = { ...options, source: SOURCE, headers: { authorization: `Bearer ${apiKey}` } };
  const path = '/api/alertmanager/grafana/api/v2/alerts';
  const what = 'list the firing alerts';
  return {
    source: SOURCE,
    list: createHash('sha256').update(`${apiUrl} ${apiKey}`).digest('hex'),
    open: async ({ signal } = {}) => {
      // Silenced ones too: they fire on, only unheard.
      const found = listIn(api, what, await callApi(api, { what, path, signal })).map(fieldsOf);
      const all = found.map((one) => openAlert(one, receiver));
      const alerts = all.filter(({ alert }) => alert.fingerprint !== '');
      // One that cannot be told from others may be any of ours.
      return { alerts, complete: alerts.length === all.length };
    },
    check: async () => {
      const query = [['filter', 'alertname=""']] as const;
      await callApi(api, { what, path, query });
    },
  } satisfies AlertApi;
}

/** The same alert as its webhook makes. */
function openAlert(alert: Fields, receiver: string | undefined): OpenAlert {
  const labels = shown(textsOf(alert['labels']));
  const annotations = shown(textsOf(alert['annotations']));
  const receivers = listOf(alert['receivers']).map((one) => textOf(fieldsOf(one)['name']));
  const active = textOf(fieldsOf(alert['status'])['state']) === 'active';
  const fingerprint = textOf(alert['fingerprint']);
  return {
    ours: active && receiver !== undefined && receivers.includes(receiver),
    alert: {
      source: SOURCE,
      fingerprint,
      action: 'firing',
      title: firstText(
        lineOf(annotations['summary']),
        lineOf(labels['alertname']),
        `alert ${fingerprint}`,
      ),
      description: firstText(annotations['description'] ?? '', annotations['message'] ?? ''),
      labels,
      annotations,
      hostHints: hostHints([], labels),
      startsAt: timeOf(alert['startsAt']),
      ...linkOf(textOf(alert['generatorURL'])),
    },
  };
}

/** Names such as `__alert_rule_uid__` are Grafana's own: its webhook leaves them out. */
function shown(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).filter(([key]) => !(key.startsWith('__') && key.endsWith('__'))),
  );
}
