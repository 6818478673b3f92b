import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSeen } from '../../../src/adapters/slack/edge.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('signed requests to /slack/events', () => {
  let site: SlackSite;
  let body: string;

  beforeAll(async () => {
    site = await startSlackSite({ over: 'http' });
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    site.desk.calls.length = 0;
    site.logged.length = 0;
    const channel = site.workspace.control.channels()[0]?.id ?? '';
    body = new URLSearchParams({
      command: '/diag',
      text: 'disk host-17',
      team_id: site.workspace.teamId,
      user_id: PEOPLE.ada,
      channel_id: channel,
      trigger_id: `t${Math.random()}`,
    }).toString();
  });

  interface Sent {
    readonly path?: string;
    readonly method?: string;
    readonly type?: string;
    readonly secret?: string;
    readonly ageSeconds?: number;
    readonly body?: string;
  }

  function send(sent: Sent = {}): Promise<number> {
    const { path = '/slack/events', method = 'POST', type = FORM, ageSeconds = 0 } = sent;
    const { secret = site.workspace.signingSecret } = sent;
    const text = sent.body ?? body;
    const seconds = Math.floor(Date.now() / 1_000) - ageSeconds;
    const signature = createHmac('sha256', secret).update(`v0:${seconds}:${text}`).digest('hex');
    const { hostname, port } = new URL(site.requestUrl ?? '');
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': type,
        'x-slack-request-timestamp': String(seconds),
        'x-slack-signature': `v0=${signature}`,
      };
      request({ hostname, port, path, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end(method === 'POST' ? text : undefined);
    });
  }

  const settled = () => expect.poll(() => site.desk.calls.length).toBe(1);

  it('are taken with the right signature', async () => {
    expect(await send()).toBe(200);
    await settled();
  });

  it('are taken when a proxy has added a charset', async () => {
    expect(await send({ type: `${FORM}; charset=utf-8` })).toBe(200);
    await settled();
  });

  it.each<[string, Sent, number]>([
    ['another secret', { secret: 'ffff' }, 401],
    ['a timestamp six minutes old', { ageSeconds: 360 }, 401],
    ['a timestamp ten minutes in the future', { ageSeconds: -600 }, 401],
    ['a body over a megabyte', { body: `text=${'x'.repeat(1_100_000)}` }, 413],
    ['another path', { path: '/slack/other' }, 404],
    ['another method', { method: 'GET' }, 404],
    ['a path that is no URL', { path: '//' }, 404],
  ])('are refused with %s, and nothing runs', async (_, sent, status) => {
    expect(await send(sent)).toBe(status);
    expect(site.desk.calls).toEqual([]);
  });

  it('run once when the same bytes are sent again', async () => {
    const answers = [await send(), await send(), await send()];
    expect(answers).toEqual([200, 200, 200]);
    await expect
      .poll(() => site.logged.filter(({ fields }) => fields['code'] === 'CANCELLED').length)
      .toBe(2);
    expect(site.desk.calls).toHaveLength(1);
  });

  it('are answered 503 before it has started', async () => {
    const early = await startSlackSite({ over: 'http', start: false });
    const response = await fetch(early.requestUrl ?? '', { method: 'POST', body: 'x' });
    expect(response.status).toBe(503);
    await early.stop();
  });
});

describe('the memory for replays', () => {
  it('knows a name for a while, and stays small', async () => {
    const seen = createSeen(50, 3);
    expect([await seen('a'), await seen('a'), await seen('b')]).toEqual([false, true, false]);
    for (const name of ['c', 'd', 'e']) await seen(name);
    expect(await seen('e')).toBe(true);
    expect(await seen('a')).toBe(false);
  });
});
