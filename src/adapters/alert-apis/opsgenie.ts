import type { Alert } from '../../core/alert.ts';
import type { OpenAlert } from '../../core/reconcile.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import { type ApiOptions, callApi, listIn, segment } from './http.ts';
import {
  type Fields,
  fieldsOf,
  firstText,
  hostHints,
  linkOf,
  listOf,
  textOf,
  textsOf,
  timeOf,
} from './json.ts';

const SOURCE = 'opsgenie';
/** Its largest page. */
const PAGE = 100;
const MAX_PAGES = 20;
const DESCRIPTION = 15_000;

export interface OpsgenieOptions extends ApiOptions {
  /** Name of the escalation that is called when nobody acknowledges; absent: a note is added. */
  readonly escalation?: string | undefined;
}

/** Opsgenie and Jira Service Management: the Alert API, version 2 (docs.opsgenie.com/docs/alert-api). */
export function createOpsgenieApi(options: OpsgenieOptions) {
  const { apiKey, escalation } = options;
  const api = { ...options, source: SOURCE, headers: { authorization: `GenieKey ${apiKey}` } };

  const page = async (offset: number, signal?: AbortSignal): Promise<readonly Fields[]> => {
    const query = [
      ['query', 'status: open'],
      ['limit', String(PAGE)],
      ['offset', String(offset)],
      ['sort', 'createdAt'],
      ['order', 'desc'],
    ] as const;
    const what = 'list the open alerts';
    const answer = fieldsOf(await callApi(api, { what, path: '/v2/alerts', query, signal }));
    return listIn(api, what, answer['data']).map(fieldsOf);
  };

  const one = async (fingerprint: string): Promise<Fields> => {
    const what = `look at the alert ${fingerprint}`;
    const path = `/v2/alerts/${segment(api, what, fingerprint)}`;
    const query = [['identifierType', 'id']] as const;
    return fieldsOf(fieldsOf(await callApi(api, { what, path, query }))['data']);
  };

  return {
    source: SOURCE,
    open: async ({ signal } = {}) => {
      const alerts: OpenAlert[] = [];
      for (let number = 0; number < MAX_PAGES; number++) {
        const found = await page(number * PAGE, signal);
        alerts.push(...found.map(openAlert).filter(({ alert }) => alert.fingerprint !== ''));
        if (found.length < PAGE) return { alerts, complete: true };
      }
      return { alerts, complete: false };
    },
    isClosed: async (fingerprint) => textOf((await one(fingerprint))['status']) === 'closed',
    details: async (alert) => {
      const { alert: whole } = openAlert(await one(alert.fingerprint));
      const { title, description, labels, hostHints: hints, url } = whole;
      const link = url === undefined ? {} : { url };
      return { ...alert, title, description, labels, hostHints: hints, ...link };
    },
    tell: async (what, { fingerprint, note }) => {
      const words = `${what} the alert ${fingerprint}`;
      const path = `/v2/alerts/${segment(api, words, fingerprint)}`;
      const verb = what === 'escalate' ? (escalation === undefined ? 'notes' : 'escalate') : what;
      const to = verb === 'escalate' ? { escalation: { name: escalation } } : {};
      await callApi(api, {
        what: words,
        method: 'POST',
        path: `${path}/${verb}`,
        query: [['identifierType', 'id']],
        body: { source: 'Housecall', note, ...to },
      });
    },
    check: async () => {
      const query = [['query', 'status: open']] as const;
      await callApi(api, { what: 'count the open alerts', path: '/v2/alerts/count', query });
    },
  } satisfies AlertApi;
}

/** The same alert as its webhook makes: id, labels and hosts from the same fields. A list leaves out details. */
function openAlert(alert: Fields): OpenAlert {
  const id = textOf(alert['id']);
  const details = textsOf(alert['details']);
  const alias = textOf(alert['alias']) === id ? '' : textOf(alert['alias']);
  const message = textOf(alert['message']);
  const labels = {
    alertname: firstText(details['alertname'] ?? '', alias, message),
    priority: textOf(alert['priority']),
    tags: listOf(alert['tags'])
      .map((tag) => textOf(tag))
      .join(','),
  };
  const own = Object.entries(labels).filter(([, value]) => value !== '');
  const acknowledged = alert['acknowledged'] === true;
  const by = textOf(fieldsOf(alert['report'])['acknowledgedBy']);
  return {
    ours: true,
    alert: {
      source: SOURCE,
      fingerprint: id,
      action: acknowledged ? 'acknowledged' : 'firing',
      title: firstText(message, alias, `Opsgenie alert ${id}`),
      description: textOf(alert['description'], DESCRIPTION),
      labels: Object.fromEntries([...Object.entries(details), ...own]),
      annotations: {},
      hostHints: hostHints([textOf(alert['entity'])], details),
      startsAt: timeOf(alert['createdAt']),
      ...(acknowledged ? {} : { endsOnce: true as const }),
      ...(acknowledged && by !== '' ? { actor: by } : {}),
      ...linkOf(details['url'] ?? `https://app.opsgenie.com/alert/detail/${id}/details`),
    } satisfies Alert,
  };
}
