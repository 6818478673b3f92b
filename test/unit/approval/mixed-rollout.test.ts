import { describe, expect, it } from 'vitest';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import { peopleInlines } from '../../../src/core/approval/review-form.ts';
import { lastingBlocks, rolloutDocument } from '../../../src/core/approval/rollout-document.ts';
import { DIGEST, inRollout, VERIFIED } from './sample-fixes.ts';

/** The first line, and the labels of what can be pressed. */
function shown(fixes: readonly FixState[]): readonly string[] {
  const { summary, blocks } = rolloutDocument('inc-1', fixes, DIGEST);
  const actions = blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
  return [summary, ...actions.map(({ label }) => label)];
}

describe('a rollout whose hosts do not stand alike', () => {
  it('waits for approval while one of them does', () => {
    const needed = 'Approval needed: truncate-log on 2 hosts: web-[1-2]';
    const one = [inRollout(1), inRollout(2, { status: 'pending' })];
    expect(shown(one)).toEqual([needed, 'Approve', 'Deny']);
    expect(shown(one.toReversed())).toEqual([needed, 'Approve', 'Deny']);
  });

  it.each<[string, readonly FixState[], string]>([
    [
      'one was denied',
      [inRollout(1, { status: 'denied' }), inRollout(2, { status: 'stopped' })],
      'truncate-log on 2 hosts stopped: it was denied on web-1; 0 fixed, 2 not begun',
    ],
    [
      'one has expired',
      [inRollout(1, { status: 'expired' }), inRollout(2, { status: 'expired' })],
      'truncate-log on 2 hosts stopped: it expired on web-1; 0 fixed, 2 not begun',
    ],
    [
      'one did not help',
      [
        inRollout(1, {
          status: 'finished',
          claim: { worker: 'w1', at: VERIFIED.at },
          result: { ...VERIFIED, outcome: 'ineffective' },
        }),
        inRollout(2, { status: 'stopped' }),
      ],
      'truncate-log on 2 hosts stopped: it did not help on web-1; 0 fixed, 1 not begun',
    ],
  ])('has no button any more when %s', (_what, fixes, line) => {
    expect(shown(fixes)).toEqual([line]);
  });

  it('says when the change is lost, whichever host is the first that was changed so', () => {
    const result = { ...VERIFIED, lostWhen: 'it restarts' };
    const fixes = [
      inRollout(1),
      inRollout(2, { status: 'finished', result: VERIFIED }),
      inRollout(3, { status: 'finished', result }),
    ];
    expect(JSON.stringify(lastingBlocks(fixes))).toContain('it is lost when it restarts');
  });
});

describe('a mention', () => {
  it('is of a group only by its first letter', () => {
    expect(peopleInlines(['UBOSS', 'SOPSU'])).toEqual([
      { user: 'UBOSS' },
      ', ',
      { group: 'SOPSU' },
    ]);
  });
});
