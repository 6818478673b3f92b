import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGrafana } from './fake-grafana-api.ts';
import { createFakeOpsgenie } from './fake-opsgenie-api.ts';
import { createFakePagerDuty } from './fake-pagerduty-api.ts';

export const OPSGENIE_KEY = 'og-key-4711-secret';
export const PAGERDUTY_KEY = 'pd-key-4711-secret';
export const GRAFANA_KEY = 'glsa_4711_secret';

export interface ApiCall {
  readonly method: string;
  /** Without the vendor's own part in front. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
}

export type FakeVendor = (call: ApiCall) => ApiAnswer;

/** Instead of the vendor's answer. */
type Fault = (response: ServerResponse) => void;

export interface FakeAlertApis {
  /** Of each vendor, as it stands under `alerts.sources.<id>.apiUrl`. */
  readonly url: Readonly<Record<'opsgenie' | 'pagerduty' | 'grafana', string>>;
  readonly opsgenie: ReturnType<typeof createFakeOpsgenie>;
  readonly pagerduty: ReturnType<typeof createFakePagerDuty>;
  readonly grafana: ReturnType<typeof createFakeGrafana>;
  /** `GET /opsgenie/v2/alerts` …, in the order of their arrival. */
  readonly calls: string[];
  /** What the next call gets. */
  failNext(fault: Fault): void;
  close(): Promise<void>;
}

/** REST APIs of three vendors on this machine, strict where they are: keys, methods, parameters, bodies. */
export async function startFakeAlertApis(): Promise<FakeAlertApis> {
  const opsgenie = createFakeOpsgenie(OPSGENIE_KEY);
  const pagerduty = createFakePagerDuty(PAGERDUTY_KEY);
  const grafana = createFakeGrafana(GRAFANA_KEY);
  const vendors: Readonly<Record<string, FakeVendor>> = {
    opsgenie: opsgenie.answer,
    pagerduty: pagerduty.answer,
    grafana: grafana.answer,
  };
  const calls: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, vendor = '', ...rest] = pathname.split('/');
    const { method = 'GET', headers } = request;
    calls.push(`${method} ${pathname}`);
    readBody(request).then(
      (body) => {
        const fault = faults.shift();
        if (fault !== undefined) return fault(response);
        const call = { method, path: `/${rest.join('/')}`, query: searchParams, headers, body };
        const { status, json } = vendors[vendor]?.(call) ?? { status: 404 };
        return send(response, status, json);
      },
      () => send(response, 400, { message: 'the body is not JSON' }),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: {
      opsgenie: `${base}/opsgenie`,
      pagerduty: `${base}/pagerduty`,
      grafana: `${base}/grafana`,
    },
    opsgenie,
    pagerduty,
    grafana,
    calls,
    failNext: (fault) => void faults.push(fault),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function send(
  response: ServerResponse,
  status: number,
  json?: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (text === '') return {};
  if (request.headers['content-type'] !== 'application/json') throw new Error('not JSON');
  return JSON.parse(text) as Record<string, unknown>;
}
