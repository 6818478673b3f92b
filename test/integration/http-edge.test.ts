import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpOptions } from '../../src/adapters/http/http-options.ts';
import { receiving, SIGNED_IN, startHttp, startHttpClient } from '../support/start-http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function start(overrides: Partial<HttpOptions> = {}) {
  const client = await startHttpClient(overrides);
  stops.push(() => client.edge.close(0));
  return client;
}

describe('the HTTP edge', () => {
  it('hands Slack its request untouched', async () => {
    const { edge } = await start({
      slack: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () =>
          response.end(`${request.method} ${Buffer.concat(chunks).toString()}`),
        );
      },
    });
    const answer = await fetch(`${edge.address}/slack/events?x=1`, {
      method: 'POST',
      body: 'payload=%7B%7D',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await answer.text()).toBe('POST payload=%7B%7D');
  });

  it('has no address for Slack when Slack comes by socket', async () => {
    const { post } = await start();
    expect((await post('', SIGNED_IN, '/slack/events')).status).toBe(404);
  });

  it('is alive, and ready when everything it needs is', async () => {
    const { get } = await start({ dependencies: [{ name: 'redis', check: async () => null }] });
    expect((await get('/healthz')).status).toBe(200);
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
  });

  it('says what it waits for when it is not ready, and stays alive', async () => {
    const { get } = await start({
      dependencies: [
        { name: 'redis', check: async () => 'no connection' },
        { name: 'slack', check: () => Promise.reject(new Error('token xoxb-secret')) },
        { name: 'fine', check: async () => null },
        { name: 'stuck', check: () => new Promise(() => {}) },
      ],
    });
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      error: 'not ready',
      reasons: { redis: 'no connection', slack: 'check failed', stuck: 'no answer in 3 s' },
    });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('shows metrics as Prometheus text', async () => {
    const { get } = await start();
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toBe('housecall_up 1\n');
  });

  it('answers everything else with short JSON that names no product, version or place', async () => {
    const { get, edge } = await start({
      metrics: () => Promise.reject(new Error('at /srv/housecall/src/x.ts')),
    });
    for (const url of ['/', '/alerts', '/alerts/opsgenie', '/%E0%A4%A', '/metrics', '/healthz/']) {
      const answer = await get(url);
      const text = await answer.text();
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(JSON.parse(text) as object)).toEqual(['error']);
      expect(text + JSON.stringify([...answer.headers])).not.toMatch(/fastify|node|\.ts|srv|FST_/i);
    }
    expect(edge.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('cuts a sender that drips its request', async () => {
    const { edge } = await start({ timeouts: { headersMs: 200, requestMs: 200 } });
    const { port, hostname } = new URL(edge.address);
    const socket = connect(Number(port), hostname);
    const heard = await new Promise<string>((resolve) => {
      let text = '';
      const drip = setInterval(() => socket.write('X-A: b\r\n'), 50);
      socket.write('POST /alerts/opsgenie HTTP/1.1\r\nHost: x\r\n');
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(drip);
        resolve(text);
      });
    });
    expect(heard).toContain('408');
  });

  it('names the port when it is taken', async () => {
    const { edge } = await start();
    const port = Number(new URL(edge.address).port);
    await expect(startHttp({ port })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `http: cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
  });

  it('lets a request end that runs when it closes, and then takes no more', async () => {
    const { arrived, finish, alerts } = gated();
    const { post, get, edge } = await start({ alerts });
    const answer = post();
    await arrived;
    const closing = edge.close();
    finish();
    expect((await answer).status).toBe(202);
    await closing;
    await expect(get('/healthz')).rejects.toThrow('fetch failed');
  });

  it('cuts a request that does not end when it closes', async () => {
    const { arrived, alerts } = gated();
    const { post, edge } = await start({ alerts });
    const answer = post().catch(() => 'cut');
    await arrived;
    await edge.close(50);
    expect(await answer).toBe('cut');
  });
});

/** A receiver that waits until it is told to finish. */
function gated() {
  const events = new EventEmitter();
  const arrived = once(events, 'arrived');
  const finished = once(events, 'finished');
  const alerts = receiving(async () => {
    events.emit('arrived');
    await finished;
    return 'stored';
  });
  return { arrived, finish: () => events.emit('finished'), alerts };
}
