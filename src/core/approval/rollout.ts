import type { CaseState } from '../incident/case.ts';
import { canonicalJson, type FixOutcome } from '../plan.ts';
import type { FixState, FixStatus } from './fix-state.ts';

/** The fixes of a rollout in their order: the same fix on several hosts, approved together. */
export function rolloutOf(state: CaseState, id: string): readonly FixState[] {
  return [...state.fixes.values()]
    .filter(({ rollout }) => rollout?.id === id)
    .toSorted((a, b) => (a.rollout?.place ?? 0) - (b.rollout?.place ?? 0));
}

/**
 * Everything that was asked for together with this fix, in its order: signed with each request, so that
 * who edits the record can neither take a host out nor put it first. Undefined: it is in no rollout.
 */
export function membersOf(state: CaseState, fix: FixState): readonly string[] | undefined {
  if (fix.rollout === undefined) return undefined;
  return rolloutOf(state, fix.rollout.id)
    .filter(({ request }) => request !== undefined)
    .map(({ id }) => id);
}

/** Those that can be asked for: planned, and with nothing lost. Such a loss is accepted host by host. */
export function planned(fixes: readonly FixState[]): readonly FixState[] {
  return fixes.filter(
    ({ plan, status }) =>
      plan !== undefined && plan.saved.kind !== 'loss' && status !== 'unplanned',
  );
}

/** One canary, then 2, 4, 8 … */
export function wavesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const waves: (readonly T[])[] = [];
  for (let from = 0, size = 1; from < items.length; from += size, size *= 2) {
    waves.push(items.slice(from, from + size));
  }
  return waves;
}

/** `1 host`, `3 hosts`. */
export function countHosts(fixes: readonly FixState[]): string {
  return fixes.length === 1 ? '1 host' : `${fixes.length} hosts`;
}

/** What is hashed, shown and approved: every plan on every host, in their order. */
export function rolloutText(fixes: readonly FixState[]): string {
  return canonicalJson(fixes.map(({ id, host, digest }) => ({ fix: id, host, digest })));
}

/** What follows from how its fixes stand. */
export type Advance =
  | { readonly kind: 'wait' }
  | { readonly kind: 'done' }
  | { readonly kind: 'start'; readonly fixes: readonly FixState[] }
  /** The first that did not help ends it: these never begin. */
  | { readonly kind: 'stop'; readonly reason: string; readonly fixes: readonly FixState[] };

export function advance(fixes: readonly FixState[]): Advance {
  const asked = fixes.filter(({ request }) => request !== undefined);
  const failed = asked.find(hasFailed);
  if (failed !== undefined) {
    const rest = asked.filter(({ status }) => status === 'approved' || status === 'pending');
    return { kind: 'stop', reason: `stopped: ${howItEnded(failed)}`, fixes: rest };
  }
  for (const wave of wavesOf(asked)) {
    if (wave.every(isVerified)) continue;
    const ready = wave.filter(({ status }) => status === 'approved');
    const waiting = asked.some(({ status }) => status === 'pending');
    return ready.length === 0 || waiting ? { kind: 'wait' } : { kind: 'start', fixes: ready };
  }
  return { kind: 'done' };
}

/** Why this fix must not begin yet, or ever; null: it may. Asked again by the worker that would run it. */
export function whyNotYet(fixes: readonly FixState[], fix: FixState): string | null {
  const next = advance(fixes);
  if (next.kind === 'start' && next.fixes.some(({ id }) => id === fix.id)) return null;
  return next.kind === 'stop' ? next.reason : 'its turn in the rollout has not come';
}

function isVerified({ result }: FixState): boolean {
  return result?.outcome === 'verified';
}

function hasFailed(fix: FixState): boolean {
  if (fix.status === 'finished') return !isVerified(fix);
  return ['denied', 'expired', 'stopped'].includes(fix.status);
}

/** Before the name of the host. */
const ENDED: Readonly<Partial<Record<FixOutcome | FixStatus, string>>> = {
  ineffective: 'it did not help on',
  failed: 'it failed on',
  stale: 'something had changed on',
  unknown: 'nobody knows what happened on',
  denied: 'it was denied on',
  expired: 'it expired on',
};

function howItEnded({ host, status, result }: FixState): string {
  return `${ENDED[result?.outcome ?? status] ?? 'it ended on'} ${host}`;
}
