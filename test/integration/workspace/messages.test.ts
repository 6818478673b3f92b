import { expect, test } from 'vitest';
import { clientFor, errorOf, listIn, openWorkspace } from './open-workspace.ts';

const INCIDENTS = 'C0INCIDENT';
const GENERAL = 'C0GENERAL1';

test('a posted message comes back with its ts and the bot as its author', async () => {
  const { workspace, client } = await openWorkspace();
  const posted = await client.chat.postMessage({ channel: INCIDENTS, text: 'hello' });
  expect(posted).toMatchObject({
    ok: true,
    channel: INCIDENTS,
    message: { text: 'hello', user: workspace.botUserId, bot_id: 'B0HOUSEBOT' },
  });
  expect(posted.ts).toMatch(/^\d{10}\.\d{6}$/);
  expect(workspace.control.messages('#incidents')).toMatchObject([
    { ts: posted.ts, fromBot: true },
  ]);
});

test('a message needs something in it', async () => {
  const { client } = await openWorkspace();
  expect(await errorOf(client.chat.postMessage({ channel: INCIDENTS, text: '' }))).toBe('no_text');
  expect(await errorOf(client.apiCall('chat.postMessage', { text: 'x' }))).toBe(
    'channel_not_found',
  );
  expect(await errorOf(client.chat.postMessage({ channel: 'C0NOWHERE1', text: 'x' }))).toBe(
    'channel_not_found',
  );
});

test('a text above 40,000 characters is cut, and an update above 4,000 is refused', async () => {
  const { workspace, client } = await openWorkspace();
  const { ts = '' } = await client.chat.postMessage({
    channel: INCIDENTS,
    text: 'x'.repeat(40_001),
  });
  expect(workspace.control.messages('incidents')[0]?.text).toHaveLength(40_000);
  const update = (length: number): Promise<unknown> =>
    client.chat.update({ channel: INCIDENTS, ts, text: 'y'.repeat(length) });
  expect(await errorOf(update(4001))).toBe('msg_too_long');
  await update(4000);
  expect(workspace.control.messages('incidents')[0]?.edited).toBeDefined();
});

test('markdown_text goes with neither text nor blocks', async () => {
  const { client } = await openWorkspace();
  const post = (args: Record<string, unknown>): Promise<unknown> =>
    client.apiCall('chat.postMessage', { channel: INCIDENTS, ...args });
  expect(await errorOf(post({ text: 'a', markdown_text: 'b' }))).toBe('markdown_text_conflict');
  expect(await errorOf(post({ markdown_text: 'b'.repeat(12_001) }))).toBe('msg_too_long');
  await post({ markdown_text: '**b**' });
});

test('posting outside of its channels takes the bot chat:write.public, and a public channel', async () => {
  const { workspace, client } = await openWorkspace({ botScopes: ['chat:write'] });
  expect(await errorOf(client.chat.postMessage({ channel: GENERAL, text: 'x' }))).toBe(
    'not_in_channel',
  );
  const secret = workspace.control.createChannel('ada', 'secret', 'private');
  expect(await errorOf(client.chat.postMessage({ channel: secret.id, text: 'x' }))).toBe(
    'channel_not_found',
  );
  const { client: wide } = await openWorkspace();
  await wide.chat.postMessage({ channel: '#general', text: 'by name, without joining' });
});

test('replies go under the first message of a thread and nowhere else', async () => {
  const { client } = await openWorkspace();
  const { ts = '' } = await client.chat.postMessage({ channel: INCIDENTS, text: 'first' });
  const post = (thread: string): Promise<{ ts?: string }> =>
    client.chat.postMessage({ channel: INCIDENTS, text: 'reply', thread_ts: thread });
  const reply = await post(ts);
  expect(await errorOf(post(reply.ts ?? ''))).toBe('cannot_reply_to_message');
  expect(await errorOf(post('1234567890.000001'))).toBe('thread_not_found');
  const replies = await client.conversations.replies({ channel: INCIDENTS, ts });
  expect(replies.messages?.map((message) => message.text)).toEqual(['first', 'reply']);
  expect(replies.messages?.[0]).toMatchObject({ reply_count: 1, latest_reply: reply.ts });
  const history = await client.conversations.history({ channel: INCIDENTS });
  expect(history.messages?.map((message) => message.text)).toEqual(['first']);
});

test('history is newest first, in pages, between two moments', async () => {
  const { client } = await openWorkspace();
  const stamps: string[] = [];
  for (const text of ['1', '2', '3', '4', '5'])
    stamps.push((await client.chat.postMessage({ channel: INCIDENTS, text })).ts ?? '');
  const read: unknown[] = [];
  for await (const page of client.paginate('conversations.history', {
    channel: INCIDENTS,
    limit: 2,
  }))
    read.push(...listIn(page, 'messages').map((message) => message['text']));
  expect(read).toEqual(['5', '4', '3', '2', '1']);
  const [, second = '', , fourth = ''] = stamps;
  const between = async (inclusive: boolean): Promise<unknown> => {
    const range = { channel: INCIDENTS, oldest: second, latest: fourth, inclusive };
    return (await client.conversations.history(range)).messages?.map((message) => message.text);
  };
  expect(await between(false)).toEqual(['3']);
  expect(await between(true)).toEqual(['4', '3', '2']);
  const wrong = client.conversations.history({ channel: INCIDENTS, cursor: 'nonsense' });
  expect(await errorOf(wrong)).toBe('invalid_cursor');
});

test('only the messages of the bot can be changed or deleted by it', async () => {
  const { workspace, client } = await openWorkspace();
  const { ts } = workspace.control.say('ada', 'incidents', 'mine');
  const ref = { channel: INCIDENTS, ts };
  expect(await errorOf(client.chat.update({ ...ref, text: 'x' }))).toBe('cant_update_message');
  expect(await errorOf(client.chat.delete(ref))).toBe('cant_delete_message');
  const own = await client.chat.postMessage({ channel: INCIDENTS, text: 'own' });
  await client.chat.delete({ channel: INCIDENTS, ts: own.ts ?? '' });
  const gone = client.chat.update({ channel: INCIDENTS, ts: own.ts ?? '', text: 'x' });
  expect(await errorOf(gone)).toBe('message_not_found');
});

test('metadata has a shape and a size, and is given back only on request', async () => {
  const { client } = await openWorkspace();
  const post = (metadata: unknown): Promise<unknown> =>
    client.apiCall('chat.postMessage', { channel: INCIDENTS, text: 'x', metadata });
  const payload = { id: 'p-1', rows: [{ host: 'web-1' }] };
  await post({ event_type: 'posting', event_payload: payload });
  expect(await errorOf(post({ event_type: 'a b', event_payload: {} }))).toBe(
    'invalid_metadata_format',
  );
  expect(await errorOf(post({ event_type: 'a', event_payload: { x: { y: { z: 1 } } } }))).toBe(
    'invalid_metadata_schema',
  );
  expect(await errorOf(post({ event_type: 'a', event_payload: { x: 'y'.repeat(9000) } }))).toBe(
    'metadata_too_large',
  );
  const plain = await client.conversations.history({ channel: INCIDENTS });
  expect(plain.messages?.[0]?.metadata).toBeUndefined();
  const full = await client.conversations.history({
    channel: INCIDENTS,
    include_all_metadata: true,
  });
  expect(full.messages?.[0]?.metadata).toEqual({ event_type: 'posting', event_payload: payload });
});

test('an ephemeral message is for one member, and history does not know it', async () => {
  const { workspace, client } = await openWorkspace();
  await client.chat.postEphemeral({ channel: INCIDENTS, user: 'U0ADA00001', text: 'psst' });
  expect(workspace.control.ephemerals('ada')).toMatchObject([
    { text: 'psst', via: 'chat.postEphemeral' },
  ]);
  expect((await client.conversations.history({ channel: INCIDENTS })).messages).toEqual([]);
  workspace.control.leave('grace', 'incidents');
  const outside = client.chat.postEphemeral({ channel: INCIDENTS, user: 'U0GRACE001', text: 'x' });
  expect(await errorOf(outside)).toBe('user_not_in_channel');
});

test('a permalink names the channel, the message and its thread', async () => {
  const { workspace, client } = await openWorkspace();
  const { ts = '' } = await client.chat.postMessage({ channel: INCIDENTS, text: 'x' });
  const link = await client.chat.getPermalink({ channel: INCIDENTS, message_ts: ts });
  expect(link.permalink).toBe(`${workspace.url}/archives/${INCIDENTS}/p${ts.replace('.', '')}`);
});

test('a message to a user id opens the direct conversation with them', async () => {
  const { workspace, client } = await openWorkspace();
  const posted = await client.chat.postMessage({ channel: 'U0GRACE001', text: 'you are paged' });
  expect(posted.channel).toMatch(/^D/);
  const opened = await client.conversations.open({ users: 'U0GRACE001' });
  expect(opened.channel?.id).toBe(posted.channel);
  expect(workspace.control.messages(posted.channel ?? '')).toHaveLength(1);
});

test('more than a message a second in one channel is turned away with Retry-After', async () => {
  const { workspace } = await openWorkspace({ rateLimits: 'strict' });
  const client = clientFor(workspace, workspace.botToken);
  await client.chat.postMessage({ channel: INCIDENTS, text: '1' });
  const second = client.chat.postMessage({ channel: INCIDENTS, text: '2' });
  await expect(second).rejects.toMatchObject({ retryAfter: 1 });
  const byName = client.chat.postMessage({ channel: '#incidents', text: '2' });
  await expect(byName).rejects.toMatchObject({ retryAfter: 1 });
  await client.chat.postMessage({ channel: GENERAL, text: 'another channel' });
  const burst = await openWorkspace({ rateLimits: 'burst' });
  for (const text of ['1', '2', '3', '4', '5'])
    await burst.client.chat.postMessage({ channel: INCIDENTS, text });
  const sixth = burst.client.chat.postMessage({ channel: INCIDENTS, text: '6' });
  await expect(sixth).rejects.toMatchObject({ retryAfter: 1 });
});
