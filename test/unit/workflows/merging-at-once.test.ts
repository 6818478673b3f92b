import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/ports/journal.ts';
import { createFakeStore } from '../../support/fake-journal.ts';
import { everyInterleaving } from '../../support/interleave.ts';
import { codeOf, createMergeWorld, type Wish } from '../../support/merge-world.ts';

const NAMES = ['A', 'B', 'C', 'D'];
const world = () => createMergeWorld(createFakeStore().journal, NAMES);

/** How many of the wishes may be granted when they are asked for at the same moment. */
async function granted(wishes: readonly Wish[], every = 1): Promise<readonly number[]> {
  const numbers = new Set<number>();
  await everyInterleaving({
    world,
    runners: ({ merge }) => wishes.map((wish) => (journal: Journal) => merge(wish, journal)),
    switches: 2,
    every,
    check: async (after, outcomes) => {
      expect(['done', 'STATE_CONFLICT']).toEqual(expect.arrayContaining(outcomes.map(codeOf)));
      await after.check(wishes, outcomes);
      await after.mergeAll();
      numbers.add(outcomes.filter((outcome) => outcome === null).length);
    },
  });
  return [...numbers].toSorted((a, b) => a - b);
}

describe('two merges at the same moment, however their steps fall', () => {
  it.each<[string, Wish[], number[]]>([
    ['into the same incident: both are done', ['B>A', 'C>A'], [2]],
    ['one behind the other: both are done, or who came late is told', ['B>A', 'A>D'], [1, 2]],
    ['the same twice: both are told that it is done', ['B>A', 'B>A'], [2]],
    ['of two into each other one is done', ['B>A', 'A>B'], [1]],
    ['of one into two one is done', ['B>A', 'B>D'], [1]],
  ])('%s', async (_, wishes, numbers) => {
    expect(await granted(wishes)).toEqual(numbers);
  });
});

describe('three merges at the same moment', () => {
  it.each<[string, Wish[], number[]]>([
    [
      'into one incident, which is merged itself: all are done, or who came late is told',
      ['B>A', 'C>A', 'A>D'],
      [1, 2, 3],
    ],
    ['in a circle: never all of them', ['B>A', 'C>B', 'A>C'], [1, 2]],
  ])('%s', async (_, wishes, numbers) => {
    expect(await granted(wishes, 5)).toEqual(numbers);
  });
});

describe('a merge that a crash ended at any step', () => {
  /** From this operation on nothing reaches the store. */
  const dies = (journal: Journal, after: number): Journal => {
    let left = after;
    const alive = (): void => {
      if (--left < 0) throw new Error('power cut');
    };
    return {
      ...journal,
      read: async (...given) => (alive(), journal.read(...given)),
      commit: async (...given) => (alive(), journal.commit(...given)),
    };
  };

  it.each<[string, Wish]>([
    ['another into the same incident', 'C>A'],
    ['the one that took in', 'A>D'],
  ])('holds up no other (%s), and is finished when it is asked for again', async (_, other) => {
    for (let steps = 0; ; steps++) {
      const here = await world();
      const crashed = await here.merge('B>A', dies(here.journal, steps)).then(
        () => false,
        () => true,
      );
      await here.merge(other);
      // A is gone when it went on in D: what is left goes where it went.
      const into = await here.endOf('A');
      const again: Wish = into === here.streamOf('D') ? 'B>D' : 'B>A';
      await here.merge(again);
      await here.check(['B>A', other], [null, null]);
      expect(await here.endOf('B')).toBe(into);
      if (!crashed) break;
    }
  });
});
