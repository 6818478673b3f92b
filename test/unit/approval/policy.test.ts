import { describe, expect, it } from 'vitest';
import {
  type ApprovalTerms,
  stricterTerms,
  strictestTerms,
} from '../../../src/core/approval/policy.ts';

function terms(required: number, selfApproval: boolean, expiresMinutes: number): ApprovalTerms {
  return { required, selfApproval, expiresMinutes };
}

describe('the terms of several fixes that are approved with one click', () => {
  it.each<[string, readonly ApprovalTerms[], ApprovalTerms]>([
    ['of one', [terms(2, true, 30)], terms(2, true, 30)],
    [
      'the most people, the shortest time',
      [terms(1, true, 30), terms(3, true, 15), terms(2, true, 60)],
      terms(3, true, 15),
    ],
    [
      'self-approval only where all allow it',
      [terms(1, true, 15), terms(1, false, 15)],
      terms(1, false, 15),
    ],
    ['never nobody', [terms(0, true, 15)], terms(1, true, 15)],
  ])('are the strictest: %s', (_what, all, expected) => {
    expect(strictestTerms(all)).toEqual(expected);
  });
});

describe('of what was promised and what is configured now', () => {
  it.each([
    [1, true, 2, true, 2, true],
    [2, true, 1, true, 2, true],
    [1, false, 1, true, 1, false],
    [1, true, 1, false, 1, false],
    [1, false, 1, false, 1, false],
  ])('the stricter counts: %s %s and %s %s', (required, self, now, selfNow, people, may) => {
    expect(
      stricterTerms({ required, selfApproval: self }, { required: now, selfApproval: selfNow }),
    ).toEqual({ required: people, selfApproval: may });
  });
});
