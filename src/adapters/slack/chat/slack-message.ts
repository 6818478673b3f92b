import { sanitiseLine } from '../../../core/sanitise.ts';
import type { ChatFile, ChatMessage } from '../../../ports/chat.ts';
import { blocksText, mentionedUsers, writtenText } from './message-text.ts';

/** A message as Slack sends it, as far as the record keeps it. */
export interface SlackMessage {
  readonly ts?: string;
  readonly subtype?: string;
  readonly thread_ts?: string;
  readonly reply_count?: number;
  readonly latest_reply?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly bot_profile?: { readonly name?: string };
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly SlackAttachment[];
  readonly edited?: { readonly ts?: string };
  readonly pinned_to?: readonly string[];
  readonly reactions?: readonly { readonly name?: string; readonly users?: readonly string[] }[];
  readonly files?: readonly SlackFile[];
}

interface SlackAttachment {
  readonly pretext?: string;
  readonly title?: string;
  readonly text?: string;
  readonly fallback?: string;
}

interface SlackFile {
  readonly id?: string;
  readonly name?: string | null;
  readonly mode?: string;
  readonly mimetype?: string;
  readonly size?: number;
  readonly is_external?: boolean;
  readonly permalink?: string;
  readonly url_private?: string;
  readonly url_private_download?: string;
}

/** What is known besides the message itself. */
export interface Surroundings {
  readonly channel: string;
  /** The bot's own user id. */
  readonly me: string;
  /** Address of the workspace with `/` at its end; absent: there are no permalinks. */
  readonly workspace?: string;
  readonly names: ReadonlyMap<string, string>;
}

/** Slack leaves this where a message with replies was deleted. */
export const TOMBSTONE = 'tombstone';

export function chatMessage(ts: string, message: SlackMessage, around: Surroundings): ChatMessage {
  const { channel, me, names, workspace } = around;
  const nameOf = (user: string): string => names.get(user) ?? user;
  const { thread_ts: thread, edited, user } = message;
  const bot = message.username ?? message.bot_profile?.name ?? message.bot_id;
  const isBot = message.bot_id !== undefined || user === me;
  const author = isBot ? sanitiseLine(bot ?? user ?? 'bot') : (user ?? 'unknown');
  const reply = thread !== undefined && thread !== ts;
  return {
    ts,
    ...(reply && { thread }),
    author,
    authorName: isBot ? author : nameOf(author),
    ...(isBot && { bot: true }),
    ...(/^(?:channel|group)_|^pinned_item$/.test(message.subtype ?? '') && { line: true }),
    text: textOf(message, isBot, nameOf),
    ...(workspace !== undefined && {
      permalink: permalink(workspace, channel, ts, reply && thread),
    }),
    ...(edited?.ts !== undefined && { edited: isoTime(edited.ts) }),
    reactions: (message.reactions ?? []).map(({ name = '', users = [] }) => ({ name, users })),
    files: (message.files ?? []).map(fileOf),
  };
}

/** What our own blocks and other apps' attachments show; a person's text is what the person wrote. */
function textOf(
  { text = '', blocks = [], attachments = [] }: SlackMessage,
  isBot: boolean,
  nameOf: (user: string) => string,
): string {
  const shown = isBot ? blocksText(blocks, nameOf) : '';
  if (shown !== '') return shown;
  const written = writtenText(text, nameOf);
  if (written !== '' && !isBot) return written;
  const attached = attachments.map(({ pretext, title, text: body, fallback }) => {
    const parts = [pretext, title, body].filter((part) => part !== undefined && part !== '');
    return writtenText(parts.length > 0 ? parts.join('\n') : (fallback ?? ''), nameOf);
  });
  return [written, ...attached].filter((part) => part !== '').join('\n');
}

function fileOf(file: SlackFile): ChatFile {
  const { id, mimetype, size } = file;
  const gone = file.mode === TOMBSTONE;
  // A file that lies elsewhere (Google Drive …) is not Slack's to give.
  const download =
    gone || file.is_external === true ? undefined : (file.url_private_download ?? file.url_private);
  return {
    ...(id !== undefined && { id }),
    name: sanitiseLine(file.name ?? '') || (gone ? 'a deleted file' : 'file'),
    url: file.permalink ?? file.url_private ?? '',
    ...(download !== undefined && { download }),
    ...(mimetype !== undefined && mimetype !== '' && { mediaType: mimetype }),
    ...(size !== undefined && { bytes: size }),
  };
}

/** As Slack's own "Copy link" makes it (chat.getPermalink is a call per message). */
function permalink(
  workspace: string,
  channel: string,
  ts: string,
  thread: string | false | undefined,
): string {
  const place = `${workspace}archives/${channel}/p${ts.replace('.', '')}`;
  return thread === false || thread === undefined
    ? place
    : `${place}?thread_ts=${thread}&cid=${channel}`;
}

/** Each name is a call to Slack: a message of thousands of mentions must not use up what pages need. */
const MOST_NAMED = 50;

/** Ids of those whose names are needed to tell the message; who is mentioned after so many stays an id. */
export function peopleOf({ user, text, blocks }: SlackMessage): readonly string[] {
  const inBlocks = JSON.stringify(blocks ?? []).matchAll(/"user_id":"([A-Z0-9]+)"/g);
  const all = new Set([
    ...(user === undefined ? [] : [user]),
    ...mentionedUsers(text ?? ''),
    ...[...inBlocks].map((match) => match[1] ?? ''),
  ]);
  return [...all].slice(0, MOST_NAMED);
}

/** ISO 8601 of a Slack `ts`, with all of its fraction: events within a millisecond keep their order. */
export function isoTime(ts: string): string {
  const [, seconds = '0', fraction = ''] = /^(\d{1,11})(?:\.(\d{1,6}))?$/.exec(ts) ?? [];
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  return `${whole}.${fraction.padEnd(6, '0')}Z`;
}
