import { HousecallError } from '../../../core/errors.ts';
import { createCache } from '../cache.ts';
import { refusalOf } from '../chat-error.ts';
import type { WebApi } from '../web-api.ts';

export interface ChannelLook {
  /** People of other organisations are in it (Slack Connect). */
  readonly shared: boolean;
  /** Housecall can post there. */
  readonly reachable: boolean;
}

export interface Channels {
  /** `#name` or `name` to its id, a user to the direct message; ids of channels are taken as they are. */
  resolve(nameOrId: string): Promise<string>;
  look(channel: string): Promise<ChannelLook>;
}

/** Renames are rare, and the id stays. */
const NAME_TTL_MS = 10 * 60_000;
const LOOK_TTL_MS = 60_000;
const PAGE = 999;

export function createChannels(api: WebApi): Channels {
  const names = createCache<string>({ ttlMs: NAME_TTL_MS, max: 1_000 });
  const looks = createCache<ChannelLook>({ ttlMs: LOOK_TTL_MS, max: 5_000 });

  const search = async (name: string): Promise<string> => {
    for await (const channel of listChannels(api)) {
      if (channel.name === name && channel.id !== undefined) return channel.id;
    }
    throw new HousecallError(
      'CHAT_REFUSED',
      `slack conversations.list: there is no channel #${name} that Housecall can see`,
      { context: { method: 'conversations.list', error: 'channel_not_found', channel: name } },
    );
  };

  /** A user id stands for the direct message: it has a channel of its own, where a lost post is found again. */
  const direct = async (user: string): Promise<string> => {
    const { channel } = await api.call('conversations.open', user, () =>
      api.bulk.conversations.open({ users: user }),
    );
    if (channel?.id !== undefined) return channel.id;
    throw new HousecallError('CHAT_UNAVAILABLE', `slack conversations.open (${user}): no channel`, {
      context: { method: 'conversations.open' },
    });
  };

  const ask = async (channel: string): Promise<ChannelLook> => {
    const answer = await api.call('conversations.info', channel, () =>
      api.bulk.conversations.info({ channel }),
    );
    const { is_ext_shared, is_pending_ext_shared } = answer.channel ?? {};
    return { shared: is_ext_shared === true || is_pending_ext_shared === true, reachable: true };
  };

  return {
    async resolve(nameOrId) {
      // Names are lower case, so an id cannot be taken for one.
      if (/^[CDG][A-Z0-9]+$/.test(nameOrId)) return nameOrId;
      if (/^[UW][A-Z0-9]+$/.test(nameOrId)) return names.get(nameOrId, () => direct(nameOrId));
      const name = nameOrId.replace(/^#/, '').toLowerCase();
      return names.get(name, () => search(name));
    },
    async look(channel) {
      try {
        return await looks.get(channel, () => ask(channel));
      } catch (error) {
        // A private place that Housecall is not in; not kept, because an invitation changes it.
        if (refusalOf(error) === 'channel_not_found') return { shared: false, reachable: false };
        // Direct messages of several people: no scope of ours covers them, and no post goes there.
        if (refusalOf(error) === 'missing_scope') return { shared: false, reachable: false };
        throw error;
      }
    },
  };
}

/** Open channels that the bot can see. */
async function* listChannels(api: WebApi): AsyncGenerator<{ id?: string; name?: string }> {
  let cursor = '';
  do {
    const page = await api.call('conversations.list', '', () =>
      api.bulk.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: PAGE,
        ...(cursor !== '' && { cursor }),
      }),
    );
    yield* page.channels ?? [];
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
}
