import type { Json } from './json.ts';

/** Slack's ids and flags of a person; `teamId` differs from the workspace's for another organisation. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly email: string;
  readonly teamId: string;
  readonly isBot: boolean;
  /** A guest: Slack's `is_restricted`. */
  readonly isGuest: boolean;
  /** A single-channel guest: Slack's `is_ultra_restricted`. */
  readonly isSingleChannelGuest: boolean;
  readonly isDeleted: boolean;
  readonly timeZone: string;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface Bookmark {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly type: string;
  readonly emoji?: string;
}

/** One block of a canvas: what `section_id` names. */
export interface CanvasSection {
  readonly id: string;
  readonly markdown: string;
}

/** The page that belongs to a channel. */
export interface Canvas {
  readonly id: string;
  readonly title: string;
  readonly sections: CanvasSection[];
}

export interface Channel {
  readonly id: string;
  name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly isGeneral: boolean;
  isArchived: boolean;
  readonly creator: string;
  /** Unix seconds. */
  readonly created: number;
  topic: string;
  purpose: string;
  readonly members: Set<string>;
  /** Every message and reply, oldest first. */
  readonly messages: Message[];
  readonly pins: { readonly ts: string; readonly user: string; readonly created: number }[];
  readonly bookmarks: Bookmark[];
  canvas?: Canvas;
}

export interface Reaction {
  readonly name: string;
  readonly users: string[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly fromBot: boolean;
  text: string;
  blocks: readonly Json[];
  attachments: readonly Json[];
  metadata?: Json;
  readonly threadTs?: string;
  /** `file_share`, or what Slack itself writes: `channel_join`, `channel_topic` … */
  readonly subtype?: string;
  /** Further fields of such a message: `topic`, `inviter`. */
  readonly details?: Json;
  edited?: { readonly user: string; readonly ts: string };
  readonly reactions: Reaction[];
  readonly files: readonly string[];
  /** Unix milliseconds from which `conversations.history` and `replies` show it. */
  readonly visibleAt: number;
}

export interface Ephemeral {
  readonly ts: string;
  readonly channel: string;
  /** The only person who sees it. */
  readonly user: string;
  text: string;
  blocks: readonly Json[];
  readonly threadTs?: string;
  readonly via: 'chat.postEphemeral' | 'response_url' | 'ack';
}

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  /** The view as the app gave it, with generated block and action ids. */
  content: Json;
  hash: string;
  readonly rootId: string;
  readonly previousId?: string;
  externalId: string;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly length: number;
  readonly user: string;
  readonly created: number;
  /** Part of the address that its bytes are sent to. */
  readonly uploadSecret: string;
  content?: Buffer;
  completed: boolean;
  /** Taken away by its owner: its name and bytes are gone, its place in the messages stays. */
  isDeleted?: boolean;
  readonly shares: { readonly channel: string; readonly ts: string; readonly threadTs?: string }[];
}

/** Something changed: what the page and the waiting tests are told. */
export type Change =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'message-removed'; readonly channel: string; readonly ts: string }
  | {
      readonly kind: 'ephemeral';
      readonly channel: string;
      readonly user: string;
      readonly ts: string;
    }
  | {
      readonly kind: 'ephemeral-removed';
      readonly channel: string;
      readonly user: string;
      readonly ts: string;
    }
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'views'; readonly user: string }
  | { readonly kind: 'connection' }
  | { readonly kind: 'request'; readonly id: number };
