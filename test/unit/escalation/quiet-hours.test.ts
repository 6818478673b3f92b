import { describe, expect, it } from 'vitest';
import { isQuiet, type QuietHours, quietEnd } from '../../../src/core/escalation/quiet-hours.ts';
import { clockTime } from '../../../src/core/escalation/wall-clock.ts';

const NIGHT: QuietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Paris' };

function quiet(hours: QuietHours, at: string): boolean {
  return isQuiet(hours, new Date(at));
}

describe('quiet hours', () => {
  it('span midnight: from their beginning on, until their end', () => {
    // Paris is an hour ahead of UTC in November.
    const told = [
      ['2026-11-20T20:59:59Z', false],
      ['2026-11-20T21:00:00Z', true],
      ['2026-11-20T23:00:00Z', true],
      ['2026-11-21T05:59:59Z', true],
      ['2026-11-21T06:00:00Z', false],
      ['2026-11-21T12:00:00Z', false],
    ] as const;
    for (const [at, is] of told) expect([at, quiet(NIGHT, at)]).toEqual([at, is]);
  });

  it('within one day are as long as they say', () => {
    const lunch = { from: '12:00', to: '13:30', timeZone: 'UTC' };
    expect(quiet(lunch, '2026-11-20T11:59:00Z')).toBe(false);
    expect(quiet(lunch, '2026-11-20T12:00:00Z')).toBe(true);
    expect(quiet(lunch, '2026-11-20T13:29:00Z')).toBe(true);
    expect(quiet(lunch, '2026-11-20T13:30:00Z')).toBe(false);
  });

  it('end at seven by the clock on the wall in the night when it is put forward', () => {
    // 29 March 2026, 02:00 CET becomes 03:00 CEST: the night is an hour shorter.
    expect(quiet(NIGHT, '2026-03-28T21:00:00Z')).toBe(true);
    expect(quiet(NIGHT, '2026-03-29T04:59:00Z')).toBe(true);
    expect(quiet(NIGHT, '2026-03-29T05:00:00Z')).toBe(false);
  });

  it('end at seven by the clock on the wall in the night when it is put back', () => {
    // 25 October 2026, 03:00 CEST becomes 02:00 CET: the night is an hour longer.
    expect(quiet(NIGHT, '2026-10-24T19:59:00Z')).toBe(false);
    expect(quiet(NIGHT, '2026-10-24T20:00:00Z')).toBe(true);
    expect(quiet(NIGHT, '2026-10-25T05:59:00Z')).toBe(true);
    expect(quiet(NIGHT, '2026-10-25T06:00:00Z')).toBe(false);
  });

  it('that end at a time which that night leaves out end when the clock jumps over it', () => {
    const early = { ...NIGHT, to: '02:30' };
    expect(quiet(early, '2026-03-29T00:59:00Z')).toBe(true);
    expect(quiet(early, '2026-03-29T01:00:00Z')).toBe(false);
  });

  it('follow the clock of their own time zone', () => {
    const kathmandu = { from: '22:00', to: '06:00', timeZone: 'Asia/Kathmandu' };
    expect(quiet(kathmandu, '2026-11-20T16:14:00Z')).toBe(false);
    expect(quiet(kathmandu, '2026-11-20T16:15:00Z')).toBe(true);
  });

  it('are told by their end', () => {
    expect(quietEnd(NIGHT)).toBe('07:00 Europe/Paris');
  });
});

describe('a time that is said', () => {
  const now = new Date('2026-11-20T22:30:00Z');

  it('has no date when it is today there', () => {
    expect(clockTime(new Date('2026-11-20T22:45:00Z'), now, 'UTC')).toBe('22:45 UTC');
  });

  it('has its date when it is another day there', () => {
    const later = new Date('2026-11-20T23:15:00Z');
    expect(clockTime(later, now, 'Europe/Paris')).toBe('2026-11-21 00:15 Europe/Paris');
    expect(clockTime(later, now, 'UTC')).toBe('23:15 UTC');
    expect(clockTime(new Date('2026-11-21T00:15:00Z'), now, 'UTC')).toBe('2026-11-21 00:15 UTC');
  });
});
