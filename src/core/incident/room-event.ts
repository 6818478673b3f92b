import type { TimelineMark } from './event.ts';

/** Something that happened in a channel, as the chat told it. */
export type RoomEvent = {
  /** The chat's own id of the event: the same event again has the same one. */
  readonly id: string;
  readonly channel: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
} & (
  | { readonly kind: 'said' | 'edited'; readonly message: SaidMessage }
  | { readonly kind: 'deleted'; readonly ts: string }
  | {
      readonly kind: 'reacted' | 'unreacted';
      readonly ts: string;
      readonly reaction: string;
      readonly user: string;
    }
  | {
      readonly kind: 'marked' | 'unmarked';
      readonly ts: string;
      readonly via: TimelineMark;
      readonly user: string;
    }
);

/** A message as it was at that moment. */
export interface SaidMessage {
  /** Slack's name and time of it: seconds since 1970 with a fraction. */
  readonly ts: string;
  /** `ts` of the thread's first message. */
  readonly thread?: string;
  /** Slack user id, or the bot's name. */
  readonly author: string;
  readonly authorName: string;
  readonly text: string;
  /** ISO 8601. */
  readonly edited?: string;
  readonly files: readonly {
    readonly id?: string;
    readonly name: string;
    readonly url: string;
    readonly download?: string;
    readonly mediaType?: string;
    readonly bytes?: number;
  }[];
}
