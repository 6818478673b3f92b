import { isRecord, type Json } from '../json.ts';
import { fileJson } from '../message-json.ts';
import { addMessage, tellShared } from '../messages.ts';
import type { Channel, SlackFile } from '../model.ts';
import { contentOf } from './content.ts';
import { isBotIn } from './lookup.ts';
import {
  type Call,
  type MethodTable,
  Refusal,
  refusal,
  required,
  structuredList,
  text,
} from './method.ts';

export const fileMethods: MethodTable = {
  'files.getUploadURLExternal': { scopes: ['files:write'], run: getUploadUrl },
  'files.completeUploadExternal': { scopes: ['files:write'], run: completeUpload },
  'files.info': { scopes: ['files:read'], run: info },
};

/** First step: a place to send the bytes to. */
function getUploadUrl(call: Call): Json {
  const { state } = call.context;
  const name = required(call, 'filename');
  const length = Number(required(call, 'length'));
  if (!Number.isInteger(length) || length < 1)
    throw refusal('invalid_arguments', ['must be more than 0 [json-pointer:/length]']);
  if ((text(call, 'alt_txt') ?? '').length > 1000) throw new Refusal('alt_txt_too_large');
  const file: SlackFile = {
    id: state.nextId('F'),
    name,
    title: name,
    length,
    user: state.bot.id,
    created: Math.floor(call.context.now() / 1000),
    uploadSecret: state.nextId('upload-'),
    completed: false,
    shares: [],
  };
  state.files.set(file.id, file);
  const uploadUrl = `${call.context.baseUrl()}/upload/${file.id}/${file.uploadSecret}`;
  return { upload_url: uploadUrl, file_id: file.id };
}

/** Third step, after the bytes have been sent: the files become visible, in a channel or nowhere. */
function completeUpload(call: Call): Json {
  const { context } = call;
  const wanted = structuredList(call, 'files', 'invalid_arguments');
  if (!wanted || wanted.length === 0)
    throw refusal('invalid_arguments', ['missing required field: files']);
  const files = wanted.map((entry) => uploaded(call, entry));
  const channels = channelsOf(call);
  const content = contentOf({ ...call, args: { blocks: call.args['blocks'] } });
  const threadTs = text(call, 'thread_ts');
  for (const channel of channels) {
    const message = addMessage(context, channel, {
      ...content,
      user: context.state.bot.id,
      text: text(call, 'initial_comment') ?? '',
      files: files.map((file) => file.id),
      subtype: 'file_share',
      lateMs: call.lateMs,
      ...(threadTs === undefined ? {} : { threadTs }),
    });
    for (const file of files) {
      const thread = threadTs === undefined ? {} : { threadTs };
      file.shares.push({ channel: channel.id, ts: message.ts, ...thread });
      tellShared(context, channel, file);
    }
  }
  return { files: files.map((file) => fileJson(context, file.id)) };
}

function uploaded(call: Call, entry: unknown): SlackFile {
  const id = isRecord(entry) && typeof entry['id'] === 'string' ? entry['id'] : '';
  const file = call.context.state.files.get(id);
  if (!file?.content || file.completed) throw new Refusal('file_not_found');
  file.completed = true;
  if (isRecord(entry) && typeof entry['title'] === 'string') file.title = entry['title'];
  return file;
}

function channelsOf(call: Call): readonly Channel[] {
  const ids = (text(call, 'channels') ?? text(call, 'channel_id') ?? '')
    .split(',')
    .filter((id) => id !== '');
  if (ids.length > 100) throw new Refusal('invalid_channel');
  return ids.map((id) => {
    const channel = call.context.state.channels.get(id);
    if (!channel) throw new Refusal('channel_not_found');
    if (channel.isArchived) throw new Refusal('is_archived');
    if (!isBotIn(call.context, channel)) throw new Refusal('not_in_channel');
    return channel;
  });
}

function info(call: Call): Json {
  const id = required(call, 'file', 'file_not_found');
  const file = call.context.state.files.get(id);
  if (!file?.completed) throw new Refusal('file_not_found');
  return { file: fileJson(call.context, id) };
}
