import type { ActionId, Document } from '../../src/core/document/document.ts';
import { PEOPLE, type SlackSite } from './slack-site.ts';

/** A channel with everybody in it, and what they do there. */
export interface SlackRoom {
  readonly channel: string;
  /** Types a command; by default as Ada. */
  slash(text: string, user?: string): ReturnType<SlackSite['workspace']['control']['slash']>;
  /** The first answer for this person alone that matches, as JSON. */
  told(user: string, needle: RegExp): Promise<string>;
  /** Posts a message with these buttons, valued `v0`, `v1` …; returns its ts. */
  buttons(...actions: readonly ActionId[]): Promise<string>;
}

export function createSlackRoom({ workspace, slack }: SlackSite): SlackRoom {
  const { control, botUserId } = workspace;
  const channel = control.createChannel(PEOPLE.ada, 'ops').id;
  for (const who of [PEOPLE.grace, PEOPLE.guest, PEOPLE.robot, PEOPLE.stranger]) {
    control.join(who, channel);
  }
  control.invite(PEOPLE.ada, channel, botUserId);
  let posted = 0;
  return {
    channel,
    slash(text, user = PEOPLE.ada) {
      const [command = '', ...words] = text.split(' ');
      return control.slash(user, channel, command, words.join(' '));
    },
    told: (user, needle) =>
      control.waitFor(
        () =>
          control
            .ephemerals(user, channel)
            .map((ephemeral) => JSON.stringify(ephemeral))
            .find((json) => needle.test(json)),
        5_000,
        `${needle} for ${user}`,
      ),
    async buttons(...actions) {
      posted += 1;
      const document: Document = {
        summary: 'buttons',
        blocks: [
          {
            kind: 'actions',
            actions: actions.map((action, n) => ({ action, label: action, value: `v${n}` })),
          },
        ],
      };
      const { ts } = await slack.chat.post({ channel, id: `buttons-${posted}`, document });
      return ts;
    },
  };
}
