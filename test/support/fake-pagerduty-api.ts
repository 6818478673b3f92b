import type { ApiAnswer, ApiCall } from './fake-alert-apis.ts';

export interface FakePagerDutyIncident {
  id: string;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  created_at: string;
  html_url: string;
  service: { id: string; summary: string };
  acknowledgements?: { acknowledger: { summary: string } }[];
  escalation_policy?: { id: string };
  resolution?: string;
}

const LIST = ['statuses[]', 'date_range', 'sort_by', 'limit', 'offset'];

/** The REST API, version 2: incidents, their alerts, their notes. */
export function createFakePagerDuty(key: string) {
  const incidents = new Map<string, FakePagerDutyIncident>();
  const alerts = new Map<string, readonly unknown[]>();
  const notes: string[] = [];

  const listed = (query: URLSearchParams): ApiAnswer => {
    const strange = [...query.keys()].find((name) => !LIST.includes(name));
    const limit = Number(query.get('limit') ?? 25);
    const offset = Number(query.get('offset') ?? 0);
    if (strange !== undefined || limit > 100) return refusal(400, 'Invalid Input Provided');
    const statuses = query.getAll('statuses[]');
    const all = [...incidents.values()]
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
      .toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    const page = all.slice(offset, offset + limit);
    const more = offset + limit < all.length;
    return { status: 200, json: { incidents: page, limit, offset, total: null, more } };
  };

  const changed = (
    incident: FakePagerDutyIncident,
    { headers, body }: Pick<ApiCall, 'headers' | 'body'>,
  ): ApiAnswer => {
    if (headers.from === undefined) return refusal(400, 'Requester User Not Found');
    const wanted = body['incident'] as Partial<FakePagerDutyIncident> & { type?: string };
    if (wanted?.type !== 'incident_reference') return refusal(400, 'Invalid Input Provided');
    if (incident.status === 'resolved') {
      return refusal(400, 'Invalid Input Provided', ['Incident Already Resolved']);
    }
    const { type: _, ...changes } = wanted;
    Object.assign(incident, changes);
    return { status: 200, json: { incident } };
  };

  const answer = ({ method, path, query, headers, body }: ApiCall): ApiAnswer => {
    if (headers.authorization !== `Token token=${key}`) return { status: 401, json: {} };
    if (headers.accept !== 'application/vnd.pagerduty+json;version=2') {
      return refusal(406, 'Not Acceptable');
    }
    if (method === 'GET' && path === '/incidents') return listed(query);
    const [, id = '', part] = /^\/incidents\/([^/]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
    const incident = incidents.get(id);
    if (incident === undefined) return refusal(404, 'Not Found');
    if (method === 'GET' && part === undefined) return { status: 200, json: { incident } };
    if (method === 'GET' && part === 'alerts') {
      return { status: 200, json: { alerts: alerts.get(id) ?? [], more: false } };
    }
    if (method === 'PUT' && part === undefined) return changed(incident, { headers, body });
    if (method === 'POST' && part === 'notes') {
      if (headers.from === undefined) return refusal(400, 'Requester User Not Found');
      const { content } = body['note'] as { content: string };
      notes.push(`${id}: ${content}`);
      return { status: 201, json: { note: { content } } };
    }
    return { status: 405 };
  };

  return {
    incidents,
    /** By incident, as `GET /incidents/<id>/alerts` gives them. */
    alerts,
    notes,
    add: (incident: Partial<FakePagerDutyIncident> & { id: string }) =>
      void incidents.set(incident.id, {
        title: 'Disk is filling',
        status: 'triggered',
        urgency: 'high',
        created_at: '2026-11-20T12:00:00Z',
        html_url: `https://example.pagerduty.com/incidents/${incident.id}`,
        service: { id: 'PSERVICE1', summary: 'Web' },
        ...incident,
      }),
    answer,
  };
}

function refusal(status: number, message: string, errors: readonly string[] = []): ApiAnswer {
  return { status, json: { error: { message, code: 2001, errors } } };
}
