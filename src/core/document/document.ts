import type { Status } from '../finding.ts';

/**
 * A chat-neutral report. Every text in it is untrusted and plain: the renderer escapes it, splits it
 * and keeps it inside the limits of the chat. Only the typed inlines below may become markup.
 */
export interface Document {
  /** One plain line for notifications and clients without blocks: the answer first. */
  readonly summary: string;
  /** Who did what the summary says: named before it, in the notification too. */
  readonly by?: { readonly user: string };
  readonly status?: Status;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'fields';
      readonly items: readonly { readonly label: string; readonly value: string }[];
    }
  /** Raw host output or a command: shown verbatim in fixed width, folded when long. */
  | { readonly kind: 'preformatted'; readonly text: string; readonly title?: string }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'context'; readonly content: readonly Inline[] }
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  | { readonly kind: 'divider' };

export type Inline =
  | string
  | { readonly text: string; readonly style: 'bold' | 'italic' | 'code' }
  | { readonly user: string }
  | { readonly group: string }
  | { readonly channel: string }
  /** Only http and https links are rendered as links; anything else as its text. */
  | { readonly link: string; readonly text: string };

/** Public ids: what a click sends. */
export type ActionId =
  | 'incident.ack'
  | 'incident.resolve'
  | 'incident.severity'
  | 'incident.role'
  | 'incident.update'
  | 'incident.close'
  | 'incident.keep'
  | 'run.cancel'
  | 'fix.review'
  | 'fix.approve'
  | 'fix.deny'
  | 'next.run';

export interface Action {
  readonly action: ActionId;
  readonly label: string;
  /** Opaque to the chat; at most 2,000 characters: ids and digests, never plans or secrets. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly button: string };
}

/** A dialog a person fills in. */
export interface Form {
  /** Which submission this is: `fix.request`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly inputs: readonly FormInput[];
  /** Absent: the form only shows. */
  readonly submit?: string;
  /** Comes back with the submission; at most 3,000 characters. */
  readonly metadata: string;
}

export interface FormInput {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly multiline?: boolean;
  readonly optional?: boolean;
  /** One of these is chosen: a short list. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** A person is chosen: the value is a Slack user id. */
  readonly person?: boolean;
  /** What stands there at first: a text, an option's value, or a user id. */
  readonly initial?: string;
}
