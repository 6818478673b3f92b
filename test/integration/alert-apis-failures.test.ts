import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpsgenieApi } from '../../src/adapters/alert-apis/opsgenie.ts';
import { createPagerDutyApi } from '../../src/adapters/alert-apis/pagerduty.ts';
import type { HousecallError } from '../../src/core/errors.ts';
import {
  type FakeAlertApis,
  OPSGENIE_KEY,
  send,
  startFakeAlertApis,
} from '../support/fake-alert-apis.ts';

const MEBIBYTE = 1024 * 1024;
let apis: FakeAlertApis;
beforeEach(async () => {
  apis = await startFakeAlertApis();
});
afterEach(() => apis.close());

const opsgenie = (more = {}) =>
  createOpsgenieApi({ apiUrl: apis.url.opsgenie, apiKey: OPSGENIE_KEY, ...more });

/** What it throws. */
async function failure(act: () => Promise<unknown>): Promise<HousecallError> {
  return act().then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as HousecallError,
  );
}

describe('a source that does not do as it is asked', () => {
  it.each([408, 429, 500, 502, 503])('is asked again later after HTTP %d', async (status) => {
    apis.failNext((response) => send(response, status, { message: 'slow down' }));
    const error = await failure(() => opsgenie().open());
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', context: { status } });
    expect(error.message).toBe(`opsgenie: list the open alerts: HTTP ${status}, slow down`);
  });

  it.each([400, 403, 404, 422])('has refused with HTTP %d', async (status) => {
    apis.failNext((response) => send(response, status, { message: 'no' }));
    const error = await failure(() => opsgenie().check());
    expect(error).toMatchObject({ code: 'SOURCE_REFUSED', context: { status } });
    expect(error.message).toBe(`opsgenie: count the open alerts: HTTP ${status}, no`);
  });

  it('never gets its key into an error, also when it says it itself', async () => {
    const key = 'wrong-key-4712';
    const error = await failure(() => opsgenie({ apiKey: key }).check());
    expect(error.message).toBe(
      'opsgenie: count the open alerts: HTTP 401, Could not authenticate GenieKey …',
    );
    expect(inspect(error, { depth: 9 })).not.toContain(key);
  });

  it('puts nothing into an error but one plain line', async () => {
    apis.failNext((response) =>
      send(response, 400, { message: `a\n\u001b[31mb${'x'.repeat(999)}` }),
    );
    const { message } = await failure(() => opsgenie().check());
    expect(message).toMatch(/^opsgenie: count the open alerts: HTTP 400, a bx{190,200}$/);
  });

  it('gets its key at the configured address alone: no redirect is followed', async () => {
    const elsewhere = { location: `${apis.url.grafana}/steal` };
    for (const status of [301, 302, 307, 308]) {
      apis.failNext((response) => send(response, status, {}, elsewhere));
      const error = await failure(() => opsgenie().open());
      expect(error).toMatchObject({ code: 'SOURCE_REFUSED', context: { status } });
      expect(error.message).toContain('redirects, which is not followed; is apiUrl right?');
    }
    expect(new Set(apis.calls)).toEqual(new Set(['GET /opsgenie/v2/alerts']));
  });

  it('says nothing: given up after the time-out, before and in the middle of the answer', async () => {
    const impatient = opsgenie({ timeoutMs: 100 });
    apis.failNext(() => {});
    const silent = await failure(() => impatient.open());
    expect(silent).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(silent.message).toBe('opsgenie: list the open alerts: no answer in 0.1 s');
    apis.failNext((response) => {
      response.writeHead(200);
      response.write('{"data":[');
    });
    expect(await failure(() => impatient.open())).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  it('floods us: reading ends at five mebibytes', async () => {
    let sent = 0;
    apis.failNext((response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed || sent > 64 * MEBIBYTE) return void response.end();
        sent += MEBIBYTE;
        response.write('x'.repeat(MEBIBYTE), () => setImmediate(more));
      };
      more();
    });
    const error = await failure(() => opsgenie().open());
    expect(error.message).toContain('more than 5242880 bytes');
    expect(sent).toBeLessThan(64 * MEBIBYTE);
  });

  it('cuts the connection, or is not there', async () => {
    apis.failNext((response) => response.destroy());
    expect(await failure(() => opsgenie().open())).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    await apis.close();
    const error = await failure(() => opsgenie().open());
    expect(error.message).toBe('opsgenie: list the open alerts: ECONNREFUSED');
  });

  it('answers something else than JSON, or JSON of another shape', async () => {
    apis.failNext((response) => void response.writeHead(200).end('<html>sign in</html>'));
    const error = await failure(() => opsgenie().open());
    expect(error.message).toBe('opsgenie: list the open alerts: HTTP 200, the answer is not JSON');
    for (const json of [null, [], 'x', { data: 7 }]) {
      apis.failNext((response) => send(response, 200, json));
      const { message } = await failure(() => opsgenie().open());
      expect(message).toBe('opsgenie: list the open alerts: the answer holds no list');
    }
    apis.failNext((response) => send(response, 200, { data: [null, 7, { id: 5 }, { tags: 3 }] }));
    const { alerts } = await opsgenie().open();
    expect(alerts).toHaveLength(1);
  });
});

it('an alert whose id is a path leads nowhere else', async () => {
  for (const fingerprint of [
    '..',
    '../v1/users',
    'a/b',
    '',
    '.',
    'a?b',
    '%2e%2e',
    'x'.repeat(201),
  ]) {
    const about = { fingerprint, note: 'n' };
    const error = await failure(() => opsgenie().tell('close', about));
    expect(error).toMatchObject({ code: 'SOURCE_REFUSED' });
  }
  expect(apis.calls).toEqual([]);
});

it('an address may have a path in front, and a slash at its end', async () => {
  const apiUrl = `${apis.url.pagerduty}///`;
  const api = createPagerDutyApi({ apiUrl, apiKey: 'wrong' });
  expect(await failure(() => api.check())).toMatchObject({ context: { status: 401 } });
  expect(apis.calls).toEqual(['GET /pagerduty/incidents']);
});

it('a round that is given up ends at once', async () => {
  const giveUp = new AbortController();
  apis.failNext(() => giveUp.abort());
  const error = await failure(() => opsgenie().open({ signal: giveUp.signal }));
  expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
});
