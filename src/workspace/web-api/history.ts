import type { Json } from '../json.ts';
import { messageJson } from '../message-json.ts';
import type { Channel, Message } from '../model.ts';
import { withMetadata } from './chat.ts';
import { channelOf, mustBeMember } from './lookup.ts';
import { type Call, flag, type MethodTable, page, Refusal, required, text } from './method.ts';

export const historyMethods: MethodTable = {
  'conversations.history': { run: history },
  'conversations.replies': { run: replies },
};

/** Newest first, without replies (except those sent to the channel too). */
function history(call: Call): Json {
  const channel = readable(call);
  const roots = channel.messages.filter(
    (message) =>
      (message.threadTs === undefined || message.threadTs === message.ts) && inRange(call, message),
  );
  const { items, next } = page(call, roots.toReversed(), { fallback: 100, max: 999 });
  return {
    messages: items.map((message) => shown(call, channel, message)),
    has_more: next !== '',
    pin_count: channel.pins.length,
    response_metadata: { next_cursor: next },
  };
}

/** The thread's first message, then its replies, oldest first. */
function replies(call: Call): Json {
  const channel = readable(call);
  const ts = required(call, 'ts', 'thread_not_found');
  const asked = channel.messages.find((message) => message.ts === ts && isVisible(call, message));
  if (!asked) throw new Refusal('thread_not_found');
  const root = asked.threadTs ?? asked.ts;
  const thread = channel.messages.filter(
    (message) =>
      isVisible(call, message) &&
      (message.ts === root || (message.threadTs === root && inRange(call, message))),
  );
  const { items, next } = page(call, thread, { fallback: 1000, max: 1000 });
  return {
    messages: items.map((message) => shown(call, channel, message)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

function readable(call: Call): Channel {
  const channel = channelOf(call, 'history');
  mustBeMember(call.context, channel);
  return channel;
}

function shown(call: Call, channel: Channel, message: Message): Json {
  const json = messageJson(call.context, channel, message);
  return flag(call, 'include_all_metadata') ? withMetadata(json, message) : json;
}

function isVisible(call: Call, message: Message): boolean {
  return message.visibleAt <= call.context.now();
}

/** `oldest` and `latest` exclude the given moment unless `inclusive`.. */
function inRange(call: Call, message: Message): boolean {
  if (!isVisible(call, message)) return false;
  const inclusive = flag(call, 'inclusive');
  const oldest = moment(text(call, 'oldest'), 'invalid_ts_oldest');
  const latest = moment(text(call, 'latest'), 'invalid_ts_latest');
  const ts = moment(message.ts, 'invalid_ts_latest') ?? 0n;
  if (oldest !== null && (inclusive ? ts < oldest : ts <= oldest)) return false;
  return latest === null || (inclusive ? ts <= latest : ts < latest);
}

/** Microseconds: a float would lose the last digits. */
function moment(value: string | undefined, error: string): bigint | null {
  if (value === undefined || value === '0' || value === 'now') return null;
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(value);
  if (!match) throw new Refusal(error);
  return BigInt(match[1] ?? '0') * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0'));
}
