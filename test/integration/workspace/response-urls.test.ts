import { expect, test } from 'vitest';
import { openWorkspace } from './open-workspace.ts';
import { openApp } from './raw-app.ts';

async function send(url: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test('a response_url answers the person alone, five times', async () => {
  const { workspace } = await openWorkspace();
  await openApp(workspace);
  const { responseUrl } = await workspace.control.slash('ada', 'incidents', '/diag');
  for (let use = 1; use <= 5; use += 1)
    expect(await send(responseUrl, { text: `${use}` })).toMatchObject({ status: 200 });
  const sixth = await send(responseUrl, { text: '6' });
  expect(sixth).toEqual({ status: 404, text: JSON.stringify({ ok: false, error: 'used_url' }) });
  expect(workspace.control.ephemerals('ada').map((entry) => entry.text)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
  expect(workspace.control.messages('incidents')).toEqual([]);
});

test('it answers in the channel when told so, even where the bot is not a member', async () => {
  const { workspace } = await openWorkspace();
  await openApp(workspace);
  const { responseUrl } = await workspace.control.slash('ada', 'general', '/diag');
  await send(responseUrl, { response_type: 'in_channel', text: 'for all' });
  expect(workspace.control.messages('general')).toMatchObject([{ text: 'for all', fromBot: true }]);
});

test('it expires, and an invented one never worked', async () => {
  const { workspace } = await openWorkspace({ responseUrlLifeMs: 30 });
  await openApp(workspace);
  const { responseUrl } = await workspace.control.slash('ada', 'incidents', '/diag');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await send(responseUrl, { text: 'x' })).toMatchObject({ status: 404 });
  expect(await send(`${workspace.url}/response/invented`, { text: 'x' })).toMatchObject({
    status: 404,
  });
});

test('after a click it replaces or deletes the message that was clicked', async () => {
  const { workspace, client } = await openWorkspace();
  await openApp(workspace);
  const text = { type: 'plain_text' as const, text: 'Go' };
  const blocks = [
    { type: 'actions' as const, elements: [{ type: 'button' as const, action_id: 'go', text }] },
  ];
  const { ts = '' } = await client.chat.postMessage({
    channel: 'C0INCIDENT',
    text: 'before',
    blocks,
  });
  const { control } = workspace;
  const { responseUrl } = await control.click('ada', 'incidents', ts, 'go');
  expect(await send(responseUrl, { blocks: [{ type: 'section' }] })).toMatchObject({ status: 400 });
  await send(responseUrl, { replace_original: true, text: 'after' });
  expect(control.messages('incidents')).toMatchObject([{ ts, text: 'after' }]);
  await send(responseUrl, { delete_original: true });
  expect(control.messages('incidents')).toEqual([]);
});

test('an ephemeral answer with a button can be clicked by its person and replaced', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  const text = { type: 'plain_text', text: 'Go' };
  app.answer = {
    text: 'see',
    blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'go', text }] }],
  };
  const { ephemeral } = await control.slash('ada', 'incidents', '/diag');
  app.answer = {};
  const ts = ephemeral?.ts ?? '';
  expect(await control.click('grace', 'incidents', ts, 'go')).toMatchObject({
    error: 'message_not_found',
  });
  const { responseUrl } = await control.click('ada', 'incidents', ts, 'go');
  expect(app.payloads.at(-1)).toMatchObject({ container: { is_ephemeral: true } });
  await send(responseUrl, { replace_original: true, text: 'done' });
  expect(control.ephemerals('ada')).toMatchObject([{ ts, text: 'done', blocks: [] }]);
});
