import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeDecisionValue,
  decodeFixValue,
  encodeDecisionValue,
  encodeFixValue,
} from '../../../src/core/approval/fix-value.ts';
import { type Proposal, proposalText, tokenText } from '../../../src/core/approval/proposal.ts';
import type { Plan } from '../../../src/core/plan.ts';

const PROPOSAL: Proposal = {
  fix: 'f1',
  module: 'sample',
  version: 1,
  host: 'host-17',
  address: 'housecall@10.0.0.17:22',
  params: { pid: 991 },
  plan: {
    summary: 'Empty it',
    steps: [
      {
        id: 'truncate',
        argv: ['sh', '-s', '--', '991'],
        stdin: ': > it',
        equivalent: ': > it',
        why: 'because',
        undo: null,
        timeoutSeconds: 60,
      },
    ],
    saved: { kind: 'file', path: '/save/x.gz', bytes: 10, what: 'all' },
    identity: { inode: '42' },
    preconditions: ['it holds 10 bytes'],
    verification: 'bytes fall',
  },
};

/** Every value in the proposal, by path. */
function paths(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...at]];
  return Object.entries(value).flatMap(([key, inner]) =>
    paths(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function changed(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest);
  return copy;
}

describe('the canonical proposal', () => {
  const informative = new Set(['plan.saved.bytes', 'plan.preconditions.0']);

  it.each(paths(PROPOSAL).map((path) => [path.join('.'), path] as const))(
    'changes with %s, unless that is only informative',
    (name, path) => {
      const other = changed(PROPOSAL, path) as Proposal;
      expect(proposalText(other) === proposalText(PROPOSAL)).toBe(informative.has(name));
    },
  );

  it.each<[string, Plan['saved'], Plan['saved']]>([
    [
      'the name of what is kept in the incident',
      { kind: 'incident', name: 'f1-a', what: 'all' },
      { kind: 'incident', name: 'f1-b', what: 'all' },
    ],
    [
      'what is kept in the incident',
      { kind: 'incident', name: 'f1-a', what: 'all' },
      { kind: 'incident', name: 'f1-a', what: 'half' },
    ],
    [
      'the loss that is accepted',
      { kind: 'loss', words: 'lose a' },
      { kind: 'loss', words: 'lose b' },
    ],
    ['whether anything is lost', { kind: 'loss', words: 'lose a' }, { kind: 'nothing-needed' }],
  ])('changes with %s', (_what, one, other) => {
    const [a, b] = [one, other].map((saved) =>
      proposalText({ ...PROPOSAL, plan: { ...PROPOSAL.plan, saved } }),
    );
    expect(a).not.toBe(b);
  });

  it('is the same after a journey through JSON', () => {
    expect(proposalText(JSON.parse(JSON.stringify(PROPOSAL)) as Proposal)).toBe(
      proposalText(PROPOSAL),
    );
  });
});

function signed({
  user,
  ...rest
}: Record<'user' | 'stream' | 'fix' | 'digest' | 'expiresAt', string>): string {
  return tokenText({ ...rest, approvers: [{ team: 'T1', user }] });
}

describe('the text that the token signs', () => {
  const base = { stream: 's', fix: 'f', digest: 'd', expiresAt: 'e' };
  const u1 = { team: 'T1', user: 'U1' };
  const u2 = { team: 'T1', user: 'U2' };

  it('is what it is for, and who approved what until when', () => {
    expect(tokenText({ ...base, approvers: [u1] })).toBe(
      '{"approvers":["T1/U1"],"digest":"d","expiresAt":"e","fix":"f","purpose":"housecall approval","stream":"s"}',
    );
  });

  it('does not depend on the order or the repetition of approvers', () => {
    expect(tokenText({ ...base, approvers: [u2, u1, u2] })).toBe(
      tokenText({ ...base, approvers: [u1, u2] }),
    );
  });

  it('cannot be made by moving characters from one part to another', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '"', '|', ',', '/', '\\'), maxLength: 4 });
    const whole = fc.record({ stream: part, fix: part, digest: part, expiresAt: part, user: part });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(signed(a) === signed(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what buttons carry', () => {
  it('comes back as it went', () => {
    const value = { stream: '20261120-7', run: 'r1', host: 'web-[1', finding: 3, offer: 0 };
    expect(decodeFixValue(encodeFixValue(value))).toEqual(value);
    const decision = { stream: 'run-1', fix: 'f1', digest: 'a'.repeat(64) };
    expect(decodeDecisionValue(encodeDecisionValue(decision))).toEqual(decision);
  });

  it.each(['', ' ', 'a b c d', 'a b c -1 0', 'a b c 1 0 more', 'a b c 1e3 0', 'x'.repeat(2000)])(
    'is refused when it was not made here: %j',
    (text) => {
      expect(() => decodeFixValue(text)).toThrow(/no offer Housecall knows/);
      expect(() => decodeDecisionValue(text)).toThrow(/no proposal Housecall knows/);
    },
  );
});
