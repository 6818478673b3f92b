import { HousecallError } from '../../../core/errors.ts';
import { createCache } from '../cache.ts';
import { refusalOf } from '../chat-error.ts';
import type { WebApi } from '../web-api.ts';

export interface Channels {
  /** `#name` or `name` to its id; ids are taken as they are. */
  resolve(nameOrId: string): Promise<string>;
  /** Whether people of other organisations are in it (Slack Connect). */
  isShared(channel: string): Promise<boolean>;
}

/** Renames are rare, and the id stays. */
const NAME_TTL_MS = 10 * 60_000;
const SHARED_TTL_MS = 60_000;
const PAGE = 999;

export function createChannels(api: WebApi): Channels {
  const names = createCache<string>({ ttlMs: NAME_TTL_MS, max: 1_000 });
  const shared = createCache<boolean>({ ttlMs: SHARED_TTL_MS, max: 5_000 });

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

  const ask = async (channel: string): Promise<boolean> => {
    try {
      const answer = await api.call('conversations.info', channel, () =>
        api.bulk.conversations.info({ channel }),
      );
      const { is_ext_shared, is_pending_ext_shared } = answer.channel ?? {};
      return is_ext_shared === true || is_pending_ext_shared === true;
    } catch (error) {
      // A private place Housecall is not in: it cannot post there, and answers only the person asking.
      if (refusalOf(error) === 'channel_not_found') return false;
      throw error;
    }
  };

  return {
    async resolve(nameOrId) {
      // Names are lower case, so an id cannot be taken for one.
      if (/^[CDG][A-Z0-9]+$/.test(nameOrId)) return nameOrId;
      const name = nameOrId.replace(/^#/, '').toLowerCase();
      return names.get(name, () => search(name));
    },
    isShared: (channel) => shared.get(channel, () => ask(channel)),
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
