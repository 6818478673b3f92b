import type { Context } from '../context.ts';
import type { Channel, User } from '../model.ts';
import { addChannel } from '../state.ts';

/** The bot's direct message channel with this person, opened when it is new. */
export function openDirect(context: Context, user: User): Channel {
  const { state } = context;
  for (const channel of state.channels.values())
    if (channel.kind === 'im' && channel.members.has(user.id)) return channel;
  const channel = addChannel(state, {
    id: state.nextId('D'),
    name: '',
    kind: 'im',
    creator: state.bot.id,
    created: Math.floor(context.now() / 1000),
    members: [user.id, state.bot.id],
  });
  context.publish({ kind: 'channel', channel: channel.id });
  return channel;
}
