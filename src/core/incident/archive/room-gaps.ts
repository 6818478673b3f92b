import type { RoomMessage } from './archive-input.ts';

/** An archive is made in memory, and no text of JavaScript's is longer than half a gigabyte. */
const MOST_CHARACTERS = 64_000_000;
/** What a message takes besides its words. */
const OVERHEAD = 300;

/** The first so many messages, as many as an archive can hold; of the others their number. */
export function fittingMessages(
  messages: readonly RoomMessage[],
  mostCharacters = MOST_CHARACTERS,
): { readonly messages: readonly RoomMessage[]; readonly left: number } {
  let size = 0;
  const end = messages.findIndex(({ text, earlier = [], files }) => {
    size += OVERHEAD * (1 + files.length) + text.length;
    for (const one of earlier) size += OVERHEAD + one.text.length;
    return size > mostCharacters;
  });
  if (end === -1) return { messages, left: 0 };
  return { messages: messages.slice(0, end), left: messages.length - end };
}

export interface RoomGaps {
  /** Threads that were not read again although a reply may have been edited. */
  readonly unread: number;
  /** What was known from the chat's history alone, because the log was full. */
  readonly beyond: number;
  /** Messages that did not fit. */
  readonly left: number;
}

/** What of a room may be missing in its archive, in sentences for whoever reads it. */
export function roomGaps({ unread, beyond, left }: RoomGaps): readonly string[] {
  return [
    ...(unread === 0
      ? []
      : [
          `Not looked at again: ${counted(unread, 'thread')} in which nothing new was said. A reply that was edited or deleted there while Housecall was not listening stands as it was heard.`,
        ]),
    ...(beyond === 0
      ? []
      : [
          `So much happened in this room that ${counted(beyond, 'message or change', 'messages and changes')} are here only as Slack's history showed them at the end, without what was edited or deleted before.`,
        ]),
    ...(left === 0
      ? []
      : [
          `Not here: the last ${counted(left, 'message')}, because the room was longer than an archive can be.`,
        ]),
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
