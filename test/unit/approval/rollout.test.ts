import { describe, expect, it } from 'vitest';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import {
  advance,
  countHosts,
  planned,
  rolloutText,
  wavesOf,
  whyNotYet,
} from '../../../src/core/approval/rollout.ts';
import { DIGEST, inRollout, KEPT, LOSS, PLAN, sampleFix, VERIFIED } from './sample-fixes.ts';

const DONE = { status: 'finished', result: VERIFIED } as const;
const ids = (fixes: readonly FixState[]): readonly string[] => fixes.map(({ id }) => id);

/** What follows, with the fixes as their ids. */
function next(fixes: readonly FixState[]): object {
  const found = advance(fixes);
  return 'fixes' in found ? { ...found, fixes: ids(found.fixes) } : found;
}

describe('the waves of a rollout', () => {
  it.each([
    [0, []],
    [1, [1]],
    [2, [1, 1]],
    [3, [1, 2]],
    [4, [1, 2, 1]],
    [7, [1, 2, 4]],
    [8, [1, 2, 4, 1]],
    [15, [1, 2, 4, 8]],
    [16, [1, 2, 4, 8, 1]],
  ])('of %i hosts double from one canary', (count, sizes) => {
    const items = Array.from({ length: count }, (_, n) => n);
    const waves = wavesOf(items);
    expect(waves.map(({ length }) => length)).toEqual(sizes);
    expect(waves.flat()).toEqual(items);
  });
});

describe('the fixes of a rollout', () => {
  it('can be asked for together when each is planned and loses nothing', () => {
    const { plan: _, ...bare } = inRollout(4);
    const fixes = [
      inRollout(1),
      inRollout(2, { plan: { ...PLAN, saved: LOSS } }),
      inRollout(3, { status: 'unplanned' }),
      bare,
      inRollout(5, { plan: { ...PLAN, saved: KEPT } }),
    ];
    expect(ids(planned(fixes))).toEqual(['f1', 'f5']);
  });

  it('are counted in words', () => {
    expect(countHosts([])).toBe('0 hosts');
    expect(countHosts([inRollout(1)])).toBe('1 host');
    expect(countHosts([inRollout(1), inRollout(2)])).toBe('2 hosts');
  });

  it('are hashed with the host and digest of each, in their order', () => {
    expect(rolloutText([inRollout(2), inRollout(1)])).toBe(
      `[{"digest":"${DIGEST}","fix":"f2","host":"web-2"},{"digest":"${DIGEST}","fix":"f1","host":"web-1"}]`,
    );
  });
});

describe('a rollout', () => {
  it('starts the canary alone', () => {
    expect(next([inRollout(1), inRollout(2), inRollout(3)])).toEqual({
      kind: 'start',
      fixes: ['f1'],
    });
  });

  it('starts the next wave once the one before is verified', () => {
    const fixes = [inRollout(1, DONE), ...[2, 3, 4].map((n) => inRollout(n))];
    expect(next(fixes)).toEqual({ kind: 'start', fixes: ['f2', 'f3'] });
  });

  it('starts what is left of a wave, and nothing of the one after', () => {
    const fixes = [inRollout(1, DONE), inRollout(2, DONE), inRollout(3), inRollout(4)];
    expect(next(fixes)).toEqual({ kind: 'start', fixes: ['f3'] });
  });

  it('waits for a wave that runs', () => {
    expect(next([inRollout(1, { status: 'running' }), inRollout(2)])).toEqual({ kind: 'wait' });
  });

  it('waits while one of its fixes is not approved, also in a later wave', () => {
    expect(next([inRollout(1), inRollout(2, { status: 'pending' })])).toEqual({ kind: 'wait' });
  });

  it('counts only what was asked for', () => {
    expect(next([inRollout(1, DONE), sampleFix({ status: 'denied' })])).toEqual({ kind: 'done' });
    expect(next([])).toEqual({ kind: 'done' });
  });

  it.each([
    ['ineffective', 'it did not help on web-1'],
    ['failed', 'it failed on web-1'],
    ['stale', 'something had changed on web-1'],
    ['unknown', 'nobody knows what happened on web-1'],
  ] as const)(
    'stops at the first host that is %s, and names what never begins',
    (outcome, words) => {
      const fixes = [
        inRollout(1, { status: 'finished', result: { ...VERIFIED, outcome } }),
        inRollout(2),
        inRollout(3, { status: 'pending' }),
        inRollout(4, { status: 'running' }),
        inRollout(5, DONE),
      ];
      const reason = `stopped: ${words}`;
      expect(next(fixes)).toEqual({ kind: 'stop', reason, fixes: ['f2', 'f3'] });
    },
  );

  it.each([
    ['denied', 'it was denied on web-2'],
    ['expired', 'it expired on web-2'],
    ['stopped', 'it ended on web-2'],
    ['finished', 'it ended on web-2'],
  ] as const)('stops when a fix of it was %s without a result', (status, words) => {
    const reason = `stopped: ${words}`;
    expect(next([inRollout(1, DONE), inRollout(2, { status })])).toEqual({
      kind: 'stop',
      reason,
      fixes: [],
    });
  });
});

describe('a fix of a rollout', () => {
  const fixes = [inRollout(1), inRollout(2)];

  it('may begin when its turn has come', () => {
    expect(whyNotYet(fixes, inRollout(1))).toBeNull();
    const wave = [inRollout(1, DONE), inRollout(2), inRollout(3)];
    expect(wave.map((fix) => whyNotYet(wave, fix) === null)).toEqual([false, true, true]);
  });

  it('must not begin before', () => {
    expect(whyNotYet(fixes, inRollout(2))).toBe('its turn in the rollout has not come');
  });

  it('must not begin twice', () => {
    expect(whyNotYet([inRollout(1, DONE)], inRollout(1))).toBe(
      'its turn in the rollout has not come',
    );
  });

  it('never begins once the rollout has stopped', () => {
    const denied = [inRollout(1, { status: 'denied' }), inRollout(2)];
    expect(whyNotYet(denied, inRollout(2))).toBe('stopped: it was denied on web-1');
  });
});
