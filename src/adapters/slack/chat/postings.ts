import { createHash } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import { HousecallError } from '../../../core/errors.ts';
import type { Chat } from '../../../ports/chat.ts';
import type { Log } from '../../../ports/log.ts';
import type { MessageRef } from '../../../ports/outbox.ts';
import type { Identity } from '../identity.ts';
import { type RenderedMessage, renderDocument } from '../render/render-document.ts';
import type { WebApi } from '../web-api.ts';
import { createScan, EVENT_TYPE } from './scan.ts';
import { areBlocksRefused, simplify } from './simplify.ts';

export type Postings = Pick<Chat, 'post' | 'find' | 'update'>;

/** Messages known to have continuations, so that an update tidies them too. */
const REMEMBERED = 1_000;

/**
 * Messages and their continuations. What does not fit one message goes on in the thread, in replies
 * that carry `part:<ts>:<n>`, so that neither a lost answer nor an update makes a second copy.
 */
export function createPostings(api: WebApi, identity: () => Promise<Identity>, log: Log): Postings {
  const scan = createScan(api, identity);
  const continued = new Set<string>();

  /** Tries once more, plainly, when Slack does not take the blocks: the first try did nothing. */
  const plainlyIfNeeded = async <T>(
    message: RenderedMessage,
    run: (message: RenderedMessage) => Promise<T>,
  ): Promise<T> => {
    try {
      return await run(message);
    } catch (error) {
      if (!areBlocksRefused(error)) throw error;
      log.error({ error }, 'slack refused the blocks of a message; it is said plainly');
      return await run(simplify(message));
    }
  };

  const send = async (to: {
    channel: string;
    thread: string | undefined;
    id: string;
    message: RenderedMessage;
  }): Promise<MessageRef> => {
    const { channel, thread, id } = to;
    const answer = await plainlyIfNeeded(to.message, (message) => {
      const args = {
        channel,
        ...(thread !== undefined && { thread_ts: thread }),
        ...contentOf(message),
        metadata: { event_type: EVENT_TYPE, event_payload: { id } },
        unfurl_links: false,
        unfurl_media: false,
        // Undocumented for posts, but named by Slack's errors: it may drop a second copy of a post.
        client_msg_id: uuid(`${channel} ${id}`),
      };
      return api.call('chat.postMessage', channel, () => api.direct.chat.postMessage(args));
    });
    if (answer.ts === undefined) {
      throw new HousecallError('CHAT_UNAVAILABLE', `slack chat.postMessage (${channel}): no ts`);
    }
    // A post to a user id ends up in the direct message's own channel.
    return { channel: answer.channel ?? channel, ts: answer.ts };
  };

  const edit = async (ref: MessageRef, content: RenderedMessage): Promise<string | undefined> => {
    const { channel, ts } = ref;
    const { message } = await plainlyIfNeeded(content, (shown) =>
      api.call('chat.update', `${channel} ${ts}`, () =>
        api.direct.chat.update({ channel, ts, ...contentOf(shown) }),
      ),
    );
    return message !== undefined && 'thread_ts' in message && typeof message.thread_ts === 'string'
      ? message.thread_ts
      : undefined;
  };

  /** Brings the continuations of a message in line: edits those that are there, posts the others. */
  const continueIn = async (
    ref: MessageRef,
    thread: string,
    parts: readonly RenderedMessage[],
    fresh: boolean,
  ): Promise<void> => {
    const there = fresh ? new Map<string, string>() : await scan.thread(ref.channel, thread);
    for (const [index, message] of parts.entries()) {
      const id = partId(ref, index);
      const ts = there.get(id);
      if (ts === undefined) await send({ channel: ref.channel, thread, id, message });
      else await edit({ channel: ref.channel, ts }, message);
    }
    for (let index = parts.length; there.has(partId(ref, index)); index += 1) {
      const ts = there.get(partId(ref, index)) ?? '';
      await edit({ channel: ref.channel, ts }, NO_LONGER);
    }
    if (parts.length > 0) remember(continued, key(ref));
  };

  return {
    async post({ channel, thread, id, document }) {
      const [first = NO_LONGER, ...parts] = renderDocument(document).messages;
      const ref = await send({ channel, thread, id, message: first });
      await continueIn(ref, thread ?? ref.ts, parts, true);
      return ref;
    },
    async find({ channel, thread, id, document }) {
      const ts = await scan.find(channel, thread, id);
      if (ts === null) return null;
      const ref = { channel, ts };
      const parts = renderDocument(document).messages.slice(1);
      // The crash may have come between the message and its continuation.
      if (parts.length > 0) await continueIn(ref, thread ?? ts, parts, false);
      return ref;
    },
    async update(ref, document) {
      const [first = NO_LONGER, ...parts] = renderDocument(document).messages;
      const thread = await edit(ref, first);
      if (parts.length === 0 && !continued.has(key(ref))) return;
      await continueIn(ref, thread ?? (await scan.threadOf(ref)), parts, false);
    },
  };
}

const [NO_LONGER = { text: '–', blocks: [] }] = renderDocument({
  summary: '(this part is no longer needed)',
  blocks: [],
}).messages;

function contentOf(message: RenderedMessage): { text: string; blocks: KnownBlock[] } {
  return { text: message.text, blocks: [...message.blocks] };
}

function partId(ref: MessageRef, index: number): string {
  return `part:${ref.ts}:${index + 2}`;
}

function key(ref: MessageRef): string {
  return `${ref.channel} ${ref.ts}`;
}

function remember(keys: Set<string>, one: string): void {
  const oldest = keys.size >= REMEMBERED ? keys.values().next().value : undefined;
  if (oldest !== undefined) keys.delete(oldest);
  keys.add(one);
}

/** A UUID that is always the same for the same text (RFC 9562, version 8: SHA-256). */
export function uuid(text: string): string {
  const hex = createHash('sha256').update(`housecall ${text}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
