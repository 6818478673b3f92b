import { chatContract } from '../../contract/chat.contract.ts';
import { ON_CALL, PEOPLE, startSlackSite } from '../../support/slack-site.ts';

const METHODS = {
  post: 'chat.postMessage',
  openRoom: 'conversations.create',
  bookmark: 'bookmarks.add',
} as const;

chatContract('Slack', async () => {
  const site = await startSlackSite({ start: false });
  const { workspace, slack } = site;
  const { control } = workspace;
  return {
    chat: slack.chat,
    people: {
      member: PEOPLE.ada,
      other: PEOPLE.grace,
      bot: PEOPLE.robot,
      guest: PEOPLE.guest,
      deleted: PEOPLE.gone,
      stranger: PEOPLE.stranger,
    },
    group: ON_CALL,
    othersChannel: async (name) => control.createChannel(PEOPLE.ada, name).id,
    say: async ({ channel, user, text, thread }) => control.say(user, channel, text, thread).ts,
    fault(method, kind) {
      const on = { method: METHODS[method] };
      switch (kind) {
        case 'rate-limited':
          return control.addFault({ ...on, kind: 'rate-limit', retryAfterSeconds: 3 });
        case 'unavailable':
          return control.addFault({ ...on, kind: 'status', status: 503 });
        case 'lost-answer':
          return control.addFault({ ...on, kind: 'reset-after' });
        case 'refused':
          return control.addFault({ ...on, kind: 'error', error: 'restricted_action' });
      }
    },
    membersOf: (channel) => control.channel(channel)?.members ?? [],
    topicOf: (channel) => control.channel(channel)?.topic ?? '',
    linksOf: (channel) => (control.channel(channel)?.bookmarks ?? []).map(({ link }) => link),
    stop: () => site.stop(),
  };
});
