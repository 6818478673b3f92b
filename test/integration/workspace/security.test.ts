import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { openWorkspace } from './open-workspace.ts';

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request with any header, also those that fetch would not send. */
function ask(
  workspace: Workspace,
  asked: Asked,
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const { port } = new URL(workspace.url);
  return new Promise((resolve, reject) => {
    const { path, method = 'GET', headers = {} } = asked;
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end(asked.body);
  });
}

const say = JSON.stringify({ user: 'ada', channel: 'incidents', text: 'hi' });

function control(workspace: Workspace, headers: Record<string, string>): Asked {
  const authorization = `Bearer ${workspace.pageToken}`;
  return {
    path: '/control/say',
    method: 'POST',
    headers: { authorization, ...headers },
    body: say,
  };
}

test('it listens on the loopback address only', async () => {
  const { workspace } = await openWorkspace();
  const { port } = new URL(workspace.url);
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal);
  for (const { address } of others) {
    const outcome = await new Promise((resolve) => {
      const socket = connect({ host: address, port: Number(port) });
      socket.on('connect', () => resolve('connected'));
      socket.on('error', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  }
  expect(workspace.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a foreign Host is turned away everywhere', async () => {
  const { workspace } = await openWorkspace();
  const host = 'attacker.example';
  for (const path of ['/', '/control/say', '/api/auth.test', '/page/main.js'])
    expect((await ask(workspace, { path, headers: { host } })).status).toBe(421);
  expect((await ask(workspace, control(workspace, { host }))).status).toBe(421);
});

test('a foreign Origin is turned away even with the token', async () => {
  const { workspace } = await openWorkspace();
  for (const origin of ['https://attacker.example', 'null', workspace.url.replace(/\d+$/, '1')])
    expect((await ask(workspace, control(workspace, { origin }))).status).toBe(403);
  expect((await ask(workspace, control(workspace, { origin: workspace.url }))).status).toBe(200);
  expect(workspace.control.messages('incidents')).toHaveLength(1);
});

test('page and control need the token, and no answer may be read by another site', async () => {
  const { workspace } = await openWorkspace();
  const wrong = { authorization: 'Bearer wrong' };
  expect((await ask(workspace, control(workspace, wrong))).status).toBe(403);
  expect(
    (
      await ask(workspace, {
        path: `/control/say?token=${workspace.pageToken}`,
        method: 'POST',
        body: say,
      })
    ).status,
  ).toBe(403);
  expect((await ask(workspace, { path: '/' })).status).toBe(403);
  expect((await ask(workspace, { path: '/?token=wrong' })).status).toBe(403);
  const page = await ask(workspace, { path: `/?token=${workspace.pageToken}` });
  expect(page.status).toBe(200);
  expect(page.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  expect(page.headers['access-control-allow-origin']).toBeUndefined();
  expect(page.text).not.toContain(workspace.pageToken);
  expect(workspace.control.messages('incidents')).toEqual([]);
});

test('the page serves its own files and nothing else', async () => {
  const { workspace } = await openWorkspace();
  for (const path of [
    '/page/..%2fpage.ts',
    '/page/../page.ts',
    '/page/%2e%2e/page.ts',
    '/page/index.html',
    '/etc/passwd',
  ])
    expect((await ask(workspace, { path })).status).toBe(404);
});

test('garbage is refused with a word, not with a crash', async () => {
  const { workspace } = await openWorkspace();
  const authorization = `Bearer ${workspace.pageToken}`;
  const post = (path: string, body: string): Promise<{ status: number }> =>
    ask(workspace, { path, method: 'POST', headers: { authorization }, body });
  expect((await post('/control/say', '{not json')).status).toBe(400);
  expect((await post('/control/say', '{}')).status).toBe(400);
  expect((await post('/control/constructor', '{}')).status).toBe(404);
  expect((await post('/control/say', ' '.repeat(1024 * 1024 + 1))).status).toBe(413);
  expect((await post('/control/addFault', '{"method":"("}')).status).toBe(400);
  expect((await post('/response/x', 'x')).status).toBe(404);
  expect((await post('/upload/x/y', 'x')).status).toBe(404);
  expect((await post('/api/auth.test', '%%%')).status).toBe(200);
});

test('people act over HTTP as in process, and the feed tells what happens', async () => {
  const { workspace } = await openWorkspace();
  const headers = { authorization: `Bearer ${workspace.pageToken}` };
  const feed = await fetch(`${workspace.url}/control/feed`, { headers });
  const reader = (feed.body as ReadableStream<Uint8Array>).getReader();
  const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toContain('"kind":"snapshot"');
  const said = await fetch(`${workspace.url}/control/say`, { method: 'POST', headers, body: say });
  expect(await said.json()).toMatchObject({ ok: true, result: { text: 'hi' } });
  expect(await next()).toContain('"text":"hi"');
  const fault = { kind: 'error', method: 'auth\\..*', error: 'fatal_error' };
  await fetch(`${workspace.url}/control/addFault`, {
    method: 'POST',
    headers,
    body: JSON.stringify(fault),
  });
  const bot = { authorization: `Bearer ${workspace.botToken}` };
  const answer = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST', headers: bot });
  expect(await answer.json()).toEqual({ ok: false, error: 'fatal_error' });
  const log = await fetch(`${workspace.url}/control/requests`, { method: 'POST', headers });
  expect(await log.json()).toMatchObject({ result: [{ method: 'auth.test', ok: false }] });
  await reader.cancel();
});
