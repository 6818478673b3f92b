import type { Document, Form } from './document/document.ts';

/**
 * Where messages go, one after the other. `room:<incident id>` is the channel that its first
 * operation opens; `channel:<Slack channel id or #name>` is one that exists; `form:<view id>` a dialog.
 */
export type Lane = `room:${string}` | `channel:${string}` | `form:${string}`;

/** What Housecall says and does in the chat, as data: kept in an outbox until done, in order per lane. */
export type ChatOperation =
  | {
      readonly op: 'room.open';
      readonly name: string;
      readonly topic: string;
      readonly purpose: string;
      readonly invite: readonly string[];
    }
  | { readonly op: 'room.topic'; readonly topic: string }
  | { readonly op: 'room.invite'; readonly people: readonly string[] }
  | { readonly op: 'room.bookmark'; readonly title: string; readonly url: string }
  | { readonly op: 'room.archive' }
  /** `key` names the message within its lane, for replies and updates; posted exactly once. */
  | {
      readonly op: 'message.post';
      readonly key: string;
      readonly thread?: string;
      readonly document: Document;
    }
  /** Only the last of several waiting updates of one message is sent. */
  | { readonly op: 'message.update'; readonly key: string; readonly document: Document }
  | { readonly op: 'message.pin'; readonly key: string }
  | { readonly op: 'form.update'; readonly form: Form };

/** A row of the outbox. */
export interface ChatRow {
  readonly lane: Lane;
  readonly operation: ChatOperation;
}
