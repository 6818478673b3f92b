import { describe, expect, it } from 'vitest';
import {
  type ComparedKey,
  drift,
  isWorse,
  shown,
} from '../../../../src/diagnostics/ports/assess/drift.ts';
import { exhausted } from '../../../../src/diagnostics/ports/assess/exhausted.ts';
import { pressures } from '../../../../src/diagnostics/ports/assess/pressure.ts';
import { parse } from '../../../../src/diagnostics/ports/parse.ts';
import type { Destination } from '../../../../src/diagnostics/ports/reading.ts';
import { changed, recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';
import { destination, HOST, namespace, reading, settings, table } from './reading.ts';

const PARAMS = { warnPercent: 80, criticalPercent: 95 };

describe('a sysctl that is only another one', () => {
  it.each<[ComparedKey, string, string]>([
    ['ip_local_port_range', '33000 33999', '40000 40999'],
    ['ip_local_reserved_ports', '1000,1001', '2000-2001'],
    ['tcp_tw_reuse_delay', '1000', '1000'],
  ])('is not worse: %s %j for %j', (key, value, expected) => {
    expect(isWorse({ key, value, expected })).toBe(false);
  });

  it('is shown whole up to 60 characters', () => {
    expect(shown('ip_local_reserved_ports', '1'.repeat(60))).toBe('1'.repeat(60));
    expect(shown('ip_local_reserved_ports', '1'.repeat(61))).toBe(`${'1'.repeat(57)}…`);
  });

  it('names up to five namespaces, and no others where there are none', () => {
    const spaces = [1, 2, 3, 4, 5].map((pid) =>
      namespace({ pid, process: `p${pid}`, settings: settings({ tcp_tw_reuse: '0' }) }),
    );
    expect(drift(reading([HOST, ...spaces]))[0]?.title).toContain('p4 (pid 4), p5 (pid 5)), but 2');
  });
});

describe('why there are no ports left, when it is equal', () => {
  const space = (one: Partial<Destination>, reserved = 0, values: Record<string, string> = {}) =>
    namespace({
      settings: settings(values, { range: { first: 40_000, last: 40_099, reserved } }),
      table: table([destination({ timeWait: 0, ...one })]),
    });
  const cause = (one: Partial<Destination>, reserved = 0): unknown =>
    exhausted(reading([HOST, space(one, reserved)]), PARAMS)[0]?.data['cause'];

  it('is not the reserved ports, when the range without them would be too full as well', () => {
    expect(cause({ used: 80, timeWait: 80 }, 10)).toBe('time-wait');
    expect(cause({ used: 79, timeWait: 79 }, 10)).toBe('reserved');
  });

  it.each([
    ['closing', { synSent: 50, closing: 50 }],
    ['unanswered', { synSent: 51, closing: 49 }],
    ['leak', { established: 50, closing: 50 }],
    ['closing', { established: 49, closing: 51 }],
    ['leak', { established: 50, synSent: 50 }],
  ])('is %s of %j', (expected, one) => {
    expect(cause({ used: 100, ...one })).toBe(expected);
  });

  it('is a leak of the program only where more of it is in CLOSE_WAIT than established', () => {
    const detail = (closeWait: number): string =>
      exhausted(
        reading([HOST, space({ used: 100, closeWait, established: 100 - closeWait })]),
        PARAMS,
      )[0]?.detail ?? '';
    expect(detail(50)).toContain('ESTABLISHED: connections that are never closed');
    expect(detail(51)).toContain('CLOSE_WAIT: 10.0.0.5:6379 has closed');
  });

  it('is a full range where no port may be chosen at all, though all in use may be taken again', () => {
    const one = space({ used: 100, timeWait: 100 }, 100, { tcp_tw_reuse: '1' });
    expect(pressures(one, reading([HOST, one]), PARAMS)[0]).toMatchObject({
      percent: 100,
      status: 'critical',
    });
  });
});

describe('a table of sockets', () => {
  it('that was read in no part is not readable', () => {
    const readable = (tables: string): unknown => {
      const change = ['sockets', 'read 2 401', `read ${tables} 401`] as const;
      const result = changed(recorded('ports', 'close-wait'), change);
      return parse(result, FIXTURE_NONCE).namespaces.find(({ inode }) => inode === '4026532287')
        ?.table?.readable;
    };
    expect(readable('1')).toBe(true);
    expect(readable('0')).toBe(false);
  });
});
