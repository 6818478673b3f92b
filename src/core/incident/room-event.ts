/** Something that happened in a channel, as the chat told it, or as a look at its history showed. */
export type RoomEvent = {
  /** The chat's own id of the event: the same event again has the same one. */
  readonly id: string;
  readonly channel: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
} & (
  | { readonly kind: 'said'; readonly message: SaidMessage }
  /** `before`: as it was until then, where the chat says so. */
  | { readonly kind: 'edited'; readonly message: SaidMessage; readonly before?: SaidMessage }
  | { readonly kind: 'deleted'; readonly ts: string; readonly before?: SaidMessage }
  | {
      readonly kind: 'reacted' | 'unreacted';
      readonly ts: string;
      readonly reaction: string;
      readonly user: string;
    }
  | { readonly kind: 'pinned' | 'unpinned'; readonly ts: string; readonly user: string }
  /** A shared file is in the archive; nobody can take it away any more. */
  | { readonly kind: 'kept'; readonly file: KeptFile }
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
  /** Said by an app, Housecall among them. */
  readonly bot?: true;
  /** The chat's own line about what somebody did: joined, set the topic. */
  readonly line?: true;
  readonly text: string;
  readonly permalink?: string;
  /** ISO 8601. */
  readonly edited?: string;
  readonly files: readonly SharedFile[];
}

export interface SharedFile {
  /** The chat's id of it. */
  readonly id?: string;
  readonly name: string;
  /** Where people see it. */
  readonly url: string;
  /** Where its bytes are; needs the bot's token. */
  readonly download?: string;
  readonly mediaType?: string;
  readonly bytes?: number;
}

/** A shared file as it lies in the archive. */
export interface KeptFile {
  readonly id: string;
  /** Within the incident's archive: `files/<id>-<safe name>`. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Whether a person wrote something. */
export function isPersonsWord(event: RoomEvent): boolean {
  if (event.kind !== 'said' && event.kind !== 'edited') return false;
  return event.message.bot !== true && event.message.line !== true;
}

/** What an event is about: the `ts` of a message, or a file. */
export function subjectOf(event: RoomEvent): string {
  switch (event.kind) {
    case 'said':
    case 'edited':
      return event.message.ts;
    case 'kept':
      return `file ${event.file.id}`;
    default:
      return event.ts;
  }
}

/** Of events with the same subject and slot, the last one says how it stands. */
export function slotOf(event: RoomEvent): string {
  switch (event.kind) {
    case 'reacted':
    case 'unreacted':
      return `reaction ${event.reaction} ${event.user}`;
    case 'pinned':
    case 'unpinned':
      return 'pin';
    default:
      return event.kind;
  }
}
