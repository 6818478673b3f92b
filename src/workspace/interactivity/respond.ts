import { checkBlocks } from '../blocks/check-blocks.ts';
import type { Context, ResponseTarget } from '../context.ts';
import { type Json, parseJson, recordsOf, textOf } from '../json.ts';
import { addEphemeral, addMessage, editMessage, removeMessage } from '../messages.ts';
import type { Ephemeral, Message } from '../model.ts';
import { findMessage } from '../state.ts';

export interface Responded {
  /** Slack's error code, or null. */
  readonly error: string | null;
  readonly message?: Message;
  readonly ephemeral?: Ephemeral;
}

/**
 * Carries out what an app sent to a response_url, or gave with its ack. The answer is ephemeral unless
 * it says `in_channel`, and needs no membership of the bot.
 */
export function respond(
  context: Context,
  target: ResponseTarget,
  body: Json,
  via: Ephemeral['via'] = 'response_url',
): Responded {
  const channel = context.state.channels.get(target.channel);
  if (!channel) return { error: 'channel_not_found' };
  if (channel.isArchived) return { error: 'is_archived' };
  if (body['delete_original'] === true) return changeOriginal(context, target, null);
  const given = typeof body['blocks'] === 'string' ? parseJson(body['blocks']) : body['blocks'];
  const blocks = Array.isArray(given) ? recordsOf(given) : [];
  const text = textOf(body['text']);
  if (text === '' && blocks.length === 0) return { error: 'no_text' };
  const verdict = checkBlocks(blocks, 'message');
  // This path took more characters than chat.postMessage does (bolt-js #2509).
  if (verdict.error !== null && verdict.error !== 'msg_blocks_too_long')
    return { error: verdict.error };
  if (body['replace_original'] === true) return changeOriginal(context, target, { text, blocks });
  const wantedThread = textOf(body['thread_ts']);
  const threadTs = wantedThread === '' ? undefined : wantedThread;
  const thread = threadTs === undefined ? {} : { threadTs };
  if (body['response_type'] === 'in_channel') {
    const message = addMessage(context, channel, {
      user: context.state.bot.id,
      text,
      blocks,
      ...thread,
    });
    return { error: null, message };
  }
  const ephemeral = addEphemeral(context, {
    channel: channel.id,
    user: target.user,
    text,
    blocks,
    ...thread,
    via,
  });
  return { error: null, ephemeral };
}

/** Replaces or, with null, deletes the message that the interaction happened on. */
function changeOriginal(
  context: Context,
  target: ResponseTarget,
  content: { readonly text: string; readonly blocks: readonly Json[] } | null,
): Responded {
  const { source } = target;
  const channel = context.state.channels.get(target.channel);
  if (!source || !channel) return { error: 'message_not_found' };
  if (source.ephemeral) {
    const index = context.state.ephemerals.findIndex((entry) => entry.ts === source.ts);
    const ephemeral = context.state.ephemerals[index];
    if (!ephemeral) return { error: 'message_not_found' };
    const where = { channel: channel.id, user: ephemeral.user, ts: ephemeral.ts };
    if (content === null) {
      context.state.ephemerals.splice(index, 1);
      context.publish({ kind: 'ephemeral-removed', ...where });
      return { error: null };
    }
    Object.assign(ephemeral, content);
    context.publish({ kind: 'ephemeral', ...where });
    return { error: null, ephemeral };
  }
  const message = findMessage(channel, source.ts);
  if (!message) return { error: 'message_not_found' };
  if (content === null) removeMessage(context, channel, message);
  else editMessage(context, channel, message, content);
  return { error: null, message };
}
