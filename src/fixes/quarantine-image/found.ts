import type { PlanContext } from '../contract.ts';
import type { Damage } from './damage.ts';
import type { Archive, Image, State, Store } from './state.ts';

/** What a plan is built from. */
export interface Found {
  readonly state: State;
  readonly store: Store;
  readonly damage: Damage;
  readonly context: PlanContext;
  readonly subject: string;
  readonly claim: string;
  readonly reload: Reload;
}

export interface Reload {
  /** Loaded in this order. */
  readonly archives: readonly Archive[];
  /** Set aside, wanted by a name or a container, and in no archive. */
  readonly wanted: readonly Image[];
  /** Why archives that there are cannot be used. */
  readonly why?: string;
}

/** Where everything is moved to. */
export function quarantine({ store, context }: Pick<Found, 'store' | 'context'>): string {
  return `${store.root}/housecall-quarantine/${context.fix}`;
}
