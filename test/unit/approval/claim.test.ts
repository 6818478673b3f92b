import { describe, expect, it } from 'vitest';
import {
  ALREADY_CLAIMED,
  CLAIM_SCRIPT,
  claimDirectory,
  claimProbe,
  claimStep,
  parseClaim,
  TARGET_CHANGED,
  tombstoneStep,
} from '../../../src/core/approval/claim.ts';
import { PLAN } from './sample-fixes.ts';

const RESULT = {
  exitCode: 0,
  signal: null,
  stderr: '',
  durationMs: 1,
  timedOut: false,
  outputTruncated: false,
  privilege: 'root',
} as const;

function claimOf(body: string, status = '0'): object {
  return parseClaim(
    { ...RESULT, stdout: `@n1 begin claim\n${body}\n@n1 end claim ${status}\n` },
    'n1',
  );
}

const ODD = ['', 'a/b', '..', 'a b', 'f1\n', '-'.repeat(101)];

describe('the mark of a fix', () => {
  it('is the first step of a plan', () => {
    expect(claimStep('/save', 'f1')).toEqual({
      id: 'claim',
      argv: ['sh', '-s', '--', '/save', 'f1', 'claimed'],
      stdin: `${CLAIM_SCRIPT}\nmain() { claim "$1" "$2" "$3"; }\nmain "$@" </dev/null\n`,
      equivalent: 'mkdir /save/claims/f1',
      why: 'Marks on the host that this fix has begun, so that it runs at most once.',
      undo: 'none needed: an empty directory stays as the record',
      timeoutSeconds: 30,
    });
  });

  it('is made in the same way by whoever gives the fix up', () => {
    expect(tombstoneStep('/save', 'f1')).toEqual({
      ...claimStep('/save', 'f1'),
      argv: ['sh', '-s', '--', '/save', 'f1', 'cancelled'],
      why: 'Marks on the host that this fix was given up, so that it can never begin.',
    });
  });

  it('is looked at with a bound in time and output', () => {
    expect(claimProbe('/save', 'f1', 'n1')).toEqual({
      argv: ['sh', '-s', '--', 'n1', '/save', 'f1'],
      stdin: expect.stringContaining('mark=$2/claims/$3\n'),
      timeoutSeconds: 15,
      outputLimitBytes: 4096,
    });
  });

  it.each(ODD)('is not made for the id %j, which could lead elsewhere', (id) => {
    const error = new RangeError(`fix ${JSON.stringify(id)}: not an id that Housecall gave`);
    expect(() => claimStep('/save', id)).toThrow(error);
    expect(() => tombstoneStep('/save', id)).toThrow(error);
    expect(() => claimProbe('/save', id, 'n1')).toThrow(error);
  });

  it('may have a name of a hundred characters', () => {
    const id = 'aZ_-9'.repeat(20);
    expect(claimStep('/save', id).equivalent).toBe(`mkdir /save/claims/${id}`);
  });

  it('is where the plan says', () => {
    expect(claimDirectory(PLAN)).toBe('/save');
    expect(claimDirectory({ ...PLAN, identity: {} })).toBeUndefined();
  });

  it('has exit statuses of its own', () => {
    expect([ALREADY_CLAIMED, TARGET_CHANGED]).toEqual([75, 65]);
  });
});

describe('what the host remembers of a fix', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['cancelled\nidle 5', { kind: 'cancelled' }],
    ['claimed\nidle 61', { kind: 'claimed', idleSeconds: 61 }],
    ['claimed', { kind: 'claimed', idleSeconds: 0 }],
    ['claimed\nidle -3', { kind: 'claimed', idleSeconds: 0 }],
    ['claimed\nnot idle 3', { kind: 'claimed', idleSeconds: 0 }],
    ['claimed\nidle 3 s', { kind: 'claimed', idleSeconds: 0 }],
    ['running save 77\nalive\nidle 1', { kind: 'running', step: 'save', alive: true }],
    ['running save 77\nidle 1', { kind: 'running', step: 'save', alive: false }],
    ['done save\nidle 12', { kind: 'done', step: 'save', idleSeconds: 12 }],
    ['failed save 65\nidle 1', { kind: 'failed', step: 'save', exitCode: 65 }],
    ['failed save', { kind: 'failed', step: 'save', exitCode: Number.NaN }],
    ['running', { kind: 'unreadable' }],
    ['odd save', { kind: 'unreadable' }],
    ['', { kind: 'unreadable' }],
  ])('is read from %j', (body, expected) => {
    expect(claimOf(body)).toEqual(expected);
  });

  it('is unreadable when the look failed, was cut off, or is missing', () => {
    expect(claimOf('none', '1')).toEqual({ kind: 'unreadable' });
    const cut = { ...RESULT, stdout: '@n1 begin claim\nnone\n' };
    expect(parseClaim(cut, 'n1')).toEqual({ kind: 'unreadable' });
    const other = { ...RESULT, stdout: '@n1 begin odd\nnone\n@n1 end odd 0\n' };
    expect(parseClaim(other, 'n1')).toEqual({ kind: 'unreadable' });
  });
});
