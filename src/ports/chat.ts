import type { Chart } from '../core/chart.ts';
import type { Document, Form } from '../core/document/document.ts';
import type { SaidMessage, SharedFile } from '../core/incident/room-event.ts';
import type { MessageRef } from './outbox.ts';

export interface Posting {
  readonly channel: string;
  /** `ts` of the thread's first message. */
  readonly thread?: string;
  /** Stable id of this posting, carried in the message's metadata: how it is found again. */
  readonly id: string;
  readonly document: Document;
}

/** A message as it stands in the channel. */
export interface ChatMessage extends SaidMessage {
  /** Who pinned it: a person's id, or '' where that cannot be seen. Absent: nobody, or Housecall itself. */
  readonly pinnedBy?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
}

/** The first message of a thread, as the channel shows it. */
export interface ThreadHead {
  readonly ts: string;
  readonly replies: number;
  /** `ts` of the latest reply. */
  readonly latest?: string;
}

export interface HistoryChoice {
  readonly isKnown?: (thread: ThreadHead) => boolean;
  readonly since?: string;
}

export type ChatFile = SharedFile;

export interface ChatPerson {
  readonly id: string;
  readonly name: string;
  /** Bots, guests and people of other organisations may not act. */
  readonly mayAct: boolean;
  /** Why calling this account would reach nobody who should hear it: `is deactivated`. Absent: it may be called. */
  readonly uncallable?: string;
  /** Of the profile; absent: none, or Housecall may not see it. */
  readonly email?: string;
}

/** What stands in a channel's canvas, beside what people write there. */
export interface CanvasPage {
  readonly title: string;
  readonly document: Document;
  /** Words of its first and its last line: what holds all of them is ours, what holds some is left alone. */
  readonly markers: readonly string[];
  /** The canvas that an earlier call gave; absent: it is made, or the channel's own is gone on with. */
  readonly known?: string;
}

/**
 * The chat. Errors: CHAT_RATE_LIMITED (`context.retryAfterSeconds`), CHAT_UNAVAILABLE (it may have
 * acted), CHAT_REFUSED (`context.error` is the chat's code; it did not act).
 */
export interface Chat {
  /**
   * Opens a channel under this name or, when it is taken by another, under `<name>-2` …; a channel of
   * this very name that Housecall itself made (a lost answer) is adopted.
   */
  openRoom(room: { name: string; private?: boolean }): Promise<{ channel: string; name: string }>;
  /** Enters a channel that is there already. A private one must have invited Housecall. */
  join(channel: string): Promise<{ channel: string; name: string; private: boolean }>;
  setTopic(channel: string, topic: string): Promise<void>;
  setPurpose(channel: string, purpose: string): Promise<void>;
  /** Users and groups, in chunks; those who are in already, and bots, are passed over. */
  invite(channel: string, people: readonly string[]): Promise<void>;
  /** A link that stands in the channel already is not added again, under whatever title. */
  bookmark(channel: string, title: string, url: string): Promise<void>;
  /**
   * Puts the document into the channel's canvas, in place of what stood there of it before; what people
   * wrote stays. Gives the canvas' id. Refused: a `known` canvas that is gone, which is never made again;
   * a document that is there in parts.
   */
  showCanvas(channel: string, page: CanvasPage): Promise<string>;
  post(posting: Posting): Promise<MessageRef>;
  /** Looks for an earlier posting with this id. */
  find(posting: Posting): Promise<MessageRef | null>;
  update(ref: MessageRef, document: Document): Promise<void>;
  pin(ref: MessageRef): Promise<void>;
  /** Draws the chart in the thread: as the chat's own chart, or as an image where it has none. */
  postChart(posting: Omit<Posting, 'document'> & { readonly chart: Chart }): Promise<MessageRef>;
  /** Where people see this message; null when it is gone. */
  permalink(ref: MessageRef): Promise<string | null>;
  /** The page that only this person sees. */
  showHome(user: string, document: Document): Promise<void>;
  updateForm(view: string, form: Form): Promise<void>;
  /** Archiving ejects the bot: nothing can be read or written there afterwards. */
  archive(channel: string): Promise<void>;
  /** `#name` to its id. */
  resolveChannel(nameOrId: string): Promise<string>;
  /**
   * Every message with its replies, oldest first; without the replies of threads that `isKnown` knows,
   * and of what was said `since` then alone (ISO 8601).
   */
  history(channel: string, which?: HistoryChoice): Promise<readonly ChatMessage[]>;
  /** A file that was shared in a room. @throws HousecallError CHAT_REFUSED also when it is larger than the limit. */
  download(file: ChatFile, limitBytes: number): Promise<Uint8Array>;
  person(user: string): Promise<ChatPerson>;
  /** Members of a user group. */
  members(group: string): Promise<readonly string[]>;
}
