import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { errorOf, listIn, openWorkspace, refusalOf } from './open-workspace.ts';

async function create(client: WebClient, name: string, isPrivate = false): Promise<string> {
  const made = await client.conversations.create({ name, is_private: isPrivate });
  return made.channel?.id ?? '';
}

test.each([
  ['', 'invalid_name_required'],
  ['x'.repeat(81), 'invalid_name_maxlength'],
  ['Inc-1', 'invalid_name_specials'],
  ['inc 1', 'invalid_name_specials'],
  ['---', 'invalid_name_punctuation'],
  ['general', 'name_taken'],
])('a channel cannot be called "%s"', async (name, error) => {
  const { client } = await openWorkspace();
  expect(await errorOf(client.conversations.create({ name }))).toBe(error);
});

test('the name of an archived channel stays taken', async () => {
  const { client } = await openWorkspace();
  await client.conversations.archive({ channel: await create(client, 'inc-1') });
  expect(await errorOf(client.conversations.create({ name: 'inc-1' }))).toBe('name_taken');
});

test('archiving throws the bot out: it can neither read, write nor unarchive afterwards', async () => {
  const { workspace, client } = await openWorkspace();
  const channel = await create(client, 'inc-2');
  await client.conversations.invite({ channel, users: 'U0ADA00001' });
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'the record' });
  await client.conversations.archive({ channel });
  expect(await errorOf(client.conversations.history({ channel }))).toBe('not_in_channel');
  expect(await errorOf(client.conversations.unarchive({ channel }))).toBe('not_in_channel');
  expect(await errorOf(client.conversations.archive({ channel }))).toBe('already_archived');
  expect(await errorOf(client.chat.postMessage({ channel, text: 'x' }))).toBe('is_archived');
  expect(await errorOf(client.chat.update({ channel, ts, text: 'x' }))).toBe('is_inactive');
  expect(await errorOf(client.conversations.setTopic({ channel, topic: 'x' }))).toBe('is_archived');
  expect(await errorOf(client.conversations.invite({ channel, users: 'U0GRACE001' }))).toBe(
    'is_archived',
  );
  expect(await errorOf(client.conversations.rename({ channel, name: 'inc-3' }))).toBe(
    'is_archived',
  );
  expect(await errorOf(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).toBe(
    'is_archived',
  );
  expect(workspace.control.messages(channel)).toMatchObject([{ text: 'the record' }]);
  workspace.control.unarchive('ada', channel);
  expect(await errorOf(client.conversations.history({ channel }))).toBe('not_in_channel');
  workspace.control.invite('ada', channel, workspace.botUserId);
  expect((await client.conversations.history({ channel })).messages).toHaveLength(1);
});

test('general can be neither archived nor left', async () => {
  const { client } = await openWorkspace();
  const channel = 'C0GENERAL1';
  await client.conversations.join({ channel });
  expect(await errorOf(client.conversations.archive({ channel }))).toBe('cant_archive_general');
  expect(await errorOf(client.conversations.leave({ channel }))).toBe('cant_leave_general');
});

test('an invitation fails for one bad user, and with force takes the good ones', async () => {
  const { workspace, client } = await openWorkspace();
  const channel = await create(client, 'inc-4');
  const invite = (users: string, force = false): Promise<unknown> =>
    client.conversations.invite({ channel, users, force });
  expect(await errorOf(invite(workspace.botUserId))).toBe('cant_invite_self');
  expect(await errorOf(invite('U0NOBODY01'))).toBe('user_not_found');
  const many = Array.from({ length: 101 }, (_, index) => `U${index}`).join(',');
  expect(await errorOf(invite(many))).toBe('too_many_users');
  const refused = await refusalOf(invite('U0ADA00001,U0NOBODY01'));
  expect(refused['errors']).toEqual([{ user: 'U0NOBODY01', ok: false, error: 'user_not_found' }]);
  expect(workspace.control.channel(channel)?.members).toEqual([workspace.botUserId]);
  await invite('U0ADA00001,U0NOBODY01', true);
  expect(workspace.control.channel(channel)?.members).toEqual([workspace.botUserId, 'U0ADA00001']);
  expect(await errorOf(invite('U0ADA00001'))).toBe('already_in_channel');
});

test('guests of one channel and people of other organisations cannot be invited', async () => {
  const { client } = await openWorkspace({
    users: [
      { id: 'U0ADA00001', name: 'ada' },
      { id: 'U0GUEST001', name: 'guest', isSingleChannelGuest: true },
      { id: 'U0FOREIGN1', name: 'foreign', teamId: 'T0OTHER001' },
    ],
  });
  const channel = await create(client, 'inc-5');
  const invite = (users: string): Promise<unknown> =>
    client.conversations.invite({ channel, users });
  expect(await errorOf(invite('U0GUEST001'))).toBe('ura_max_channels');
  expect(await errorOf(invite('U0FOREIGN1'))).toBe('user_is_restricted');
  const guest = await client.users.info({ user: 'U0GUEST001' });
  expect(guest.user).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
  const foreign = await client.users.info({ user: 'U0FOREIGN1' });
  expect(foreign.user).toMatchObject({ team_id: 'T0OTHER001' });
});

test('topic and purpose hold 250 characters, from a member', async () => {
  const { client } = await openWorkspace();
  const channel = 'C0INCIDENT';
  await client.conversations.setTopic({ channel, topic: 'x'.repeat(250) });
  const long = 'x'.repeat(251);
  expect(await errorOf(client.conversations.setTopic({ channel, topic: long }))).toBe('too_long');
  expect(await errorOf(client.conversations.setPurpose({ channel, purpose: long }))).toBe(
    'too_long',
  );
  const other = client.conversations.setTopic({ channel: 'C0GENERAL1', topic: 'x' });
  expect(await errorOf(other)).toBe('not_in_channel');
});

test('a private channel without the bot does not exist for it', async () => {
  const { workspace, client } = await openWorkspace();
  const secret = workspace.control.createChannel('ada', 'secret', 'private');
  expect(await errorOf(client.conversations.info({ channel: secret.id }))).toBe(
    'channel_not_found',
  );
  const own = await create(client, 'own-secret', true);
  const types = 'public_channel,private_channel';
  const listed = await client.conversations.list({ types });
  expect(listed.channels?.map((channel) => channel.name)).toEqual([
    'general',
    'incidents',
    'own-secret',
  ]);
  expect((await client.conversations.info({ channel: own })).channel?.is_private).toBe(true);
});

test('lists come in pages', async () => {
  const { client } = await openWorkspace();
  const names: unknown[] = [];
  for await (const page of client.paginate('conversations.list', { limit: 1 }))
    names.push(...listIn(page, 'channels').map((channel) => channel['name']));
  expect(names).toEqual(['general', 'incidents']);
  const members = await client.conversations.members({ channel: 'C0INCIDENT', limit: 2 });
  expect(members.members).toHaveLength(2);
  expect(members.response_metadata?.next_cursor).not.toBe('');
  const mine = await client.users.conversations({});
  expect(mine.channels?.map((channel) => channel.name)).toEqual(['incidents']);
});

test('a member can be kicked, a stranger and the bot itself cannot', async () => {
  const { workspace, client } = await openWorkspace();
  const channel = 'C0INCIDENT';
  await client.conversations.kick({ channel, user: 'U0ADA00001' });
  expect(workspace.control.channel('incidents')?.members).not.toContain('U0ADA00001');
  expect(await errorOf(client.conversations.kick({ channel, user: 'U0ADA00001' }))).toBe(
    'not_in_channel',
  );
  const self = client.conversations.kick({ channel, user: workspace.botUserId });
  expect(await errorOf(self)).toBe('cant_kick_self');
});

test('with system messages the lines of Slack itself stand in the history, as in real Slack', async () => {
  const { workspace, client } = await openWorkspace({ systemMessages: true });
  const channel = await create(client, 'inc-6');
  await client.conversations.setTopic({ channel, topic: 'disk' });
  await client.conversations.invite({ channel, users: 'U0ADA00001' });
  const { messages = [] } = await client.conversations.history({ channel });
  expect(messages.map((message) => [message.subtype, message.text])).toEqual([
    ['channel_join', '<@U0ADA00001> has joined the channel'],
    ['channel_topic', 'set the channel topic: disk'],
    ['channel_join', `<@${workspace.botUserId}> has joined the channel`],
  ]);
});
