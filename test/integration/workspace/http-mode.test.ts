import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { expect, test } from 'vitest';
import { createWorkspace, type Workspace } from '../../../src/workspace/create-workspace.ts';
import { closing, openWorkspace } from './open-workspace.ts';

/** The real Bolt behind its HTTP receiver on a free port of this machine. */
async function boltFor(
  workspace: Workspace,
  signingSecret = workspace.signingSecret,
): Promise<{ app: App; url: string }> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    token: workspace.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    deferInitialization: true,
    convoStore: false,
  });
  await app.init();
  const server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { app, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` };
}

test('commands, clicks and events reach Bolt as signed requests', async () => {
  const { workspace, client } = await openWorkspace();
  const { app, url } = await boltFor(workspace);
  const seen: string[] = [];
  app.command('/diag', async ({ ack, command }) => ack(`ran ${command.text}`));
  app.action('go', async ({ ack }) => {
    seen.push('click');
    await ack();
  });
  app.event('message', async ({ event }) => {
    seen.push(`message ${'text' in event ? event.text : ''}`);
  });
  const { control } = workspace;
  await control.setRequestUrl(url);
  expect(await control.slash('ada', 'incidents', '/diag', 'list & more')).toMatchObject({
    ok: true,
    ephemeral: { text: 'ran list &amp; more' },
  });
  const text = { type: 'plain_text' as const, text: 'Go' };
  const blocks = [
    { type: 'actions' as const, elements: [{ type: 'button' as const, action_id: 'go', text }] },
  ];
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0INCIDENT', text: 'own', blocks });
  expect(await control.click('ada', 'incidents', ts, 'go')).toMatchObject({ ok: true });
  control.say('ada', 'incidents', 'hello');
  await control.idle();
  // Bolt leaves out the messages of its own bot.
  expect(seen.toSorted()).toEqual(['click', 'message hello']);
});

test('an address that does not answer the challenge, or has another secret, is not taken', async () => {
  const { workspace } = await openWorkspace();
  const { url } = await boltFor(workspace, 'another secret');
  await expect(workspace.control.setRequestUrl(url)).rejects.toThrow('url_verification');
  await expect(workspace.control.setRequestUrl('http://127.0.0.1:1/')).rejects.toThrow(
    'url_verification',
  );
  await expect(createWorkspace({ requestUrl: url })).rejects.toThrow('url_verification');
});

test('it never calls another machine', async () => {
  const { workspace } = await openWorkspace();
  for (const url of [
    'https://example.org/',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'http://127.0.0.1.example.org/',
  ])
    await expect(workspace.control.setRequestUrl(url)).rejects.toThrow('only http on this machine');
});

interface Received {
  readonly body: { readonly event_id?: string; readonly challenge?: string };
  readonly headers: IncomingMessage['headers'];
}

/** An endpoint that answers the challenge and then fails in some way. */
async function endpoint(
  answer: (nth: number) => { status: number; headers?: Record<string, string> } | null,
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const body = text.startsWith('{') ? (JSON.parse(text) as Received['body']) : {};
      if (body.challenge !== undefined) {
        response.end(body.challenge);
        return;
      }
      received.push({ body, headers: request.headers });
      const wanted = answer(received.length);
      if (wanted) response.writeHead(wanted.status, wanted.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

test('an event that is not answered with 200 comes again, with the reason', async () => {
  const { workspace } = await openWorkspace({ ackTimeoutMs: 80, eventRetryDelaysMs: [0, 5, 5] });
  const { url, received } = await endpoint((nth) =>
    nth === 1 ? { status: 500 } : nth === 2 ? null : { status: 200 },
  );
  await workspace.control.setRequestUrl(url);
  workspace.control.say('ada', 'incidents', 'hello');
  await workspace.control.idle();
  expect(
    received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
  ).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_timeout'],
  ]);
  expect(new Set(received.map(({ body }) => body.event_id)).size).toBe(1);
});

test('x-slack-no-retry ends it', async () => {
  const { workspace } = await openWorkspace({ eventRetryDelaysMs: [0, 5, 5] });
  const { url, received } = await endpoint(() => ({
    status: 500,
    headers: { 'x-slack-no-retry': '1' },
  }));
  await workspace.control.setRequestUrl(url);
  workspace.control.say('ada', 'incidents', 'hello');
  await workspace.control.idle();
  expect(received).toHaveLength(1);
});

test('a command that is not answered in time, or with an error, fails for the person', async () => {
  const { workspace } = await openWorkspace({ ackTimeoutMs: 60 });
  const { url } = await endpoint((nth) => (nth === 1 ? null : { status: 404 }));
  await workspace.control.setRequestUrl(url);
  expect(await workspace.control.slash('ada', 'incidents', '/diag')).toMatchObject({
    error: 'operation_timeout',
  });
  expect(await workspace.control.slash('ada', 'incidents', '/diag')).toMatchObject({
    error: 'dispatch_failed',
  });
});
