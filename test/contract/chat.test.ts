import { createFakeChat } from '../support/fake-chat.ts';
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
  for (const id of [people.guest, people.deleted, people.stranger]) {
    chat.addPerson(id, { mayAct: false });
  }
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
