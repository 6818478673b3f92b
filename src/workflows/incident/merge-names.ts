import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { type Actor, HOUSECALL } from '../../core/person.ts';
import { readCase, type TransactDeps, transact } from '../record/transact.ts';
import { hasLeft, isGone, requireTarget } from './merge-decisions.ts';

/** Held by where it goes while it is merged, so that it cannot go to two places. */
export function moving(stream: string): string {
  return `merge:${stream}`;
}

/**
 * Belongs to an incident that has left. Whoever leaves takes the one of where it goes as well, in the same
 * commit, which the store refuses when that has left; then gives it back at once. So two incidents never
 * go on in each other, nor several in a circle.
 */
export function gone(stream: string): string {
  return `gone:${stream}`;
}

/** A name that somebody took when leaving and has not given back yet, or died before, is given back for them. */
export async function freeName(deps: TransactDeps, error: unknown): Promise<null> {
  const { claim, by } = refusal(error) ?? {};
  if (claim === undefined || by === undefined) throw error;
  if (claim !== gone(by)) await giveBack(deps, by, claim);
  return null;
}

export async function giveBack(deps: TransactDeps, stream: string, name: string): Promise<void> {
  await transact(deps, { stream, actor: HOUSECALL }, () => ({ events: [], releases: [name] }));
}

/** False: where it was to go is gone by now. */
export async function reserve(
  deps: TransactDeps,
  { into, from, actor }: { readonly into: string; readonly from: string; readonly actor: Actor },
): Promise<boolean> {
  const claim = (takesFrom?: string): Promise<CaseState> =>
    transact(deps, { stream: into, actor }, (state) =>
      hasLeft(state) || requireTarget(state) === null
        ? null
        : {
            events: [],
            claims: [moving(from)],
            ...(takesFrom === undefined ? {} : { takesFrom }),
          },
    );
  const held = await claim().catch(async (error: unknown) => {
    const by = refusal(error)?.by;
    if (by === undefined) throw error;
    if (isGone(await readCase(deps.journal, by))) return claim(by);
    throw new HousecallError(
      'STATE_CONFLICT',
      `incident ${from} is being merged into ${by}; if that has failed, ask for it again`,
      { cause: error },
    );
  });
  return !hasLeft(held);
}

/** Which name was refused, and whose it is. */
export function refusal(error: unknown): { readonly claim: string; readonly by: string } | null {
  const { claim, by } = error instanceof HousecallError ? error.context : {};
  return typeof claim === 'string' && typeof by === 'string' ? { claim, by } : null;
}
