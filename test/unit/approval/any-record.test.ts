import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FixStatus } from '../../../src/core/approval/fix-state.ts';
import type { FixEvent } from '../../../src/core/incident/event.ts';
import type { Actor } from '../../../src/core/person.ts';
import {
  ALERT,
  APPROVED,
  BEN,
  CLAIMED,
  CY,
  DENIED,
  EXPIRED,
  FINISHED,
  LOST,
  PLANNED,
  REFUSED,
  REQUESTED,
  REVIEWED,
  STOPPED,
  told,
  UNPLANNED,
} from './sample-events.ts';

const ENDS: readonly FixStatus[] = ['unplanned', 'finished', 'denied', 'expired', 'stopped'];

const other = 'f'.repeat(64);
const event = fc.constantFrom<FixEvent>(
  REVIEWED,
  PLANNED,
  REQUESTED,
  { ...REQUESTED, required: 2 },
  { ...REQUESTED, digest: other },
  APPROVED,
  APPROVED,
  { ...APPROVED, digest: other },
  { type: 'fix.approved', fix: 'f1', digest: APPROVED.digest },
  CLAIMED,
  FINISHED,
  LOST,
  REFUSED,
  UNPLANNED,
  DENIED,
  STOPPED,
  EXPIRED,
);
const actor = fc.constantFrom<Actor>(BEN, CY, ALERT);
const noise = fc.array(fc.tuple(event, actor), { maxLength: 2 });

/** From the review to the end, with one thing or another left out, and anything else in between. */
const story = fc
  .tuple(
    fc.subarray<readonly [FixEvent, Actor]>(
      [
        [PLANNED, BEN],
        [{ ...REQUESTED, required: 2 }, BEN],
        [REQUESTED, BEN],
        [APPROVED, BEN],
        [APPROVED, BEN],
        [APPROVED, CY],
        [CLAIMED, ALERT],
        [FINISHED, ALERT],
      ],
      { minLength: 5 },
    ),
    fc.array(noise, { minLength: 8, maxLength: 8 }),
  )
  .map(([path, between]) => [
    [REVIEWED, BEN] as const,
    ...path.flatMap((step, n) => [...(between[n] ?? []), step]),
  ]);

/** The same stories every time, and enough of them in which it began. */
const RUNS = { numRuns: 1000, seed: 7 };
const MANY = 50;

describe('whatever is recorded of a fix, in whatever order', () => {
  it('begins only after as many different people have approved as were asked for', () => {
    let began = 0;
    fc.assert(
      fc.property(story, (events) => {
        const { claim, request, approvals, token } = told(events);
        if (claim === undefined) return true;
        began++;
        const people = new Set(approvals.map(({ person }) => `${person.team}/${person.user}`));
        const required = request?.required ?? Number.POSITIVE_INFINITY;
        return people.size === approvals.length && people.size >= required && token === 'signed';
      }),
      RUNS,
    );
    expect(began).toBeGreaterThan(MANY);
  });

  it('ends once: what comes later neither revives it nor tells another end', () => {
    let ended = 0;
    fc.assert(
      fc.property(story, fc.tuple(event, actor), (events, last) => {
        const before = told(events);
        if (!ENDS.includes(before.status)) return true;
        ended++;
        const after = told([last], before);
        return after.status === before.status && after.result === before.result;
      }),
      RUNS,
    );
    expect(ended).toBeGreaterThan(MANY);
  });

  it('is claimed once', () => {
    let claimed = 0;
    fc.assert(
      fc.property(story, (events) => {
        const before = told(events);
        if (before.claim === undefined) return true;
        claimed++;
        return told([CLAIMED], before).claim === before.claim;
      }),
      RUNS,
    );
    expect(claimed).toBeGreaterThan(MANY);
  });
});
