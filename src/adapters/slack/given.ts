import type { Desk } from './desk.ts';
import type { Edge } from './edge.ts';
import type { WebApi } from './web-api.ts';

/** What every listener is given. */
export interface Given {
  readonly edge: Edge;
  readonly desk: Desk;
  readonly api: WebApi;
  /** Known diagnostics, for `/diag`. */
  readonly diagnostics: readonly string[];
}
