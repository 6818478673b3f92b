import type { SlackChat } from './chat/create-chat.ts';
import type { Desk } from './desk.ts';
import type { Edge } from './edge.ts';
import type { WebApi } from './web-api.ts';

/** What every listener is given. */
export interface Given {
  readonly edge: Edge;
  readonly desk: Desk;
  readonly api: WebApi;
  /** Who people are, and who we are. */
  readonly slack: Pick<SlackChat, 'identity' | 'people'>;
  /** Known diagnostics, for `/diag`. */
  readonly diagnostics: readonly string[];
}
