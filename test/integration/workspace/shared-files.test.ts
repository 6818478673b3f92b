import { expect, test } from 'vitest';
import { openWorkspace } from './open-workspace.ts';
import { openApp } from './raw-app.ts';

test('a file that a person shares comes with its message, and only the bot and the page may read it', async () => {
  const { workspace } = await openWorkspace();
  const app = await openApp(workspace);
  const { control, botToken } = workspace;
  const { ts } = control.share('ada', 'incidents', { name: 'a b.txt', content: 'é', text: 'look' });
  await control.idle();
  const events = app.payloads.map((payload) => payload['event'] as Record<string, unknown>);
  expect(events).toMatchObject([
    {
      type: 'message',
      subtype: 'file_share',
      ts,
      text: 'look',
      files: [{ name: 'a b.txt', size: 2 }],
    },
    { type: 'file_shared' },
  ]);
  const [said = {}] = events;
  const [file] = said['files'] as readonly { id: string; url_private: string }[];
  const read = (token: string) =>
    fetch(file?.url_private ?? '', {
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}` },
    });
  const answer = await read(botToken);
  expect([answer.status, await answer.text()]).toEqual([200, 'é']);
  expect((await read('xoxb-of-another')).status).toBe(302);

  control.deleteFile('ada', file?.id ?? '');
  await control.idle();
  expect((await read(botToken)).status).toBe(404);
  expect(app.payloads.at(-1)?.['event']).toMatchObject({
    subtype: 'message_changed',
    message: { ts, files: [{ id: file?.id, mode: 'tombstone' }] },
    previous_message: { files: [{ name: 'a b.txt' }] },
  });
  expect(() => control.deleteFile('ada', file?.id ?? '')).toThrow('file_not_found');
});

test('a file is not for a bot without files:read', async () => {
  const { workspace } = await openWorkspace({ botScopes: ['chat:write'] });
  const { fileDetails } = workspace.control.share('ada', 'incidents', { name: 'x', content: 'x' });
  const answer = await fetch(String(fileDetails[0]?.['url_private']), {
    redirect: 'manual',
    headers: { authorization: `Bearer ${workspace.botToken}` },
  });
  expect(answer.status).toBe(302);
});

test('a deleted message with replies leaves a tombstone in its place, one without leaves nothing', async () => {
  const { workspace, client } = await openWorkspace();
  const { control } = workspace;
  const root = control.say('ada', 'incidents', 'a question');
  const reply = control.say('grace', 'incidents', 'an answer', root.ts);
  control.remove('ada', 'incidents', root.ts);
  const shown = await client.conversations.history({ channel: 'C0INCIDENT' });
  expect(shown.messages).toMatchObject([{ ts: root.ts, subtype: 'tombstone', reply_count: 1 }]);
  expect(control.events.at(-1)).toMatchObject({
    subtype: 'message_changed',
    message: { subtype: 'tombstone' },
    previous_message: { text: 'a question' },
  });
  control.remove('grace', 'incidents', reply.ts);
  expect(control.events.at(-1)).toMatchObject({ subtype: 'message_deleted', deleted_ts: reply.ts });
});
