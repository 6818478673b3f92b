import { HousecallError } from '../../../core/errors.ts';
import type { Chat } from '../../../ports/chat.ts';
import { refusalOf } from '../chat-error.ts';
import type { Identity } from '../identity.ts';
import { LIMITS } from '../limits.ts';
import { markupLine } from '../render/text.ts';
import type { WebApi } from '../web-api.ts';
import { addBookmark } from './bookmarks.ts';

export type Rooms = Pick<
  Chat,
  'openRoom' | 'join' | 'setTopic' | 'setPurpose' | 'bookmark' | 'pin' | 'archive'
>;

/** Names tried before giving up: ids are unique, so even the second is rare. */
const TRIES = 20;

export function createRooms(api: WebApi, identity: () => Promise<Identity>): Rooms {
  const { direct } = api;

  const create = async (name: string, isPrivate: boolean): Promise<string | null> => {
    try {
      const { channel } = await api.call('conversations.create', name, () =>
        direct.conversations.create({ name, is_private: isPrivate }),
      );
      if (channel?.id !== undefined) return channel.id;
    } catch (error) {
      if (refusalOf(error) === 'name_taken') return null;
      throw error;
    }
    throw new HousecallError('CHAT_UNAVAILABLE', `slack conversations.create (${name}): no id`);
  };

  /** Of this name and made by us: the answer to an earlier call was lost. Archived ones are not listed. */
  const findOwn = async (name: string): Promise<string | null> => {
    const { user } = await identity();
    let cursor = '';
    do {
      const page = await api.call('users.conversations', name, () =>
        api.bulk.users.conversations({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 999,
          ...(cursor !== '' && { cursor }),
        }),
      );
      const own = page.channels?.find((c) => c.name === name && c.creator === user);
      if (own?.id !== undefined) return own.id;
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return null;
  };

  return {
    async openRoom(room) {
      for (let n = 1; n <= TRIES; n += 1) {
        const suffix = n === 1 ? '' : `-${n}`;
        const name = `${room.name.slice(0, LIMITS.channelName - suffix.length)}${suffix}`;
        const channel = (await create(name, room.private ?? false)) ?? (await findOwn(name));
        if (channel !== null) return { channel, name };
      }
      throw new HousecallError(
        'CHAT_REFUSED',
        `slack conversations.create (${room.name}): this name and ${TRIES - 1} more are taken`,
        { context: { method: 'conversations.create', error: 'name_taken' } },
      );
    },
    async join(channel) {
      const { channel: info } = await api.call('conversations.info', channel, () =>
        api.bulk.conversations.info({ channel }),
      );
      if (info?.is_member !== true) {
        await api.call('conversations.join', channel, () => direct.conversations.join({ channel }));
      }
      return { channel, name: info?.name ?? channel, private: info?.is_private === true };
    },
    async setTopic(channel, topic) {
      await api.call('conversations.setTopic', channel, () =>
        direct.conversations.setTopic({ channel, topic: markupLine(topic, LIMITS.topic) }),
      );
    },
    async setPurpose(channel, purpose) {
      await api.call('conversations.setPurpose', channel, () =>
        direct.conversations.setPurpose({ channel, purpose: markupLine(purpose, LIMITS.topic) }),
      );
    },
    bookmark: (channel, title, url) => addBookmark(api, channel, { title, url }),
    pin: ({ channel, ts: timestamp }) =>
      unless('already_pinned', () =>
        api.call('pins.add', channel, () => direct.pins.add({ channel, timestamp })),
      ),
    archive: (channel) =>
      unless('already_archived', () =>
        api.call('conversations.archive', channel, () => direct.conversations.archive({ channel })),
      ),
  };
}

/** A call whose refusal with this code means that it is done already. */
async function unless(code: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (refusalOf(error) !== code) throw error;
  }
}
