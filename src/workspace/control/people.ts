import { archive, tellJoined, tellLeft, unarchive } from '../channel-changes.ts';
import type { Context } from '../context.ts';
import { typedText } from '../interactivity/typed-text.ts';
import { addPin, addReaction, removePin, removeReaction } from '../marks.ts';
import { addMessage, editMessage, removeMessage } from '../messages.ts';
import type { Channel, Message, User } from '../model.ts';
import { addChannel, findChannel, findMessage, findUser } from '../state.ts';
import { viewJson } from '../views.ts';
import { openDirect } from '../web-api/direct.ts';
import { createCanvasDeeds } from './canvas-deeds.ts';
import { type Control, WorkspaceError } from './control.ts';
import { seenChannel, seenMessage } from './look.ts';
import { createSharedFiles } from './shared-files.ts';

export function userNamed(context: Context, idOrName: string): User {
  const user = findUser(context.state, idOrName);
  if (!user) throw new WorkspaceError('user_not_found', `user ${idOrName}`);
  return user;
}

export function channelNamed(context: Context, idOrName: string): Channel {
  const channel = findChannel(context.state, idOrName);
  if (!channel) throw new WorkspaceError('channel_not_found', `channel ${idOrName}`);
  return channel;
}

/** The person and the channel, when the person may write there. */
function writer(context: Context, user: string, channel: string): { user: User; channel: Channel } {
  const who = { user: userNamed(context, user), channel: channelNamed(context, channel) };
  const what = `${who.user.name} in #${who.channel.name}`;
  if (who.channel.isArchived) throw new WorkspaceError('is_archived', what);
  if (!who.channel.members.has(who.user.id)) throw new WorkspaceError('not_in_channel', what);
  return who;
}

function messageAt(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (!message) throw new WorkspaceError('message_not_found', `message ${ts} in #${channel.name}`);
  return message;
}

type Deeds = Pick<
  Control,
  | 'say'
  | 'edit'
  | 'remove'
  | 'share'
  | 'deleteFile'
  | 'writeCanvas'
  | 'deleteCanvas'
  | 'react'
  | 'unreact'
  | 'pin'
  | 'unpin'
  | 'createChannel'
  | 'join'
  | 'leave'
  | 'invite'
  | 'archive'
  | 'unarchive'
  | 'openHome'
>;

/** What people do without the app having to answer. */
export function createPeople(context: Context): Deeds {
  const own = (
    user: string,
    channel: string,
    ts: string,
  ): { channel: Channel; message: Message } => {
    const who = writer(context, user, channel);
    const message = messageAt(who.channel, ts);
    if (message.user !== who.user.id)
      throw new WorkspaceError('cant_update_message', `message ${ts}`);
    return { channel: who.channel, message };
  };
  return {
    say: (user, channel, text, thread) => {
      const who = writer(context, user, channel);
      if (text.trim() === '') throw new WorkspaceError('no_text', `message of ${who.user.name}`);
      if (thread !== undefined) messageAt(who.channel, thread);
      const message = addMessage(context, who.channel, {
        user: who.user.id,
        text: typedText(context.state, text),
        ...(thread === undefined ? {} : { threadTs: thread }),
      });
      return seenMessage(context, who.channel, message);
    },
    edit: (user, channel, ts, text) => {
      const found = own(user, channel, ts);
      editMessage(context, found.channel, found.message, { text: typedText(context.state, text) });
      return seenMessage(context, found.channel, found.message);
    },
    remove: (user, channel, ts) => {
      const found = own(user, channel, ts);
      removeMessage(context, found.channel, found.message);
    },
    react: (user, channel, ts, name) => {
      const who = writer(context, user, channel);
      addReaction(context, who.channel, {
        message: messageAt(who.channel, ts),
        name,
        user: who.user.id,
      });
    },
    unreact: (user, channel, ts, name) => {
      const who = writer(context, user, channel);
      removeReaction(context, who.channel, {
        message: messageAt(who.channel, ts),
        name,
        user: who.user.id,
      });
    },
    pin: (user, channel, ts) => {
      const who = writer(context, user, channel);
      addPin(context, who.channel, { ts: messageAt(who.channel, ts).ts, user: who.user.id });
    },
    unpin: (user, channel, ts) => {
      const who = writer(context, user, channel);
      removePin(context, who.channel, { ts, user: who.user.id });
    },
    openHome: (user) => {
      const person = userNamed(context, user);
      const view = [...context.state.views.values()].find(
        (one) => one.type === 'home' && one.user === person.id,
      );
      context.emit(
        {
          type: 'app_home_opened',
          user: person.id,
          // The app's home and its direct messages are tabs of one place.
          channel: openDirect(context, person).id,
          tab: 'home',
          ...(view ? { view: viewJson(context, view) } : {}),
          event_ts: context.state.nextTs(),
        },
        null,
      );
    },
    ...createSharedFiles(context, (user, channel) => writer(context, user, channel)),
    ...createCanvasDeeds(context, (user, channel) => writer(context, user, channel)),
    ...createRooms(context),
  };
}

function createRooms(
  context: Context,
): Pick<Deeds, 'createChannel' | 'join' | 'leave' | 'invite' | 'archive' | 'unarchive'> {
  return {
    createChannel: (user, name, kind = 'public') => {
      const creator = userNamed(context, user).id;
      if (!/^[a-z0-9_-]{1,80}$/.test(name))
        throw new WorkspaceError('invalid_name_specials', `channel ${name}`);
      if (findChannel(context.state, name))
        throw new WorkspaceError('name_taken', `channel ${name}`);
      const channel = addChannel(context.state, {
        id: context.state.nextId('C'),
        name,
        kind,
        creator,
        created: Math.floor(context.now() / 1000),
        members: [creator],
      });
      tellJoined(context, channel, { user: creator });
      return seenChannel(channel);
    },
    join: (user, name) => {
      const channel = channelNamed(context, name);
      const { id } = userNamed(context, user);
      if (channel.isArchived) throw new WorkspaceError('is_archived', `#${channel.name}`);
      if (channel.kind !== 'public')
        throw new WorkspaceError('channel_not_found', `#${channel.name}`);
      if (channel.members.has(id)) return;
      channel.members.add(id);
      tellJoined(context, channel, { user: id });
    },
    leave: (user, name) => {
      const who = writer(context, user, name);
      who.channel.members.delete(who.user.id);
      tellLeft(context, who.channel, who.user.id);
    },
    invite: (user, name, invited) => {
      const who = writer(context, user, name);
      const { id } = userNamed(context, invited);
      if (who.channel.members.has(id)) throw new WorkspaceError('already_in_channel', invited);
      who.channel.members.add(id);
      tellJoined(context, who.channel, { user: id, inviter: who.user.id });
    },
    archive: (user, name) => {
      const who = writer(context, user, name);
      if (who.channel.isGeneral) throw new WorkspaceError('cant_archive_general', `#${name}`);
      archive(context, who.channel, who.user.id);
    },
    unarchive: (user, name) => {
      const channel = channelNamed(context, name);
      if (!channel.isArchived) throw new WorkspaceError('not_archived', `#${channel.name}`);
      unarchive(context, channel, userNamed(context, user).id);
    },
  };
}
