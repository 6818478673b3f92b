import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlack, type Slack } from '../../../src/adapters/slack/create-slack.ts';
import { createWorkspace } from '../../../src/workspace/create-workspace.ts';
import {
  createFakeDesk,
  PEOPLE,
  SITE,
  type SlackSite,
  startSlackSite,
} from '../../support/slack-site.ts';

describe('Socket Mode', () => {
  let site: SlackSite | null = null;
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await site?.stop();
    site = null;
  });

  const twoSockets = async (own: SlackSite) =>
    own.workspace.control.waitFor(
      () => own.workspace.control.sockets.count() === 2,
      10_000,
      'two sockets',
    );

  it('keeps two sockets, and commands arrive while Slack recycles one of them', async () => {
    site = await startSlackSite();
    const { control } = site.workspace;
    const ops = control.createChannel(PEOPLE.ada, 'ops').id;
    await twoSockets(site);
    for (let n = 1; n <= 3; n += 1) {
      control.sockets.refresh(1);
      expect(await control.slash(PEOPLE.ada, ops, '/diag', `disk host-${n}`)).toMatchObject({
        ok: true,
      });
      await twoSockets(site);
    }
    await expect.poll(() => site?.desk.calls.length).toBe(3);
  });

  it('comes back when both sockets are killed', async () => {
    site = await startSlackSite();
    await twoSockets(site);
    expect(site.slack.isListening()).toBe(true);
    site.workspace.control.sockets.kill();
    await twoSockets(site);
    expect(site.slack.isListening()).toBe(true);
  });

  it('starts while Slack is away, and is there when Slack comes back', async () => {
    const port = await freePort();
    const slack = slackFor(`http://127.0.0.1:${port}/api/`, 'xapp-later');
    await slack.start(createFakeDesk());
    expect(slack.isListening()).toBe(false);
    const workspace = await createWorkspace({
      ...SITE,
      port,
      secrets: { botToken: 'xoxb-later', appToken: 'xapp-later' },
    });
    stops.push(() => workspace.close());
    await expect.poll(() => slack.isListening(), { timeout: 20_000 }).toBe(true);
  });

  it('says no to start when Slack refuses the token', async () => {
    const workspace = await createWorkspace(SITE);
    stops.push(() => workspace.close());
    const slack = slackFor(workspace.apiUrl, workspace.appToken);
    await expect(slack.start(createFakeDesk())).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      context: { error: 'invalid_auth' },
    });
  });

  it('says no to start when Slack refuses the app token', async () => {
    const workspace = await createWorkspace({ ...SITE, secrets: { botToken: 'xoxb-later' } });
    stops.push(() => workspace.close());
    const slack = slackFor(workspace.apiUrl, 'xapp-wrong');
    await expect(slack.start(createFakeDesk())).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      context: { method: 'apps.connections.open' },
    });
  });

  it('leaves no socket open when it stops', async () => {
    site = await startSlackSite();
    await twoSockets(site);
    await site.slack.stop();
    await expect.poll(() => site?.workspace.control.sockets.count()).toBe(0);
  });

  function slackFor(apiUrl: string, appToken: string): Slack {
    const slack = createSlack({
      config: { botToken: 'xoxb-later', appToken, apiUrl },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { count: () => {}, observe: () => {} },
      diagnostics: [],
    });
    stops.push(() => slack.stop(1));
    return slack;
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
