import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpOptions } from '../../src/adapters/http/http-options.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { receiveAlert } from '../../src/workflows/alert/receive-alert.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeStore } from '../support/fake-journal.ts';
import { signedHeaders } from '../support/signed-alert.ts';
import { startHttpClient } from '../support/start-http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const SECRETS = Object.fromEntries(alertSources.map(({ id }) => [id, [`new-${id}`, `old-${id}`]]));
const FIXTURES: Readonly<Record<string, string>> = {
  alertmanager: 'firing',
  generic: 'firing',
  grafana: 'firing',
  opsgenie: 'create',
  pagerduty: 'triggered',
};

function bodyOf(source: string): string {
  const file = path.join(
    '../../src/alerts',
    source,
    'fixtures',
    FIXTURES[source] ?? '',
    'body.json',
  );
  return readFileSync(path.join(import.meta.dirname, file), 'utf8');
}

/** The edge with every source; `fails`: what storing throws. */
async function start(overrides: { fails?: Error; secrets?: Record<string, string[]> } = {}) {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  const inbox = {
    ...store.inbox,
    ...(overrides.fails === undefined ? {} : { receive: () => Promise.reject(overrides.fails) }),
  };
  const metrics = { count: () => {}, observe: () => {} };
  const alerts: NonNullable<HttpOptions['alerts']> = {
    sources: alertSources,
    secrets: overrides.secrets ?? SECRETS,
    receive: (webhook) => receiveAlert({ inbox, clock, metrics }, webhook),
  };
  const client = await startHttpClient({ alerts });
  stops.push(() => client.edge.close(0));
  const at = Math.floor(clock.now().getTime() / 1000);
  const post = (
    source: string,
    given: { body?: string; secret?: string; at?: number; headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const { body = bodyOf(source), secret = `new-${source}` } = given;
    const headers = given.headers ?? signedHeaders(source, body, { secret, at: given.at ?? at });
    return client.post(body, headers, `/alerts/${source}`);
  };
  return { post, at, jobs: store.jobs, log: client.log, counts: client.counts };
}

describe.each(alertSources.map(({ id }) => id))('a webhook of %s', (source) => {
  it('is stored, and stored once', async () => {
    const { post, jobs } = await start();
    expect((await post(source)).status).toBe(202);
    expect((await post(source)).status).toBe(200);
    expect(jobs).toHaveLength(1);
  });

  it('is taken with the old secret while it is rotated', async () => {
    const { post } = await start();
    expect((await post(source, { secret: `old-${source}` })).status).toBe(202);
  });

  it('is refused with a wrong secret or none, told how to prove itself, and not stored', async () => {
    const { post, jobs, log } = await start();
    const answers = [
      await post(source, { secret: 'wrong' }),
      await post(source, { headers: { 'content-type': 'application/json' } }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      const challenge = answer.headers.get('www-authenticate');
      expect(challenge).toBe(alertSources.find(({ id }) => id === source)?.challenge);
    }
    expect(jobs).toHaveLength(0);
    expect(log.lines.join('\n')).not.toMatch(/wrong-|new-|v1=/);
  });

  it('is not found without a secret in the configuration, or with an empty one', async () => {
    const others = Object.fromEntries(Object.entries(SECRETS).filter(([id]) => id !== source));
    for (const secrets of [others, { ...others, [source]: [] }, { ...others, [source]: [''] }]) {
      const { post, jobs } = await start({ secrets });
      expect((await post(source)).status).toBe(404);
      expect((await post(source, { secret: '' })).status).toBe(404);
      expect(jobs).toHaveLength(0);
    }
  });

  it('that cannot be read is refused with a reason, and only its sender hears it', async () => {
    const { post, jobs } = await start();
    const answer = await post(source, { body: '{"x":1}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: expect.stringMatching(new RegExp(`^${source} webhook: `)) as string,
    });
    expect((await post(source, { body: '{"x":1}', secret: 'wrong' })).status).toBe(401);
    expect(jobs).toHaveLength(0);
  });

  it('is to be sent again when the store is away', async () => {
    const { post } = await start({ fails: new HousecallError('STORE_UNAVAILABLE', 'redis: away') });
    const answer = await post(source);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('that is too large is refused, and Housecall says that alerts were lost', async () => {
    const { post, log, counts } = await start();
    expect((await post(source, { body: ' '.repeat(1024 * 1024 + 1) })).status).toBe(413);
    expect(log.lines.join('\n')).toMatch(new RegExp(`too large.*${source}`));
    expect(counts).toContain(`housecall_alerts_received_total ${source} too-large`);
  });
});

describe('a webhook with a time in its signature', () => {
  it('is refused five minutes later', async () => {
    const { post, at, jobs } = await start();
    expect((await post('grafana', { at: at - 301 })).status).toBe(401);
    expect((await post('grafana', { at: at + 301 })).status).toBe(401);
    expect(jobs).toHaveLength(0);
    expect((await post('grafana', { at: at - 299 })).status).toBe(202);
  });
});

describe('PagerDuty, which stops sending after three refusals', () => {
  it.each(['incident.teleported', 'service.updated', 'pagey.ping', 'x'])(
    'is answered 2xx for the event %s',
    async (eventType) => {
      const { post } = await start();
      const body = JSON.stringify({ event: { id: '1', event_type: eventType, data: { odd: [] } } });
      expect((await post('pagerduty', { body })).status).toBe(202);
    },
  );
});
