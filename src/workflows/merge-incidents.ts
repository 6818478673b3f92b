import type { Person } from '../core/person.ts';
import type { TransactDeps } from './transact.ts';

/** Alerts of one incident go on in another. */
export async function mergeIncidents(
  _deps: TransactDeps,
  _input: { readonly into: string; readonly from: string; readonly person: Person },
): Promise<void> {}
