import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { openWorkspace } from './open-workspace.ts';
import { openApp } from './raw-app.ts';

const CHANNEL = 'C0INCIDENT';
const button = (actionId: string, value: string): object => ({
  type: 'button',
  action_id: actionId,
  value,
  text: { type: 'plain_text', text: value },
});

async function post(workspace: Workspace, blocks: object[]): Promise<string> {
  const body = new URLSearchParams({ channel: CHANNEL, text: 't', blocks: JSON.stringify(blocks) });
  const headers = { authorization: `Bearer ${workspace.botToken}` };
  const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers,
    body,
  });
  return ((await response.json()) as { ts: string }).ts;
}

test('only what is really in the message can be clicked', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const blocks = [
    { type: 'actions', elements: [button('fix.approve', 'p1'), button('fix.deny', 'p1')] },
  ];
  const ts = await post(workspace, blocks);
  const { control } = workspace;
  const click = (action: string, value?: string): Promise<unknown> =>
    control.click('grace', CHANNEL, ts, action, value);
  expect(await click('fix.forged')).toMatchObject({ ok: false, error: 'action_not_found' });
  expect(await click('fix.approve', 'p2')).toMatchObject({ ok: false, error: 'action_not_found' });
  expect(await control.click('grace', CHANNEL, '1.2', 'fix.approve')).toMatchObject({
    error: 'message_not_found',
  });
  const clicks = (): unknown[] =>
    app.payloads.filter((payload) => payload['type'] === 'block_actions');
  expect(clicks()).toEqual([]);
  expect(await click('fix.approve', 'p1')).toMatchObject({ ok: true });
  expect(clicks()).toMatchObject([
    {
      type: 'block_actions',
      user: { id: 'U0GRACE001', team_id: workspace.teamId },
      channel: { id: CHANNEL },
      message: { ts },
      container: { message_ts: ts, is_ephemeral: false },
      actions: [{ action_id: 'fix.approve', value: 'p1', type: 'button' }],
    },
  ]);
});

test('a click of somebody outside of the channel, or after archiving, does nothing', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const ts = await post(workspace, [{ type: 'actions', elements: [button('a', 'b')] }]);
  const { control } = workspace;
  control.leave('linus', CHANNEL);
  expect(await control.click('linus', CHANNEL, ts, 'a')).toMatchObject({ error: 'not_in_channel' });
  control.archive('ada', CHANNEL);
  expect(await control.click('ada', CHANNEL, ts, 'a')).toMatchObject({ error: 'is_archived' });
  expect(app.payloads.filter((payload) => payload['type'] === 'block_actions')).toEqual([]);
});

test('a user of another organisation carries its team id, in clicks, commands and messages', async () => {
  const { workspace } = await openWorkspace({
    users: [
      { id: 'U0ADA00001', name: 'ada' },
      { id: 'U0FOREIGN1', name: 'eve', teamId: 'T0OTHER001' },
    ],
  });
  const app = await openApp(workspace);
  const ts = await post(workspace, [{ type: 'actions', elements: [button('a', 'b')] }]);
  await workspace.control.click('eve', CHANNEL, ts, 'a');
  await workspace.control.slash('eve', CHANNEL, '/diag', 'list');
  workspace.control.say('eve', CHANNEL, 'hi');
  await workspace.control.idle();
  const events = app.payloads
    .map((payload) => payload['event'])
    .filter((event) => event !== undefined);
  expect(app.payloads).toContainEqual(
    expect.objectContaining({ user: expect.objectContaining({ team_id: 'T0OTHER001' }) }),
  );
  expect(app.payloads).toContainEqual(
    expect.objectContaining({ command: '/diag', team_id: 'T0OTHER001' }),
  );
  expect(events).toContainEqual(expect.objectContaining({ text: 'hi', team: 'T0OTHER001' }));
});

test('a command is escaped, and names become ids', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const text = 'page @grace @oncall in #general <now> & https://x.example/a';
  await workspace.control.slash('ada', CHANNEL, '/incident', text);
  expect(app.payloads[0]?.['text']).toBe(
    'page <@U0GRACE001|grace> <!subteam^S0ONCALL01|@oncall> in <#C0GENERAL1|general> &lt;now&gt; &amp; <https://x.example/a>',
  );
});

test('an unknown command, and one in an archived channel, never reach the app', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  expect(await control.slash('ada', CHANNEL, '/nope')).toMatchObject({ error: 'unknown_command' });
  control.createChannel('ada', 'old');
  control.archive('ada', 'old');
  expect(await control.slash('ada', 'old', '/diag')).toMatchObject({ error: 'is_archived' });
  expect(app.payloads.filter((payload) => payload['command'] !== undefined)).toEqual([]);
});

test('an empty acknowledgement shows nothing', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  app.answer = { text: '' };
  expect(await workspace.control.slash('ada', CHANNEL, '/diag')).toMatchObject({ ok: true });
  expect(workspace.control.ephemerals('ada')).toEqual([]);
});

test('an answer in the channel is a message, and a broken one is reported', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  app.answer = { response_type: 'in_channel', text: 'for all' };
  expect(await workspace.control.slash('ada', CHANNEL, '/diag')).toMatchObject({
    ok: true,
    message: { text: 'for all' },
  });
  app.answer = { blocks: [{ type: 'section' }] };
  expect(await workspace.control.slash('ada', CHANNEL, '/diag')).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
  });
});

test('what people may not do is refused with the word of Slack', async () => {
  const { workspace } = await openWorkspace();
  const { control } = workspace;
  control.leave('linus', 'incidents');
  expect(() => control.say('linus', 'incidents', 'x')).toThrow('not_in_channel');
  expect(() => control.say('nobody', 'incidents', 'x')).toThrow('user_not_found');
  expect(() => control.say('ada', 'nowhere', 'x')).toThrow('channel_not_found');
  expect(() => control.say('ada', 'incidents', 'x', '1.2')).toThrow('message_not_found');
  const { ts } = control.say('ada', 'incidents', 'mine');
  expect(() => control.edit('grace', 'incidents', ts, 'x')).toThrow('cant_update_message');
});

test('edits, deletions, reactions and pins of people are events of the app', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const { control } = workspace;
  const { ts } = control.say('ada', 'incidents', 'first');
  control.edit('ada', 'incidents', ts, 'second');
  control.react('grace', 'incidents', ts, 'pushpin');
  control.unreact('grace', 'incidents', ts, 'pushpin');
  control.pin('grace', 'incidents', ts);
  control.unpin('grace', 'incidents', ts);
  control.remove('ada', 'incidents', ts);
  await control.idle();
  const events = app.payloads.map((payload) => payload['event'] as Record<string, unknown>);
  expect(events.map((event) => event['subtype'] ?? event['type'])).toEqual([
    'message',
    'message_changed',
    'reaction_added',
    'reaction_removed',
    'pin_added',
    'pin_removed',
    'message_deleted',
  ]);
  expect(events[1]).toMatchObject({
    message: { text: 'second' },
    previous_message: { text: 'first' },
  });
});

test('without the scope or the subscription an event does not come', async () => {
  const botScopes = ['chat:write', 'channels:history', 'connections:write'];
  const { workspace } = await openWorkspace({
    botScopes,
    botEvents: ['reaction_added', 'message.channels'],
  });
  const app = await openApp(workspace);
  const { ts } = workspace.control.say('ada', 'incidents', 'x');
  workspace.control.react('ada', 'incidents', ts, 'eyes');
  workspace.control.pin('ada', 'incidents', ts);
  await workspace.control.idle();
  expect(app.payloads.map((payload) => (payload['event'] as { type: string }).type)).toEqual([
    'message',
  ]);
});

test('waiting in vain says for what', async () => {
  const { workspace } = await openWorkspace();
  const waiting = workspace.control.waitFor(() => null, 20, 'a miracle');
  await expect(waiting).rejects.toThrow('waited 20 ms in vain for a miracle');
});
