import type { Alert } from '../../core/alert.ts';
import { HousecallError } from '../../core/errors.ts';
import type { OpenAlert } from '../../core/reconcile.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import { type ApiOptions, callApi, listIn, segment } from './http.ts';
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

const SOURCE = 'pagerduty';
/** Its largest page. */
const PAGE = 100;
const MAX_PAGES = 20;
/** An incident gathers alerts of one service: the first ones tell what it is about. */
const ALERTS = 25;

export interface PagerDutyOptions extends ApiOptions {
  /** E-mail address of the user whose name is shown; keys of an account need one to change anything. */
  readonly from?: string | undefined;
  /** Ids of the services whose incidents are ours. */
  readonly services?: readonly string[] | undefined;
  /** Id of the policy that an incident goes to when nobody acknowledges; absent: a note is added. */
  readonly escalationPolicy?: string | undefined;
}

/** PagerDuty's REST API, version 2 (developer.pagerduty.com/api-reference). */
export function createPagerDutyApi(options: PagerDutyOptions) {
  const { apiKey, from, services = [], escalationPolicy } = options;
  const headers = {
    authorization: `Token token=${apiKey}`,
    accept: 'application/vnd.pagerduty+json;version=2',
    ...(from === undefined ? {} : { from }),
  };
  const api = { ...options, source: SOURCE, headers };
  const incidentPath = (what: string, id: string): string => `/incidents/${segment(api, what, id)}`;

  const change = async (what: string, id: string, incident: Fields): Promise<void> => {
    const body = { incident: { type: 'incident_reference', ...incident } };
    const path = incidentPath(what, id);
    await callApi(api, { what, method: 'PUT', path, body }).catch((error: unknown) => {
      // Whatever was to be done about it, it is over there.
      if (!isResolvedThere(error)) throw error;
    });
  };

  return {
    source: SOURCE,
    open: async ({ signal } = {}) => {
      const alerts: OpenAlert[] = [];
      for (let number = 0; number < MAX_PAGES; number++) {
        const what = 'list the open incidents';
        const answer = fieldsOf(
          await callApi(api, {
            what,
            path: '/incidents',
            query: [
              ['statuses[]', 'triggered'],
              ['statuses[]', 'acknowledged'],
              // Else it looks back a month only.
              ['date_range', 'all'],
              ['sort_by', 'created_at:desc'],
              ['limit', String(PAGE)],
              ['offset', String(number * PAGE)],
            ],
            signal,
          }),
        );
        const found = listIn(api, what, answer['incidents']).map(fieldsOf);
        alerts.push(...found.map((one) => openAlert(one, services)));
        if (answer['more'] !== true) return { alerts, complete: true };
      }
      return { alerts, complete: false };
    },
    isClosed: async (fingerprint) => {
      const what = `look at the incident ${fingerprint}`;
      const answer = fieldsOf(await callApi(api, { what, path: incidentPath(what, fingerprint) }));
      return textOf(fieldsOf(answer['incident'])['status']) === 'resolved';
    },
    details: async (alert) => {
      const what = `list the alerts of the incident ${alert.fingerprint}`;
      const path = `${incidentPath(what, alert.fingerprint)}/alerts`;
      const query = [['limit', String(ALERTS)]] as const;
      const answer = fieldsOf(await callApi(api, { what, path, query }));
      return detailed(alert, listOf(answer['alerts']).map(fieldsOf));
    },
    tell: async (what, { fingerprint, note }) => {
      const words = `${what} the incident ${fingerprint}`;
      if (what === 'acknowledge') return change(words, fingerprint, { status: 'acknowledged' });
      if (what === 'close') {
        return change(words, fingerprint, { status: 'resolved', resolution: note });
      }
      if (escalationPolicy !== undefined) {
        const policy = { id: escalationPolicy, type: 'escalation_policy_reference' };
        return change(words, fingerprint, { escalation_policy: policy });
      }
      const path = `${incidentPath(words, fingerprint)}/notes`;
      await callApi(api, { what: words, method: 'POST', path, body: { note: { content: note } } });
    },
    check: async () => {
      const query = [['limit', '1']] as const;
      await callApi(api, { what: 'list an incident', path: '/incidents', query });
    },
  } satisfies AlertApi;
}

/** It answers 400 with this reason when an incident is over. */
function isResolvedThere(error: unknown): boolean {
  if (!(error instanceof HousecallError) || error.context['status'] !== 400) return false;
  return /already resolved/i.test(String(error.context['reason']));
}

/** The same alert as its webhook makes. */
function openAlert(incident: Fields, services: readonly string[]): OpenAlert {
  const service = fieldsOf(incident['service']);
  const title = firstText(lineOf(incident['title']), lineOf(incident['summary']));
  const labels = {
    alertname: title,
    service: textOf(service['summary']),
    urgency: textOf(incident['urgency']),
    priority: textOf(fieldsOf(incident['priority'])['summary']),
  };
  const acknowledged = incident['status'] === 'acknowledged';
  const [first] = listOf(incident['acknowledgements']).map(fieldsOf);
  const by = textOf(fieldsOf(first?.['acknowledger'])['summary']);
  return {
    ours: services.includes(textOf(service['id'])),
    alert: {
      source: SOURCE,
      fingerprint: textOf(incident['id']),
      action: acknowledged ? 'acknowledged' : 'firing',
      title: firstText(title, `PagerDuty incident ${textOf(incident['id'])}`),
      description: '',
      labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
      annotations: {},
      hostHints: [],
      startsAt: timeOf(incident['created_at']),
      ...(acknowledged ? {} : { endsOnce: true as const }),
      ...(acknowledged && by !== '' ? { actor: by } : {}),
      ...linkOf(textOf(incident['html_url'])),
    },
  };
}

/** An incident with what its alerts say: their details become labels, the earlier alert counts. */
function detailed(alert: Alert, alerts: readonly Fields[]): Alert {
  const bodies = alerts.map((one) => fieldsOf(one['body']));
  const events = bodies.map((body) => fieldsOf(body['cef_details']));
  const texts = [
    ...bodies.map((body) => textsOf(body['details'])),
    ...events.map((event) => textsOf(event['details'])),
  ];
  const origins = events.flatMap((event) => [
    textOf(event['source_origin']),
    textOf(event['source_component']),
  ]);
  const labels = texts.reduceRight((all, one) => ({ ...all, ...one }), {});
  const hints = texts.flatMap((one) => [
    ...hostHints([], one),
    ...hostHints([one['source'] ?? ''], {}),
  ]);
  return {
    ...alert,
    labels: { ...labels, ...alert.labels },
    hostHints: [...new Set([...alert.hostHints, ...hints, ...hostHints(origins, {})])],
    description: firstText(alert.description, ...events.map((e) => textOf(e['description']))),
  };
}
