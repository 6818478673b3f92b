import { describe, expect, it } from 'vitest';
import {
  decodeDecisionValue,
  decodeFixValue,
  decodeRolloutValue,
  encodeDecisionValue,
  encodeFixValue,
  encodeRolloutValue,
  ROLLOUT,
} from '../../../src/core/approval/fix-value.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { DIGEST } from './sample-fixes.ts';

const NO_OFFER = new HousecallError(
  'USAGE',
  'fix.review: the button carries no offer Housecall knows',
);
const NO_PROPOSAL = new HousecallError(
  'USAGE',
  'fix: the button carries no proposal Housecall knows',
);

describe('the value of a Review button', () => {
  it.each([
    [{ stream: 'inc-1', run: 'r1', host: 'web-1', finding: 0, offer: 12 }, 'inc-1 r1 web-1 0 12'],
    [{ stream: 'i', run: 'r', host: 'h', finding: 9999, offer: 0 }, 'i r h 9999 0'],
  ])('is read back as it was written', (value, text) => {
    expect(encodeFixValue(value)).toBe(text);
    expect(decodeFixValue(text)).toEqual(value);
  });

  it.each([
    '',
    ' r1 web-1 0 0',
    'inc-1  web-1 0 0',
    'inc-1 r1  0 0',
    'inc-1 r1 web-1',
    'inc-1 r1 web-1 0',
    'inc-1 r1 web-1 x 0',
    'inc-1 r1 web-1 0 x',
    'inc-1 r1 web-1 -1 0',
    'inc-1 r1 web-1 1x 0',
    'inc-1 r1 web-1 0 10000',
    'inc-1 r1 web-1 0 0 more',
    'inc-1 r1 * reuse-time-wait',
  ])('is refused when it is %j', (text) => {
    expect(() => decodeFixValue(text)).toThrow(NO_OFFER);
    expect(() => decodeFixValue(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('is at most 600 characters long', () => {
    const tail = ' r1 web-1 0 0';
    const stream = 'i'.repeat(600 - tail.length);
    expect(decodeFixValue(`${stream}${tail}`).stream).toBe(stream);
    expect(() => decodeFixValue(`i${stream}${tail}`)).toThrow(NO_OFFER);
  });
});

describe('the value of a button for several hosts', () => {
  const value = { stream: 'inc-1', run: 'r1', module: 'reuse-time-wait' };

  it('is read back as it was written', () => {
    expect(encodeRolloutValue(value)).toBe('inc-1 r1 * reuse-time-wait');
    expect(decodeRolloutValue('inc-1 r1 * reuse-time-wait')).toEqual(value);
  });

  it.each([
    '',
    ' r1 * reuse-time-wait',
    'inc-1  * reuse-time-wait',
    'inc-1 r1 web-1 reuse-time-wait',
    'inc-1 r1 *',
    'inc-1 r1 * ',
    'inc-1 r1 * reuse-time-wait more',
    'inc-1 r1 web-1 0 0',
  ])('is something else when it is %j', (text) => {
    expect(decodeRolloutValue(text)).toBeNull();
  });
});

describe('the value of an Approve or Deny button', () => {
  it.each(['f1', `${ROLLOUT}ro1`])('is read back as it was written: %s', (fix) => {
    const value = { stream: 'inc-1', fix, digest: DIGEST };
    const text = `inc-1 ${fix} ${DIGEST}`;
    expect(encodeDecisionValue(value)).toBe(text);
    expect(decodeDecisionValue(text)).toEqual(value);
  });

  it('names a rollout by its prefix', () => {
    expect(ROLLOUT).toBe('rollout:');
  });

  it.each([
    '',
    'inc-1 f1',
    ` f1 ${DIGEST}`,
    `inc-1  ${DIGEST}`,
    `inc-1 f1 ${DIGEST} more`,
    `inc-1 f1 ${DIGEST}0`,
    `inc-1 f1 ${DIGEST.slice(1)}`,
    `inc-1 f1 x${DIGEST}`,
    `inc-1 f1 ${DIGEST.toUpperCase()}`,
  ])('is refused when it is %j', (text) => {
    expect(() => decodeDecisionValue(text)).toThrow(NO_PROPOSAL);
    expect(() => decodeDecisionValue(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
