import type { Document, Form } from '../../src/core/document/document.ts';
import type { Chat, ChatMessage } from '../../src/ports/chat.ts';
import type { FakeCanvas } from './fake-canvas.ts';

/** A message as it stands, with what only tests look at. */
export interface FakeMessage extends ChatMessage {
  readonly id: string | null;
  readonly document: Document | null;
}

export interface FakeRoom {
  readonly channel: string;
  readonly name: string;
  readonly private: boolean;
  readonly ours: boolean;
  topic: string;
  purpose: string;
  archived: boolean;
  readonly members: Set<string>;
  readonly messages: FakeMessage[];
  readonly pins: Set<string>;
  canvas?: FakeCanvas;
  readonly bookmarks: { readonly title: string; readonly url: string }[];
}

export interface FakeFault {
  /** Which call; the next one of this name fails. */
  readonly method: keyof Chat;
  /** `lost-answer`: it acts, and then says that it does not know. */
  readonly kind: 'rate-limited' | 'unavailable' | 'lost-answer' | 'refused';
  /** For `refused`: the chat's code. */
  readonly error?: string;
  readonly retryAfterSeconds?: number;
  /** How many calls in a row; default 1. */
  readonly times?: number;
}

export interface FakeChat extends Chat {
  /** Calls in order, refused ones too. */
  readonly calls: { readonly method: keyof Chat; readonly input: readonly unknown[] }[];
  readonly rooms: Map<string, FakeRoom>;
  readonly forms: Map<string, Form>;
  /** What each person sees as their home. */
  readonly homes: Map<string, Document>;
  /** Bytes of files, by `ChatFile.download`. */
  readonly contents: Map<string, Uint8Array>;
  fail(fault: FakeFault): void;
  addPerson(
    id: string,
    options?: {
      name?: string;
      mayAct?: boolean;
      bot?: boolean;
      email?: string;
      uncallable?: string;
    },
  ): void;
  addGroup(id: string, members: readonly string[]): void;
  /** A channel that somebody else made; returns its id. */
  addChannel(name: string): string;
  /** A person writes; returns the message's ts. */
  say(channel: string, user: string, text: string, thread?: string): string;
  room(name: string): FakeRoom;
}
