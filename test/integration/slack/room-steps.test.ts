import { afterEach, describe, expect, it } from 'vitest';
import {
  MANIFEST_SCOPES,
  PEOPLE,
  SITE,
  type SlackSite,
  startSlackSite,
} from '../../support/slack-site.ts';

let site: SlackSite | undefined;
afterEach(async () => {
  await site?.stop();
  site = undefined;
});

const TEAM = Array.from({ length: 60 }, (_, n) => ({ id: `U0TEAM${1000 + n}`, name: `team${n}` }));

describe('inviting again after an answer that was lost', () => {
  it('costs a few calls, however many are in already, and the last one comes in', async () => {
    site = await startSlackSite({
      start: false,
      workspace: { users: [...(SITE.users ?? []), ...TEAM] },
    });
    const { chat } = site.slack;
    const { control } = site.workspace;
    const { channel } = await chat.openRoom({ name: 'inc-many' });
    const everybody = [...TEAM.map(({ id }) => id), PEOPLE.stranger];
    control.addFault({ method: 'conversations.invite', kind: 'reset-after' });
    await expect(chat.invite(channel, everybody)).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
    });
    const before = site.counted.length;
    await chat.invite(channel, [...everybody, PEOPLE.ada]);
    await chat.invite(channel, everybody);
    const calls = site.counted.slice(before).filter((call) => call.includes('conversations.'));
    expect(calls.length).toBeLessThan(10);
    expect(control.channel(channel)?.members).toContain(PEOPLE.ada);
    expect(control.channel(channel)?.members).toHaveLength(TEAM.length + 2);
  });
});

describe('a link in the bar of a room', () => {
  it('is added also where an older app may not look whether it is there', async () => {
    const botScopes = MANIFEST_SCOPES.filter((scope) => scope !== 'bookmarks:read');
    site = await startSlackSite({ start: false, workspace: { botScopes } });
    const { chat } = site.slack;
    const { channel } = await chat.openRoom({ name: 'inc-links' });
    await chat.bookmark(channel, 'Runbook', 'https://wiki.example.org/disk');
    expect(site.workspace.control.channel(channel)?.bookmarks).toMatchObject([
      { title: 'Runbook', link: 'https://wiki.example.org/disk' },
    ]);
  });
});

describe('the history of a room', () => {
  it('asks about threads where somebody wrote last first', async () => {
    site = await startSlackSite({ start: false });
    const { chat } = site.slack;
    const { control } = site.workspace;
    const { channel } = await chat.openRoom({ name: 'inc-threads' });
    control.join(PEOPLE.ada, channel);
    const [old, young] = ['old', 'young'].map((text) => control.say(PEOPLE.ada, channel, text).ts);
    control.say(PEOPLE.ada, channel, 'first answer', young);
    control.say(PEOPLE.ada, channel, 'latest answer', old);
    const asked: string[] = [];
    await chat.history(channel, { isKnown: ({ ts }) => asked.push(ts) > 0 });
    expect(asked).toEqual([old, young]);
  });
});
