import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { downloadFile } from '../../../src/adapters/slack/chat/download.ts';
import { createWebApi, type WebApi } from '../../../src/adapters/slack/web-api.ts';
import type { ChatFile } from '../../../src/ports/chat.ts';
import { silentLog } from '../../support/redis.ts';

const metrics = { count: () => {}, observe: () => {} };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A host that answers so, and what it was asked. */
async function host(answer: RequestListener) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const apiAt = (apiUrl?: string): WebApi =>
  createWebApi({
    config: { botToken: 'xoxb-1', ...(apiUrl === undefined ? {} : { apiUrl }) },
    log: silentLog,
    metrics,
  });
const at = (download: string, more: Partial<ChatFile> = {}): ChatFile => ({
  id: 'F1',
  name: 'graph.png',
  url: download,
  download,
  ...more,
});

describe('a file of a message', () => {
  it('is read from the configured host, with the token of the bot', async () => {
    const slack = await host((_, response) => response.end('bytes'));
    const bytes = await downloadFile(apiAt(`${slack.url}/api/`), at(`${slack.url}/files/F1`), 100);
    expect(Buffer.from(bytes).toString()).toBe('bytes');
    expect(slack.asked[0]?.headers.authorization).toBe('Bearer xoxb-1');
  });

  it('is never asked of another host, wherever its address points', async () => {
    const slack = await host((_, response) => response.end());
    const other = await host((_, response) => response.end('secret'));
    const api = apiAt(`${slack.url}/api/`);
    for (const address of [
      `${other.url}/x`,
      slack.url.replace('http://', 'http://user@'),
      'file:///etc/passwd',
      'no address',
      '',
    ]) {
      await expect(downloadFile(api, at(address), 100)).rejects.toMatchObject({
        code: 'CHAT_REFUSED',
      });
    }
    expect([...slack.asked, ...other.asked]).toEqual([]);
  });

  it.each([
    'http://files.slack.com/x',
    'https://files.slack.com.example.org/x',
    'https://files.slack.com@example.org/x',
    'https://files.slack.com:8443/x',
    'https://evilslack.com/x',
    'https://127.0.0.1/x',
    'https://slack.com.:443/x',
  ])('with real Slack is not asked of %s', async (address) => {
    await expect(downloadFile(apiAt(), at(address), 100)).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      context: { error: 'foreign_host' },
    });
  });

  it('is not fetched over a redirect, and the missing right is named', async () => {
    const other = await host((_, response) => response.end('secret'));
    const slack = await host((_, response) =>
      response.writeHead(302, { location: other.url }).end(),
    );
    await expect(
      downloadFile(apiAt(`${slack.url}/api/`), at(`${slack.url}/x`), 100),
    ).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      message: expect.stringContaining('files:read') as string,
    });
    expect(other.asked).toEqual([]);
  });

  it('is not taken for the login page that Slack shows instead', async () => {
    const slack = await host((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
    );
    const api = apiAt(`${slack.url}/api/`);
    await expect(downloadFile(api, at(`${slack.url}/x`), 100)).rejects.toMatchObject({
      message: expect.stringContaining('files:read') as string,
    });
    const page = at(`${slack.url}/x`, { mediaType: 'text/html' });
    expect(await downloadFile(api, page, 100)).toHaveLength(16);
  });

  it.each<[string, RequestListener]>([
    [
      'says so',
      (_, response) => response.writeHead(200, { 'content-length': '101' }).flushHeaders(),
    ],
    [
      'never ends',
      (_, response) => {
        const more = setInterval(() => response.write('x'.repeat(60)), 5);
        response.on('close', () => clearInterval(more));
      },
    ],
  ])('is not read to its end when it is larger than allowed and %s', async (_, answer) => {
    const slack = await host(answer);
    await expect(
      downloadFile(apiAt(`${slack.url}/api/`), at(`${slack.url}/x`), 100),
    ).rejects.toMatchObject({ code: 'CHAT_REFUSED', context: { error: 'file_too_large' } });
  });

  it.each([
    [404, 'CHAT_REFUSED'],
    [429, 'CHAT_RATE_LIMITED'],
    [503, 'CHAT_UNAVAILABLE'],
  ])('answered with %i is %s', async (status, code) => {
    const slack = await host((_, response) => response.writeHead(status).end());
    await expect(
      downloadFile(apiAt(`${slack.url}/api/`), at(`${slack.url}/x`), 100),
    ).rejects.toMatchObject({ code });
  });
});
