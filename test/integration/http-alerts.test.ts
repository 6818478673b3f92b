import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpOptions } from '../../src/adapters/http/http-options.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { CREATE_BODY, receiving, SIGNED_IN, startHttpClient } from '../support/start-http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function start(overrides: Partial<HttpOptions> = {}) {
  const client = await startHttpClient(overrides);
  stops.push(() => client.edge.close(0));
  return client;
}

describe('an alert webhook', () => {
  it('is answered 2xx when it is stored, byte for byte, and its routing is queued', async () => {
    const { post, store } = await start();
    const answer = await post();
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ status: 'stored' });
    const [row] = store.jobs;
    const delivery = row?.job.kind === 'route-alert' ? row.job.delivery : '';
    expect(await store.inbox.read(delivery)).toMatchObject({
      source: 'opsgenie',
      body: CREATE_BODY,
    });
  });

  it('is stored once however often it comes', async () => {
    const { post, store } = await start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(answers.map((answer) => String(answer.status)).toSorted()).toEqual([
      ...Array.from({ length: 9 }, () => '200'),
      '202',
    ]);
    expect(store.jobs).toHaveLength(1);
  });

  it('may carry the older of two tokens while they are rotated', async () => {
    const { post } = await start();
    const answer = await post(CREATE_BODY, { ...SIGNED_IN, authorization: 'Bearer old-token' });
    expect(answer.status).toBe(202);
  });

  it.each([undefined, 'Bearer wrong', 'Bearer ', 'Basic bmV3LXRva2Vu', 'new-token'])(
    'is refused with the authorization %j, and nothing is stored or logged of it',
    async (authorization) => {
      const { post, store, log } = await start();
      const { authorization: _, ...rest } = SIGNED_IN;
      const answer = await post(
        CREATE_BODY,
        authorization === undefined ? rest : { ...rest, authorization },
      );
      expect(answer.status).toBe(401);
      expect(store.jobs).toHaveLength(0);
      expect(log.lines.join('\n')).not.toMatch(/wrong-|Bearer|bmV3|new-token/);
    },
  );

  it.each(['generic', 'nobody', '__proto__', 'constructor', '..%2fhealthz', 'x'.repeat(300)])(
    'to the address %s, which has no secret or is none, is not found',
    async (source) => {
      const { post } = await start();
      expect((await post(CREATE_BODY, SIGNED_IN, `/alerts/${source}`)).status).toBe(404);
    },
  );

  it('to a source whose secret is empty is not found', async () => {
    const { post } = await start({
      alerts: { sources: alertSources, secrets: { opsgenie: [''] }, receive: async () => 'stored' },
    });
    expect((await post(CREATE_BODY, { ...SIGNED_IN, authorization: 'Bearer ' })).status).toBe(404);
  });

  it.each(['{"a":', '{}', 'null', '[]', ''])(
    'that reads %j is refused with a reason',
    async (body) => {
      const { post, store } = await start();
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({
        error: expect.stringMatching(/^opsgenie webhook: /) as string,
      });
      expect(store.jobs).toHaveLength(0);
    },
  );

  it('that is no UTF-8 is refused', async () => {
    const { post } = await start();
    expect((await post(new Uint8Array([0x7b, 0xff, 0x7d]))).status).toBe(400);
  });

  it('of another content type is refused, and a charset is fine', async () => {
    const { post } = await start();
    expect((await post(CREATE_BODY, { ...SIGNED_IN, 'content-type': 'text/plain' })).status).toBe(
      415,
    );
    expect(
      (await post(CREATE_BODY, { ...SIGNED_IN, 'content-type': 'application/jsonx' })).status,
    ).toBe(415);
    const charset = 'Application/JSON; charset=UTF-8';
    expect((await post(CREATE_BODY, { ...SIGNED_IN, 'content-type': charset })).status).toBe(202);
  });

  it('of more than a mebibyte is refused, with and without a stated length', async () => {
    const { post, store, edge } = await start();
    expect((await post(' '.repeat(1024 * 1024 + 1))).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${edge.address}/alerts/opsgenie`, {
        method: 'POST',
        headers: SIGNED_IN,
      });
      request.on('response', (response) => resolve(response.resume().statusCode));
      request.on('error', reject);
      for (let i = 0; i < 17; i++) request.write(' '.repeat(64 * 1024));
      request.end();
    });
    expect(status).toBe(413);
    expect(store.jobs).toHaveLength(0);
  });

  it('is to be sent again when the store is away', async () => {
    const { post, log } = await start({
      alerts: receiving(async () => {
        throw new HousecallError('STORE_UNAVAILABLE', 'redis 10.0.0.3: no answer');
      }),
    });
    const answer = await post();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.text()).not.toContain('10.0.0.3');
    expect(log.lines.join('\n')).toContain('10.0.0.3');
  });

  it('is to be sent again when there are too many, and strangers do not count', async () => {
    const { post, counts } = await start({
      alerts: receiving(
        async ({ headers }) =>
          headers['authorization'] === SIGNED_IN.authorization ? 'stored' : 'refused',
        { perSecond: 0.001, burst: 2 },
      ),
    });
    const stranger = { ...SIGNED_IN, authorization: 'Bearer wrong' };
    for (let i = 0; i < 5; i++) expect((await post(CREATE_BODY, stranger)).status).toBe(401);
    expect((await post()).status).toBe(202);
    expect((await post()).status).toBe(202);
    const answer = await post();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(1);
    expect(counts).toContain('housecall_alerts_received_total opsgenie overload');
  });

  it('that fails for a reason of ours tells the sender nothing about it', async () => {
    const { post } = await start({
      alerts: receiving(async () => {
        throw new TypeError('secret internals of src/workflows');
      }),
    });
    const answer = await post();
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('internals');
  });
});
