import { expect, test } from 'vitest';
import { clientFor, errorOf, openWorkspace, refusalOf } from './open-workspace.ts';

test('a wrong token, no token and the other kind of token are told apart', async () => {
  const { workspace } = await openWorkspace();
  expect(await errorOf(clientFor(workspace, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
  expect(await errorOf(clientFor(workspace, '').auth.test())).toBe('not_authed');
  const app = clientFor(workspace, workspace.appToken);
  expect(await errorOf(app.auth.test())).toBe('not_allowed_token_type');
  const bot = clientFor(workspace, workspace.botToken);
  expect(await errorOf(bot.apps.connections.open({}))).toBe('not_allowed_token_type');
  expect((await app.apps.connections.open({})).url).toMatch(/^ws:\/\/127\.0\.0\.1:/);
});

test('auth.test says who the bot is and which scopes it has', async () => {
  const { workspace, client } = await openWorkspace({ teamId: 'T0SOMEWHERE' });
  const me = await client.auth.test();
  expect(me).toMatchObject({ user_id: workspace.botUserId, team_id: 'T0SOMEWHERE' });
  expect(me.response_metadata?.scopes).toContain('chat:write');
});

test('a missing scope is named, with those that are there', async () => {
  const { client } = await openWorkspace({ botScopes: ['chat:write', 'users:read'] });
  const refused = await refusalOf(client.conversations.create({ name: 'inc-1' }));
  expect(refused).toMatchObject({
    error: 'missing_scope',
    needed: 'channels:manage',
    provided: 'chat:write,users:read',
    response_metadata: { scopes: ['chat:write', 'users:read'] },
  });
  expect(await errorOf(client.conversations.history({ channel: 'C0INCIDENT' }))).toBe(
    'missing_scope',
  );
  expect(await errorOf(client.usergroups.list())).toBe('missing_scope');
  expect((await client.users.info({ user: 'U0ADA00001' })).user?.profile?.email).toBeUndefined();
});

test('an unknown method is refused and logged, also one named like a built-in of the language', async () => {
  const { workspace, client } = await openWorkspace();
  expect(await errorOf(client.apiCall('chat.shout'))).toBe('unknown_method');
  expect(await errorOf(client.apiCall('constructor'))).toBe('unknown_method');
  expect(workspace.requestLog.map((entry) => [entry.method, entry.ok, entry.error])).toEqual([
    ['chat.shout', false, 'unknown_method'],
    ['constructor', false, 'unknown_method'],
  ]);
});

test('the request log shows arguments as they were meant, without the token', async () => {
  const { workspace, client } = await openWorkspace();
  await client.chat.postMessage({
    channel: 'C0INCIDENT',
    text: 'x',
    blocks: [{ type: 'divider' }],
  });
  expect(workspace.requestLog[0]).toMatchObject({
    method: 'chat.postMessage',
    args: { channel: 'C0INCIDENT', text: 'x', blocks: [{ type: 'divider' }] },
    ok: true,
  });
  expect(JSON.stringify(workspace.requestLog)).not.toContain(workspace.botToken);
});

test('people are found by id and e-mail address, groups on a paid plan only', async () => {
  const { client } = await openWorkspace();
  const found = await client.users.lookupByEmail({ email: 'Grace@example.org' });
  expect(found.user?.id).toBe('U0GRACE001');
  expect(await errorOf(client.users.lookupByEmail({ email: 'no@example.org' }))).toBe(
    'users_not_found',
  );
  expect(await errorOf(client.users.info({ user: 'U0NOBODY01' }))).toBe('user_not_found');
  const groups = await client.usergroups.list();
  expect(groups.usergroups?.[0]).toMatchObject({ id: 'S0ONCALL01', handle: 'oncall' });
  const members = await client.usergroups.users.list({ usergroup: 'S0ONCALL01' });
  expect(members.users).toEqual(['U0ADA00001', 'U0GRACE001']);
  const unknown = client.usergroups.users.list({ usergroup: 'S0NOTHING1' });
  expect(await errorOf(unknown)).toBe('no_such_subteam');
  const { client: free } = await openWorkspace({ plan: 'free' });
  expect(await errorOf(free.usergroups.list())).toBe('plan_upgrade_required');
});

test('pins, bookmarks and reactions are there once each', async () => {
  const { workspace, client } = await openWorkspace();
  const channel = 'C0INCIDENT';
  const { ts: timestamp = '' } = await client.chat.postMessage({ channel, text: 'x' });
  await client.pins.add({ channel, timestamp });
  expect(await errorOf(client.pins.add({ channel, timestamp }))).toBe('already_pinned');
  expect((await client.pins.list({ channel })).items).toHaveLength(1);
  await client.reactions.add({ channel, timestamp, name: 'eyes' });
  expect(await errorOf(client.reactions.add({ channel, timestamp, name: 'eyes' }))).toBe(
    'already_reacted',
  );
  await client.reactions.remove({ channel, timestamp, name: 'eyes' });
  expect(await errorOf(client.reactions.remove({ channel, timestamp, name: 'eyes' }))).toBe(
    'no_reaction',
  );
  expect(await errorOf(client.reactions.add({ channel, timestamp: '1.2', name: 'eyes' }))).toBe(
    'message_not_found',
  );
  const runbook = { channel_id: channel, title: 'Runbook', type: 'link' as const };
  await client.bookmarks.add({ ...runbook, link: 'https://wiki.example.org/disk' });
  expect(await errorOf(client.bookmarks.add({ ...runbook, link: 'nowhere' }))).toBe('invalid_link');
  expect(workspace.control.channel(channel)).toMatchObject({
    pins: [timestamp],
    bookmarks: [{ title: 'Runbook' }],
  });
});

test('a file goes up in three steps and is shared in the thread', async () => {
  const { workspace, client } = await openWorkspace();
  const channel = 'C0INCIDENT';
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'evidence follows' });
  const shared = await client.filesUploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: 'dfé.txt',
    content: 'Filesystem 100% – voll\n',
    initial_comment: 'df -P',
  });
  const uploads = shared.files as { files: { id: string }[] }[];
  const id = uploads[0]?.files[0]?.id ?? '';
  expect(workspace.control.fileContent(id)?.toString()).toBe('Filesystem 100% – voll\n');
  const info = await client.files.info({ file: id });
  expect(info.file?.shares?.public?.[channel]).toMatchObject([{ thread_ts: ts }]);
  expect(workspace.control.thread(channel, ts)[1]).toMatchObject({ text: 'df -P', files: [id] });
  const url = info.file?.url_private_download ?? '';
  expect((await fetch(url)).status).toBe(403);
  const headers = { authorization: `Bearer ${workspace.botToken}` };
  expect(await (await fetch(url, { headers })).text()).toContain('100%');
  const outside = client.filesUploadV2({ channel_id: 'C0GENERAL1', filename: 'a', content: 'b' });
  expect(await errorOf(outside)).toBe('not_in_channel');
  expect(await errorOf(client.files.info({ file: 'F0NOTHING1' }))).toBe('file_not_found');
});
