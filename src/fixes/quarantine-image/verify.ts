import type { Verdict } from '../contract.ts';
import { findDamage, problemsOf } from './damage.ts';
import type { Params } from './params.ts';
import type { State } from './state.ts';

/** Is the damage gone, and everything else still there? */
export function verify(before: State, after: State, params: Params): Verdict {
  if (before.bootId !== after.bootId) return unknown('the host was started again meanwhile');
  if (before.store === null) return unknown('the store was not seen before');
  if (after.store === null) return unknown('the store cannot be looked at any more');
  const damage = findDamage(before.store, params);
  if (typeof damage === 'string') return unknown(`before, ${damage}`);
  if (after.daemon === null) return ineffective('docker does not run');
  const { seen } = after.store;
  if (seen === null) return unknown('docker does not answer, so what it sees cannot be told');
  const states = new Map(
    [...after.store.layers, ...after.store.images].map(({ id, state }) => [id, state]),
  );
  const left = [...damage.layers, ...damage.images].filter(
    ({ id, state }) => states.get(id) === state,
  );
  if (left.length > 0) return ineffective(`${left.length} of the damaged entries are still there`);
  // An image that another damage hits was not healthy before either.
  const problems = problemsOf(before.store);
  const moved = new Set([...damage.layers, ...damage.images].map(({ id }) => id));
  const hit = new Set(damage.containers.map(({ id }) => id));
  const lost = [
    ...missing(
      'image',
      before.store.images.filter(
        (one) =>
          !moved.has(one.id) &&
          one.sum === 'ok' &&
          one.chain?.every((id) => problems.get(id)?.length === 0) === true,
      ),
      seen.images,
    ),
    ...missing(
      'container',
      seenBefore(before).filter(({ id }) => !hit.has(id)),
      seen.containers,
    ),
    ...missing(
      'volume',
      (before.store.seen?.volumes ?? before.store.volumes).map((id) => ({ id })),
      seen.volumes,
    ),
  ];
  if (lost.length > 0) {
    return ineffective(
      `docker does not see what was there before: ${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ` and ${lost.length - 5} more` : ''}`,
    );
  }
  const back = damage.images.filter(({ id }) => seen.images.includes(id));
  return {
    outcome: 'verified',
    reason: `the damaged entries are gone; all ${before.store.images.length - damage.images.length} other images, containers and volumes are there${back.length === 0 ? '' : `; ${back.length} of ${damage.images.length} damaged images ${back.length === 1 ? 'is' : 'are'} back`}`,
  };
}

/** What docker listed before; when it was down, what its files say. */
function seenBefore({ store }: State): readonly { readonly id: string }[] {
  if (store === null) return [];
  return store.seen === null
    ? store.containers.filter(({ mount }) => mount !== '-' && mount !== '!' && mount !== '?')
    : store.seen.containers.map((id) => ({ id }));
}

function missing(
  what: string,
  list: readonly { readonly id: string }[],
  seen: readonly string[],
): string[] {
  const there = new Set(seen);
  return list.filter(({ id }) => !there.has(id)).map(({ id }) => `${what} ${id.slice(0, 12)}`);
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}

function ineffective(reason: string): Verdict {
  return { outcome: 'ineffective', reason };
}
