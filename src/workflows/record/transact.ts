import { HousecallError } from '../../core/errors.ts';
import { type CaseState, foldEvents } from '../../core/incident/case.ts';
import type { Actor } from '../../core/person.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Commit, Journal } from '../../ports/journal.ts';
import { readCase, remember } from './case-cache.ts';

export { readCase } from './case-cache.ts';

/** What follows from a state: stored together or not at all. */
export type Decision = Pick<
  Commit,
  'events' | 'chat' | 'jobs' | 'claims' | 'takesFrom' | 'releases' | 'releaseAll' | 'open'
>;

export interface TransactDeps {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** More rounds than any real contention needs: the winner of a round always makes progress. */
const ROUNDS = 50;

/**
 * Reads a case, decides on it, and commits the decision if nobody wrote meanwhile; else reads the
 * news and decides again. `decide` is pure and may run several times; null means nothing to do; what
 * it throws goes to the caller. Returns the state after the commit.
 * @throws HousecallError STATE_CONFLICT with `context.claim` and `context.by` when a claimed name
 *   belongs to another case.
 */
export async function transact(
  deps: TransactDeps,
  target: { readonly stream: string; readonly actor: Actor },
  decide: (state: CaseState) => Decision | null,
): Promise<CaseState> {
  const { journal, clock } = deps;
  let state = await readCase(journal, target.stream);
  for (let round = 0; round < ROUNDS; round++) {
    const decision = decide(state);
    if (decision === null) return state;
    const said = { actor: target.actor, at: clock.now().toISOString() };
    const result = await journal.commit({
      ...waitingFixes(state, decision, said),
      ...decision,
      ...said,
      stream: target.stream,
      expectedSeq: state.seq,
    });
    if (result.ok) return remember(journal, state, result.records);
    if (result.reason === 'claimed') {
      throw new HousecallError(
        'STATE_CONFLICT',
        `case ${target.stream}: ${result.claim} belongs to ${result.by}`,
        { context: { claim: result.claim, by: result.by } },
      );
    }
    const { seq } = state;
    state = await readCase(journal, target.stream);
    // Refused, and yet nothing new: the case is not the one that was read.
    if (state.seq === seq) state = await readCase(journal, target.stream, { whole: true });
  }
  throw new HousecallError(
    'STATE_CONFLICT',
    `case ${target.stream}: still changing after ${ROUNDS} tries`,
  );
}

/** Outside of an incident a case is open as long as a fix in it waits for approval: so it is found again. */
function waitingFixes(
  state: CaseState,
  { events }: Decision,
  said: Parameters<typeof foldEvents>[2],
): Pick<Commit, 'open'> {
  if (state.incident !== null || !events.some(({ type }) => type.startsWith('fix.'))) return {};
  const open = waits(foldEvents(state, events, said));
  return open === waits(state) ? {} : { open };
}

function waits({ fixes }: CaseState): boolean {
  return [...fixes.values()].some(({ status }) => status === 'pending');
}
