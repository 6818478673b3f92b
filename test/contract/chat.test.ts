import { createFakeChat } from '../support/fake-chat.ts';
import { canvasContract } from './canvas.contract.ts';
import { chatContract } from './chat.contract.ts';

chatContract('the chat in memory', async () => {
  const chat = createFakeChat();
  const people = {
    member: 'U0ADA',
    other: 'U0GRACE',
    bot: 'U0ROBOT',
    guest: 'U0GUEST',
    deleted: 'U0GONE',
    stranger: 'U0STRANGER',
  };
  chat.addPerson(people.member, { name: 'ada' });
  chat.addPerson(people.other, { name: 'grace' });
  chat.addPerson(people.bot, { bot: true });
  chat.addPerson(people.guest, { mayAct: false });
  chat.addPerson(people.deleted, { mayAct: false, uncallable: 'is deactivated' });
  chat.addPerson(people.stranger, { mayAct: false, uncallable: 'is of another organisation' });
  chat.addGroup('S0ONCALL', [people.member, people.bot]);
  const room = (channel: string) => chat.rooms.get(channel);
  return {
    chat,
    people,
    group: 'S0ONCALL',
    othersChannel: async (name) => chat.addChannel(name),
    say: async ({ channel, user, text, thread }) => chat.say(channel, user, text, thread),
    fault: (method, kind) => chat.fail({ method, kind }),
    membersOf: (channel) => [...(room(channel)?.members ?? [])],
    topicOf: (channel) => room(channel)?.topic ?? '',
    linksOf: (channel) => (room(channel)?.bookmarks ?? []).map(({ url }) => url),
    stop: async () => {},
  };
});

canvasContract('the chat in memory', 'U0ADA', async () => {
  const chat = createFakeChat();
  chat.addPerson('U0ADA', { name: 'ada' });
  const roomOf = (channel: string) => {
    const room = chat.rooms.get(channel);
    if (room === undefined) throw new Error(`no channel ${channel}`);
    return room;
  };
  return {
    chat,
    canvasOf: (channel) => roomOf(channel).canvas?.parts.map(({ text }) => text) ?? null,
    write: (channel, text) => {
      const room = roomOf(channel);
      room.canvas ??= { id: 'F0ADA', parts: [] };
      room.canvas.parts.push({ text, document: null });
    },
    remove: (channel) => {
      delete roomOf(channel).canvas;
    },
    fault: (kind) =>
      chat.fail({
        method: 'showCanvas',
        kind,
        error: 'team_tier_cannot_create_channel_canvases',
      }),
    stop: async () => {},
  };
});
