import {
  type ArchiveInput,
  messageTime,
  type RoomFile,
  type RoomMessage,
} from './archive-input.ts';
import { mdQuote } from './markdown.ts';
import { type Telling, time } from './telling.ts';

/** Everything that was said in the room, replies under the message they answer. */
export function messagesSection(
  telling: Telling,
  { messages, gaps = [] }: Pick<ArchiveInput, 'messages' | 'gaps'>,
): string {
  if (messages.length === 0) return '## Messages\n\nNobody said anything.';
  const { firsts, replies } = threads(messages);
  const parts = firsts.flatMap((message) => [
    messagePart(telling, message, ''),
    ...(replies.get(message.ts) ?? []).map((reply) => messagePart(telling, reply, '> ')),
  ]);
  return ['## Messages', ...gaps.map(telling.line), ...parts].join('\n\n');
}

/** A reply whose first message was deleted still stands, at the place of its time. */
function threads(messages: readonly RoomMessage[]): {
  readonly firsts: readonly RoomMessage[];
  readonly replies: ReadonlyMap<string, readonly RoomMessage[]>;
} {
  const known = new Set(messages.map((message) => message.ts));
  const firsts: RoomMessage[] = [];
  const replies = new Map<string, RoomMessage[]>();
  for (const message of messages) {
    const { ts, thread } = message;
    if (thread === undefined || thread === ts || !known.has(thread)) firsts.push(message);
    else replies.set(thread, [...(replies.get(thread) ?? []), message]);
  }
  return { firsts, replies };
}

function messagePart(telling: Telling, message: RoomMessage, prefix: string): string {
  const { line, nameOf, redact } = telling;
  const { edited, deletedAt, earlier = [] } = message;
  const marks = [
    ...(edited === undefined ? [] : [`edited ${time(messageTime(edited))}`]),
    ...(deletedAt === undefined ? [] : [`deleted ${time(deletedAt)}`]),
  ];
  const reactions = message.reactions.map(
    ({ name, users }) =>
      `${line(`:${name}:`)} ${users.map((user) => line(nameOf(user))).join(', ')}`,
  );
  const below = [...reactions, ...message.files.map((file) => fileWords(telling, file))];
  const quoted = (text: string): string => mdQuote(redact(plainSlackText(text, nameOf)), prefix);
  const before = earlier.flatMap(({ at, text }) => [
    prefix.trimEnd(),
    `${prefix}before, ${time(at)}:`,
    prefix.trimEnd(),
    quoted(text),
  ]);
  return [
    `${prefix}**${time(messageTime(message.ts))} ${line(message.authorName)}**${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
    prefix.trimEnd(),
    quoted(message.text),
    ...before,
    ...(below.length === 0 ? [] : [prefix.trimEnd(), `${prefix}${below.join(' · ')}`]),
  ].join('\n');
}

function fileWords({ line }: Telling, { name, url, path, lost }: RoomFile): string {
  const where = path === undefined ? line(url) : line(path);
  return `file ${line(name)} (${where})${lost === undefined ? '' : `, not kept: ${line(lost)}`}`;
}

/**
 * Slack's text for people: `<@U0123>` becomes a name, `<https://x|y>` both, and its three entities
 * become characters (docs.slack.dev: Formatting message text).
 */
export function plainSlackText(text: string, nameOf: (user: string) => string): string {
  return text
    .replaceAll(
      /<((?:[@#!]|https?:|mailto:)[^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>/g,
      (_, target: string, label?: string) => referenceWords(target, label, nameOf),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function referenceWords(
  target: string,
  label: string | undefined,
  nameOf: (user: string) => string,
): string {
  if (target.startsWith('@')) return `@${label ?? nameOf(target.slice(1))}`;
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
  if (target.startsWith('!')) return `@${label ?? target.slice(1)}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
}
