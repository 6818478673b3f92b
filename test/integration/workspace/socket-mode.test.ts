import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { closing, openWorkspace } from './open-workspace.ts';

/** The real Bolt over Socket Mode, stopped after the test. */
async function boltFor(workspace: Workspace): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
  });
  const app = new App({
    token: workspace.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    convoStore: false,
    deferInitialization: true,
  });
  await app.init();
  closing({ close: () => app.stop() });
  return app;
}

test('a slash command reaches Bolt and its answer is seen by the person alone', async () => {
  const { workspace } = await openWorkspace();
  const app = await boltFor(workspace);
  app.command('/diag', async ({ ack, command }) => {
    await ack(`you said ${command.text}`);
  });
  await app.start();
  const outcome = await workspace.control.slash('ada', '#incidents', '/diag', 'disk host-17');
  expect(outcome).toMatchObject({ ok: true, ephemeral: { text: 'you said disk host-17' } });
  expect(workspace.control.ephemerals('ada')).toHaveLength(1);
  expect(workspace.control.ephemerals('grace')).toHaveLength(0);
});

test('a click reaches Bolt, opens a modal once, and the submission comes back', async () => {
  const { workspace, client } = await openWorkspace();
  const app = await boltFor(workspace);
  const submitted: unknown[] = [];
  app.action('fix.review', async ({ ack, body, client: web }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await web.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'fix.request',
        title: { type: 'plain_text', text: 'Review fix' },
        submit: { type: 'plain_text', text: 'Request' },
        private_metadata: 'plan-1',
        blocks: [
          {
            type: 'input',
            block_id: 'why',
            label: { type: 'plain_text', text: 'Why' },
            element: { type: 'plain_text_input', action_id: 'text' },
          },
        ],
      },
    });
  });
  app.view('fix.request', async ({ ack, view }) => {
    submitted.push([view.private_metadata, view.state.values['why']?.['text']?.value]);
    await ack();
  });
  await app.start();
  const posted = await client.chat.postMessage({
    channel: 'C0INCIDENT',
    text: 'finding',
    blocks: [
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'fix.review',
            value: 'x',
            text: { type: 'plain_text', text: 'Review fix' },
          },
        ],
      },
    ],
  });
  const { control } = workspace;
  expect(await control.click('ada', '#incidents', posted.ts ?? '', 'fix.review')).toMatchObject({
    ok: true,
  });
  const view = await control.waitFor(() => control.views('ada')[0]);
  const id = String(view['id']);
  expect(await control.submitView('ada', id)).toMatchObject({ ok: false, error: 'input_required' });
  expect(await control.submitView('ada', id, { why: 'the disk is full' })).toMatchObject({
    ok: true,
  });
  expect(submitted).toEqual([['plan-1', 'the disk is full']]);
  expect(control.views('ada')).toEqual([]);
});

test('messages, reactions and pins of people reach Bolt as events', async () => {
  const { workspace } = await openWorkspace();
  const app = await boltFor(workspace);
  const seen: string[] = [];
  app.event('message', async ({ event }) => {
    seen.push(`message ${'text' in event ? event.text : ''}`);
  });
  app.event('reaction_added', async ({ event }) => {
    seen.push(`reaction ${event.reaction}`);
  });
  app.event('pin_added', async ({ event }) => {
    seen.push(`pin ${event.channel_id}`);
  });
  await app.start();
  const { control } = workspace;
  const { ts } = control.say('ada', 'incidents', 'hello <b> & @grace');
  control.react('grace', 'incidents', ts, 'pushpin');
  control.pin('grace', 'incidents', ts);
  control.say('ada', 'general', 'the bot is not here');
  await control.idle();
  expect(seen.toSorted()).toEqual([
    'message hello &lt;b&gt; &amp; <@U0GRACE001>',
    'pin C0INCIDENT',
    'reaction pushpin',
  ]);
});
