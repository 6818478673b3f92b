import type { FixState } from '../../core/approval/fix-state.ts';
import type { Figures, Plan } from '../../core/plan.ts';
import { sanitise } from '../../core/sanitise.ts';
import type { Verdict } from '../../fixes/contract.ts';
import type { LookDeps } from './fix-deps.ts';

/** A host as a fix sees it now. */
export interface Look {
  readonly state: unknown;
  /** What it would do now, or in words why nothing can or need be done. */
  readonly plan: Plan | string;
  /** One line, safe to show. */
  readonly words: string;
  /** What this fix saw as `of`, in the numbers of a chart. */
  figures(of: unknown): Figures | null;
  /** Judges the difference from `before` to this look. */
  verify(before: unknown): Verdict;
  /** Whether a change that does not last is still in place; null: it cannot be told. */
  readonly holds: boolean | null;
}

/**
 * One read-only look. Every look has a nonce of its own, so a plan must not depend on it.
 * @throws HousecallError SSH_UNREACHABLE, SSH_LOST, CANCELLED, OUTPUT_UNREADABLE, PARAMS_INVALID.
 */
export async function lookAtFix(
  deps: LookDeps,
  fix: FixState,
  signal?: AbortSignal,
): Promise<Look> {
  const bound = deps.fix(fix.offer.fix).bind(fix.offer.params, {
    fix: fix.id,
    host: fix.host,
    saveDirectory: deps.saveDirectory,
    nonce: deps.clock.id(),
  });
  const result = await deps.remote.read(
    fix.host,
    bound.probe,
    signal === undefined ? {} : { signal },
  );
  const state = bound.parse(result);
  const words = (of: unknown): string => deps.redact(sanitise(bound.describe(of)));
  return {
    state,
    plan: bound.plan(state),
    words: words(state),
    figures: (of) => bound.figures(of),
    verify: (before) => bound.verify(before, state),
    holds: bound.holds(state),
  };
}
