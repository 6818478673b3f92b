import type { ApiAnswer, ApiCall } from './fake-alert-apis.ts';

export interface FakeOpsgenieAlert {
  id: string;
  message: string;
  status: 'open' | 'closed';
  acknowledged: boolean;
  createdAt: string;
  alias?: string;
  entity?: string;
  description?: string;
  details?: Record<string, string>;
  tags?: string[];
  priority?: string;
  report?: { acknowledgedBy?: string };
}

/** The Alert API, version 2. `closeDuringList`: an alert that is closed between two pages. */
export function createFakeOpsgenie(key: string) {
  const alerts = new Map<string, FakeOpsgenieAlert>();
  const notes: string[] = [];
  const escalations: unknown[] = [];
  let betweenPages: (() => void) | undefined;

  const listed = (query: URLSearchParams): ApiAnswer => {
    const known = ['query', 'limit', 'offset', 'sort', 'order'];
    const strange = [...query.keys()].find((name) => !known.includes(name));
    const limit = Number(query.get('limit') ?? 20);
    const offset = Number(query.get('offset') ?? 0);
    if (strange !== undefined || limit > 100 || limit + offset > 20_000) {
      return refusal(422, 'Request body is not processable. Please check the errors.');
    }
    if (query.get('query') !== 'status: open') return refusal(422, 'query is not valid');
    if (offset > 0) betweenPages?.();
    const open = [...alerts.values()]
      .filter(({ status }) => status === 'open')
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    // A list has neither entity nor description nor details.
    const data = open.slice(offset, offset + limit).map((alert) => {
      const { entity: _, description: __, details: ___, ...rest } = alert;
      return rest;
    });
    return { status: 200, json: { data, took: 0.1, requestId: 'r' } };
  };

  const acted = (id: string, verb: string, body: Record<string, unknown>): ApiAnswer => {
    const alert = alerts.get(id);
    const accepted = { status: 202, json: { result: 'Request will be processed', took: 0.1 } };
    if (typeof body['source'] !== 'string') return refusal(422, 'source is missing');
    const note = typeof body['note'] === 'string' ? body['note'] : '';
    if (note.length > 25_000) return refusal(422, 'note is too long');
    // It is processed later, and of an alert that is not there nobody hears.
    if (alert === undefined) return accepted;
    if (verb === 'acknowledge') alert.acknowledged = true;
    if (verb === 'close') alert.status = 'closed';
    if (verb === 'notes' && typeof body['note'] !== 'string')
      return refusal(422, 'note is missing');
    if (verb === 'escalate') {
      if (body['escalation'] === undefined) return refusal(422, 'escalation is missing');
      escalations.push(body['escalation']);
    }
    notes.push(`${verb} ${id}: ${note}`);
    return accepted;
  };

  const answer = ({ method, path, query, headers, body }: ApiCall): ApiAnswer => {
    if (headers.authorization !== `GenieKey ${key}`) {
      return refusal(401, `Could not authenticate ${headers.authorization}`);
    }
    if (method === 'GET' && path === '/v2/alerts') return listed(query);
    if (method === 'GET' && path === '/v2/alerts/count') {
      return { status: 200, json: { data: { count: alerts.size } } };
    }
    const [, id = '', verb] = /^\/v2\/alerts\/([^/]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
    if (id === '' || query.get('identifierType') !== 'id') return refusal(404, 'no such path');
    if (method === 'GET' && verb === undefined) {
      const data = alerts.get(decodeURIComponent(id));
      if (data === undefined) return refusal(404, `Alert with id [${id}] not found`);
      return { status: 200, json: { data } };
    }
    const verbs = ['acknowledge', 'close', 'escalate', 'notes'];
    if (method === 'POST' && verb !== undefined && verbs.includes(verb)) {
      return acted(decodeURIComponent(id), verb, body);
    }
    return refusal(405, 'method not allowed');
  };

  return {
    alerts,
    /** `acknowledge <id>: <note>` */
    notes,
    escalations,
    onNextPage: (act: () => void) => {
      betweenPages = act;
    },
    add: (alert: Partial<FakeOpsgenieAlert> & { id: string }) =>
      void alerts.set(alert.id, {
        message: 'disk usage above 75 % on host-17',
        status: 'open',
        acknowledged: false,
        createdAt: '2026-11-20T12:00:00.000Z',
        alias: alert.id,
        entity: 'host-17',
        details: { alertname: 'NodeLowRootDisk' },
        tags: [],
        priority: 'P3',
        ...alert,
      }),
    answer,
  };
}

function refusal(status: number, message: string): ApiAnswer {
  return { status, json: { message, took: 0, requestId: 'r' } };
}
