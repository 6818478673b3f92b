import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createHttp, type HttpEdge } from '../../src/adapters/http/create-http.ts';
import type { HttpOptions } from '../../src/adapters/http/http-options.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { Log } from '../../src/ports/log.ts';
import { receiveAlert } from '../../src/workflows/alert/receive-alert.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeStore } from './fake-journal.ts';

/** A log that remembers, for tests that look at what was said. */
export function createMemoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    lines.push(
      `${message} ${JSON.stringify(fields, (_, v: unknown) => (v instanceof Error ? v.message : v))}`,
    );
  };
  return { lines, info: write, warn: write, error: write };
}

/** The HTTP edge on a free port, over an inbox in memory. */
export async function startHttp(overrides: Partial<HttpOptions> = {}) {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  const log = createMemoryLog();
  const counts: string[] = [];
  const count: HttpOptions['count'] = (name, labels) => {
    counts.push(`${name} ${Object.values(labels).join(' ')}`);
  };
  const metrics = { count, observe: () => {} };
  const edge: HttpEdge = await createHttp({
    host: '127.0.0.1',
    port: 0,
    log,
    count,
    metrics: async () => 'housecall_up 1\n',
    dependencies: [],
    alerts: {
      sources: alertSources,
      secrets: { opsgenie: ['new-token', 'old-token'] },
      receive: (webhook) => receiveAlert({ inbox: store.inbox, clock, metrics }, webhook),
    },
    ...overrides,
  });
  return { edge, store, log, counts };
}

export const CREATE_BODY = readFileSync(
  path.join(import.meta.dirname, '../../src/alerts/opsgenie/fixtures/create/body.json'),
  'utf8',
);
export const SIGNED_IN = {
  authorization: 'Bearer new-token',
  'content-type': 'application/json',
};

/** The edge, and how to talk to it. */
export async function startHttpClient(overrides: Partial<HttpOptions> = {}) {
  const started = await startHttp(overrides);
  const { address } = started.edge;
  const post = (
    body: string | Uint8Array<ArrayBuffer> = CREATE_BODY,
    headers: Record<string, string> = SIGNED_IN,
    url = '/alerts/opsgenie',
  ): Promise<Response> => fetch(`${address}${url}`, { method: 'POST', body, headers });
  const get = (url: string): Promise<Response> => fetch(`${address}${url}`);
  return { ...started, post, get };
}

type Alerts = NonNullable<HttpOptions['alerts']>;

/** Alerts of Opsgenie handed to a receiver of the test's own. */
export function receiving(receive: Alerts['receive'], rate?: Alerts['rate']): Alerts {
  const secrets = { opsgenie: ['new-token'] };
  return { sources: alertSources, secrets, receive, ...(rate === undefined ? {} : { rate }) };
}
