import type { MessageRef } from '../../../ports/outbox.ts';
import { refusalOf } from '../chat-error.ts';
import type { Identity } from '../identity.ts';
import type { WebApi } from '../web-api.ts';

/** Marks our messages. Metadata is readable by everybody: ids only. */
export const EVENT_TYPE = 'housecall_message';

export interface Scan {
  /** Our message with this id: among the latest of the channel, or in the thread. */
  find(channel: string, thread: string | undefined, id: string): Promise<string | null>;
  /** Our messages of a thread, id to ts. */
  thread(channel: string, thread: string): Promise<Map<string, string>>;
  /** The thread that a message is in, or its own ts. */
  threadOf(ref: MessageRef): Promise<string>;
}

interface Message {
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

interface Page {
  readonly messages?: readonly Message[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

const PAGE = 200;

/** A lost answer is looked for within minutes: so many newer messages there cannot be. */
const HISTORY_PAGES = 5;

export function createScan(api: WebApi, identity: () => Promise<Identity>): Scan {
  const { bulk } = api;
  const asked = { include_all_metadata: true, limit: PAGE };

  const history = (channel: string, cursor: string): Promise<Page> =>
    api.call('conversations.history', channel, () =>
      bulk.conversations.history({ channel, ...asked, ...cursorOf(cursor) }),
    );
  const replies = (channel: string, ts: string, cursor: string): Promise<Page> =>
    api.call('conversations.replies', `${channel} ${ts}`, () =>
      bulk.conversations.replies({ channel, ts, ...asked, ...cursorOf(cursor) }),
    );

  /** Our own messages only: metadata of anybody else could name any id. */
  async function* ours(
    channel: string,
    read: (cursor: string) => Promise<Page>,
    pages: number,
  ): AsyncGenerator<{ id: string; ts: string }> {
    const me = await identity();
    let cursor = '';
    for (let n = 0; n < pages; n += 1) {
      const page = await readable(api, channel, () => read(cursor));
      for (const { ts, user, bot_id, metadata } of page.messages ?? []) {
        const id = idOf(metadata);
        if (ts !== undefined && id !== null && (user === me.user || bot_id === me.bot)) {
          yield { id, ts };
        }
      }
      cursor = page.response_metadata?.next_cursor ?? '';
      if (cursor === '') return;
    }
  }

  return {
    async find(channel, thread, id) {
      const messages =
        thread === undefined
          ? ours(channel, (cursor) => history(channel, cursor), HISTORY_PAGES)
          : ours(channel, (cursor) => replies(channel, thread, cursor), Number.POSITIVE_INFINITY);
      for await (const message of messages) if (message.id === id) return message.ts;
      return null;
    },
    async thread(channel, thread) {
      const read = (cursor: string): Promise<Page> => replies(channel, thread, cursor);
      const found = new Map<string, string>();
      for await (const { id, ts } of ours(channel, read, Number.POSITIVE_INFINITY)) {
        found.set(id, ts);
      }
      return found;
    },
    async threadOf({ channel, ts }) {
      const page = await replies(channel, ts, '');
      return page.messages?.find((message) => message.ts === ts)?.thread_ts ?? ts;
    },
  };
}

function cursorOf(cursor: string): { cursor?: string } {
  return cursor === '' ? {} : { cursor };
}

function idOf(metadata: Message['metadata']): string | null {
  const { event_type, event_payload } = metadata ?? {};
  if (event_type !== EVENT_TYPE || event_payload === undefined) return null;
  return 'id' in event_payload && typeof event_payload.id === 'string' ? event_payload.id : null;
}

/** Posting to a public channel needs no membership, reading does: joins when that is what is missing. */
async function readable<T>(api: WebApi, channel: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (refusalOf(error) !== 'not_in_channel') throw error;
    await api.call('conversations.join', channel, () => api.direct.conversations.join({ channel }));
    return await read();
  }
}
