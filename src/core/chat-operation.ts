import type { Chart } from './chart.ts';
import type { Document, Form } from './document/document.ts';

/**
 * Where messages go, one after the other. `room:<incident id>` is the channel that its first
 * operation opens; `channel:<Slack channel or user id, or #name>` is one that exists, for a user the direct
 * message; `form:<view id>` a dialog; `mail:<incident id>` e-mails; `source:<source id>` what an alert
 * source is told; `canvas:<incident id>` the canvas of its room.
 */
export type Lane =
  | `room:${string}`
  | `channel:${string}`
  | `form:${string}`
  | `mail:${string}`
  | `source:${string}`
  | `canvas:${string}`;

/** What Housecall says and does in the chat, as data: kept in an outbox until done, in order per lane. */
export type ChatOperation =
  | {
      readonly op: 'room.open';
      readonly name: string;
      readonly private?: boolean;
      /** A channel that is there already becomes the room; its name, topic and purpose stay. */
      readonly adopt?: string;
      /** Rows that an older Housecall left waiting ask for these as well; by now they are rows of their own. */
      readonly topic?: string;
      readonly purpose?: string;
      readonly invite?: readonly string[];
    }
  | { readonly op: 'room.topic'; readonly topic: string }
  | { readonly op: 'room.purpose'; readonly purpose: string }
  | {
      readonly op: 'room.invite';
      readonly people: readonly string[];
      readonly untilHeard?: boolean;
    }
  | { readonly op: 'room.bookmark'; readonly title: string; readonly url: string }
  | { readonly op: 'room.archive' }
  /** What the room's canvas says beside what people write there; of several that wait only the last is sent. */
  | { readonly op: 'room.canvas'; readonly document: Document }
  /** `key` names the message within its lane, for replies and updates; posted exactly once. */
  | {
      readonly op: 'message.post';
      readonly key: string;
      readonly thread?: string;
      readonly document: Document;
      /** It calls people: dropped when somebody has acknowledged before it could be sent. */
      readonly untilHeard?: boolean;
    }
  /** Only the last of several waiting updates of one message is sent. */
  | {
      readonly op: 'message.update';
      readonly key: string;
      readonly document: Document;
      /** A message that was never posted is none to edit: nothing is missed. */
      readonly ifPosted?: boolean;
    }
  | { readonly op: 'message.pin'; readonly key: string }
  /** A picture of numbers, in a thread: as the chat's own chart, or as an image. */
  | {
      readonly op: 'chart.post';
      readonly key: string;
      readonly thread?: string;
      readonly chart: Chart;
    }
  | { readonly op: 'form.update'; readonly form: Form }
  /** To addresses, or to Slack users by the address of their profile. */
  | {
      readonly op: 'mail.send';
      readonly to: readonly string[];
      readonly users?: readonly string[];
      readonly subject: string;
      readonly document: Document;
      readonly untilHeard?: boolean;
    }
  /** Tells the source what people decided here, as far as it has a way to hear it. */
  | {
      readonly op: 'source.tell';
      readonly what: 'acknowledge' | 'close' | 'escalate';
      readonly fingerprint: string;
      readonly note: string;
      readonly untilHeard?: boolean;
    };

/** A row of the outbox. */
export interface ChatRow {
  readonly lane: Lane;
  readonly operation: ChatOperation;
}
