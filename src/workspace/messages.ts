import { withIds } from './blocks/check-blocks.ts';
import type { Context } from './context.ts';
import type { Json } from './json.ts';
import { messageEvent } from './message-json.ts';
import type { Channel, Ephemeral, Message, SlackFile } from './model.ts';

export interface Draft {
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly attachments?: readonly Json[];
  readonly metadata?: Json;
  readonly threadTs?: string;
  readonly subtype?: string;
  readonly details?: Json;
  readonly files?: readonly string[];
  /** How long history hides it: a fault. */
  readonly lateMs?: number;
}

/** Adds a message to the channel and tells everybody. */
export function addMessage(context: Context, channel: Channel, draft: Draft): Message {
  const { state } = context;
  const message: Message = {
    ts: state.nextTs(),
    channel: channel.id,
    user: draft.user,
    fromBot: draft.user === state.bot.id,
    text: draft.text,
    blocks: withIds(draft.blocks ?? [], () => state.nextId('').slice(0, 5)),
    attachments: draft.attachments ?? [],
    ...(draft.metadata ? { metadata: draft.metadata } : {}),
    ...(draft.threadTs === undefined ? {} : { threadTs: draft.threadTs }),
    ...(draft.subtype === undefined ? {} : { subtype: draft.subtype }),
    ...(draft.details ? { details: draft.details } : {}),
    reactions: [],
    files: draft.files ?? [],
    visibleAt: context.now() + (draft.lateMs ?? 0),
  };
  channel.messages.push(message);
  context.publish({ kind: 'message', channel: channel.id, ts: message.ts });
  context.emit(messageEvent(context, channel, message), channel);
  const mention = `<@${state.bot.id}>`;
  if (!message.fromBot && message.subtype === undefined && message.text.includes(mention))
    context.emit({ ...messageEvent(context, channel, message), type: 'app_mention' }, channel);
  return message;
}

export interface Edit {
  readonly text?: string;
  readonly blocks?: readonly Json[];
  readonly attachments?: readonly Json[];
  readonly metadata?: Json;
}

export function editMessage(
  context: Context,
  channel: Channel,
  message: Message,
  edit: Edit,
): void {
  const { state } = context;
  const previous = messageEvent(context, channel, message);
  if (edit.text !== undefined) message.text = edit.text;
  if (edit.blocks !== undefined)
    message.blocks = withIds(edit.blocks, () => state.nextId('').slice(0, 5));
  if (edit.attachments !== undefined) message.attachments = edit.attachments;
  if (edit.metadata !== undefined) message.metadata = edit.metadata;
  message.edited = { user: message.user, ts: state.nextTs() };
  tellEdited(context, channel, { message, previous, ts: message.edited.ts });
}

/** The `message_changed` event: how the message is now, and how it was. */
export function tellEdited(
  context: Context,
  channel: Channel,
  change: { readonly message: Message; readonly previous: Json; readonly ts: string },
): void {
  const { message, previous, ts } = change;
  context.publish({ kind: 'message', channel: channel.id, ts: message.ts });
  const {
    channel: _channel,
    channel_type,
    event_ts: _ts,
    ...inner
  } = messageEvent(context, channel, message);
  context.emit(
    {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      channel: channel.id,
      channel_type,
      ts,
      event_ts: ts,
      message: inner,
      previous_message: previous,
    },
    channel,
  );
}

/** Takes the message away. One with replies leaves a tombstone, so that its thread can still be found. */
export function removeMessage(context: Context, channel: Channel, message: Message): void {
  const previous = messageEvent(context, channel, message);
  const index = channel.messages.indexOf(message);
  const pin = channel.pins.findIndex((entry) => entry.ts === message.ts);
  if (pin >= 0) channel.pins.splice(pin, 1);
  const ts = context.state.nextTs();
  const hasReplies = channel.messages.some(
    (other) => other.threadTs === message.ts && other.ts !== message.ts,
  );
  if (hasReplies) {
    const { ts: name, visibleAt } = message;
    const tombstone: Message = {
      ts: name,
      channel: channel.id,
      user: 'USLACKBOT',
      fromBot: false,
      text: 'This message was deleted.',
      subtype: 'tombstone',
      blocks: [],
      attachments: [],
      reactions: [],
      files: [],
      visibleAt,
    };
    channel.messages.splice(index, 1, tombstone);
    tellEdited(context, channel, { message: tombstone, previous, ts });
    return;
  }
  channel.messages.splice(index, 1);
  context.publish({ kind: 'message-removed', channel: channel.id, ts: message.ts });
  context.emit(
    {
      type: 'message',
      subtype: 'message_deleted',
      hidden: true,
      channel: channel.id,
      channel_type: previous['channel_type'],
      ts,
      event_ts: ts,
      deleted_ts: message.ts,
      previous_message: previous,
    },
    channel,
  );
}

/** The event beside the message that a file came with. */
export function tellShared(context: Context, channel: Channel, file: SlackFile): void {
  const ids = { file_id: file.id, file: { id: file.id }, user_id: file.user };
  context.emit(
    { type: 'file_shared', channel_id: channel.id, ...ids, event_ts: context.state.nextTs() },
    channel,
  );
}

/** Shows something to one person only; no event, no history. */
export function addEphemeral(
  context: Context,
  ephemeral: Omit<Ephemeral, 'ts' | 'blocks'> & { readonly blocks?: readonly Json[] },
): Ephemeral {
  const { state } = context;
  const made: Ephemeral = {
    ...ephemeral,
    ts: state.nextTs(),
    blocks: withIds(ephemeral.blocks ?? [], () => state.nextId('').slice(0, 5)),
  };
  state.ephemerals.push(made);
  context.publish({ kind: 'ephemeral', channel: made.channel, user: made.user, ts: made.ts });
  return made;
}
