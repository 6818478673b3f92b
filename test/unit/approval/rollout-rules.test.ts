import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import {
  type Proposal,
  proposalAddress,
  requestText,
  resultText,
} from '../../../src/core/approval/proposal.ts';
import { advance, rolloutText, whyNotYet } from '../../../src/core/approval/rollout.ts';
import type { Host } from '../../../src/core/fleet/host.ts';
import type { FixOutcome } from '../../../src/core/plan.ts';
import { DIGEST, inRollout, VERIFIED } from './sample-fixes.ts';

interface Story {
  /** The numbers of the hosts, wave by wave. */
  readonly waves: readonly (readonly number[])[];
  readonly end: ReturnType<typeof advance>;
}

/** Runs what may run, until nothing may any more; the n-th host ends as it was told to. */
function play(outcomes: readonly FixOutcome[]): Story {
  let fixes: readonly FixState[] = outcomes.map((_, n) => inRollout(n));
  const waves: number[][] = [];
  for (;;) {
    const next = advance(fixes);
    const may = fixes.filter((fix) => whyNotYet(fixes, fix) === null);
    expect(ids(may)).toBe(next.kind === 'start' ? ids(next.fixes) : '');
    if (next.kind !== 'start') return { waves, end: next };
    waves.push(next.fixes.map(({ rollout }) => rollout?.place ?? -1));
    fixes = fixes.map((fix) => (next.fixes.includes(fix) ? ended(fix, outcomes) : fix));
  }
}

const ids = (fixes: readonly FixState[]): string => fixes.map(({ id }) => id).join(' ');

function ended(fix: FixState, outcomes: readonly FixOutcome[]): FixState {
  const outcome = outcomes[fix.rollout?.place ?? -1] ?? 'unknown';
  return { ...fix, status: 'finished', result: { ...VERIFIED, outcome } };
}

const failure = fc.constantFrom<FixOutcome>('ineffective', 'failed', 'stale', 'unknown');
const outcome = fc.oneof({ weight: 12, arbitrary: fc.constant<FixOutcome>('verified') }, failure);

describe('a rollout, however its hosts end', () => {
  it('begins each host at most once, in order, one canary and then twice as many', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 40 }), (outcomes) => {
        const { waves } = play(outcomes);
        const begun = waves.flat();
        expect(begun).toEqual(begun.map((_, n) => n));
        waves.forEach((wave, n) => {
          const left = outcomes.length - (2 ** n - 1);
          expect(wave).toHaveLength(Math.min(2 ** n, left));
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is done when all are verified', () => {
    for (let count = 0; count <= 20; count++) {
      const { waves, end } = play(Array.from({ length: count }, () => 'verified'));
      expect(end).toEqual({ kind: 'done' });
      expect(waves.flat()).toHaveLength(count);
    }
  });

  it('begins nothing after the wave of the first that was not verified, and names it', () => {
    fc.assert(
      fc.property(fc.nat(20), failure, fc.array(outcome, { maxLength: 20 }), (good, bad, after) => {
        const before = Array.from({ length: good }, (): FixOutcome => 'verified');
        const outcomes = [...before, bad, ...after];
        const { waves, end } = play(outcomes);
        expect(waves.at(-1)).toContain(good);
        const begun = waves.flat().length;
        expect(end).toMatchObject({
          kind: 'stop',
          reason: expect.stringMatching(new RegExp(`^stopped: .* web-${good}$`, 'u')),
        });
        expect('fixes' in end && end.fixes).toHaveLength(outcomes.length - begun);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is approved for several hosts', () => {
  const text = rolloutText([inRollout(1), inRollout(2)]);

  it.each<[string, readonly FixState[]]>([
    ['a host less', [inRollout(1)]],
    ['a host more', [inRollout(1), inRollout(2), inRollout(3)]],
    ['another order', [inRollout(2), inRollout(1)]],
    ['another plan on one host', [inRollout(1), inRollout(2, { digest: 'f'.repeat(64) })]],
    ['another host', [inRollout(1), inRollout(2, { host: 'web-9' })]],
    ['another fix', [inRollout(1), inRollout(2, { id: 'f9' })]],
  ])('is something else with %s', (_what, fixes) => {
    expect(rolloutText(fixes)).not.toBe(text);
  });

  it('is the same however it stands by now', () => {
    const running = [inRollout(1, { status: 'running' }), inRollout(2, { approvals: [] })];
    expect(rolloutText(running)).toBe(text);
  });
});

describe('what the seal of a request signs', () => {
  const asked = {
    stream: 'inc-1',
    fix: 'f1',
    digest: DIGEST,
    requesters: [
      { team: 'T1', user: 'UBEN' },
      { team: 'T1', user: 'UANNA' },
      { team: 'T1', user: 'UBEN' },
    ],
    members: ['f2', 'f1'],
    terms: { required: 2, selfApproval: false, expiresAt: 'then', lossAccepted: 'lose it' },
  };

  it('is who asked, each once, on which terms, for which fixes in which order', () => {
    expect(requestText(asked)).toBe(
      `{"digest":"${DIGEST}","expiresAt":"then","fix":"f1","lossAccepted":"lose it","members":["f2","f1"],"purpose":"housecall request","requesters":["T1/UANNA","T1/UBEN"],"required":2,"selfApproval":false,"stream":"inc-1"}`,
    );
  });

  it('says that no loss was accepted, and nothing of a rollout that is none', () => {
    const { members: _, ...alone } = asked;
    const terms = { required: 1, selfApproval: true, expiresAt: 'then' };
    expect(requestText({ ...alone, terms })).toBe(
      `{"digest":"${DIGEST}","expiresAt":"then","fix":"f1","lossAccepted":null,"purpose":"housecall request","requesters":["T1/UANNA","T1/UBEN"],"required":1,"selfApproval":true,"stream":"inc-1"}`,
    );
  });

  it('is never what the seal of a result signs', () => {
    expect(resultText({ stream: 'inc-1', fix: 'f1', digest: DIGEST, outcome: 'verified' })).toBe(
      `{"digest":"${DIGEST}","fix":"f1","outcome":"verified","purpose":"housecall result","stream":"inc-1"}`,
    );
  });
});

describe('where a host is reached', () => {
  const host: Host = {
    name: 'web-1',
    address: '10.0.0.1',
    port: 22,
    user: 'housecall',
    groups: [],
    aliases: [],
    sudo: false,
    knownHostsFile: '/etc/ssh/known_hosts',
    connectTimeoutSeconds: 5,
  };

  it.each<[Partial<Host>, Proposal['address']]>([
    [{}, 'housecall@10.0.0.1:22'],
    [{ sudo: true }, 'housecall@10.0.0.1:22 with sudo'],
    [{ via: 'bastion' }, 'housecall@10.0.0.1:22 via bastion'],
    [{ via: 'bastion', sudo: true }, 'housecall@10.0.0.1:22 via bastion with sudo'],
    [{ user: 'root', address: 'db', port: 2222 }, 'root@db:2222'],
  ])('with %j', (more, address) => {
    expect(proposalAddress({ ...host, ...more })).toBe(address);
  });
});
