import { describe, expect, it } from 'vitest';
import type { Finding, Measure } from '../../../src/core/finding.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { FIXTURE_NONCE, fixturesOf } from '../../support/diagnostic-fixture.ts';

/** By which keys of its data a finding says what it is about. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  'disk.filesystem-full': ['mount'],
  'ports.ephemeral-exhausted': ['namespace', 'localAddress', 'destination'],
};

function aboutOf({ code, data }: Pick<Finding, 'code' | 'data'>): string | null {
  const keys = ABOUT[code];
  return keys === undefined ? null : JSON.stringify([code, ...keys.map((key) => data[key])]);
}

const CASES = diagnostics.flatMap((diagnostic) =>
  fixturesOf(diagnostic.id).map((fixture) => ({
    name: `${diagnostic.id}/${fixture.name}`,
    judged: diagnostic.bind(fixture.params, FIXTURE_NONCE).judge(fixture.result),
    codes: Object.keys(diagnostic.codes),
  })),
);

function measuresOf(name: string): readonly Measure[] {
  return CASES.find((one) => one.name === name)?.judged.measures ?? [];
}

describe('what is measured where nothing is wrong', () => {
  it.each(CASES)('$name: plain numbers of what no finding is about', ({ judged, codes }) => {
    const wrong = new Set(judged.findings.map(aboutOf));
    for (const measure of judged.measures) {
      expect(codes).toContain(measure.code);
      expect(wrong).not.toContain(aboutOf(measure) ?? 'no finding');
      for (const value of Object.values(measure.data)) {
        expect(typeof value === 'string' || Number.isFinite(value)).toBe(true);
        expect(typeof value === 'number' && value < 0).toBe(false);
      }
    }
  });

  it('is every disk that has room', () => {
    const [disk] = measuresOf('disk/healthy');
    expect(disk).toMatchObject({ code: 'disk.filesystem-full' });
    expect(Object.keys(disk?.data ?? {})).toEqual([
      'mount',
      'sizeBytes',
      'usedBytes',
      'availableBytes',
    ]);
  });

  it('is how many sockets a network namespace has, and what its destinations take that reuse ports', () => {
    expect(measuresOf('ports/healthy')[0]?.data).toMatchObject({
      namespace: expect.any(String),
      sockets: expect.any(Number),
    });
    const reused = measuresOf('ports/reused').find(({ data }) => 'destination' in data);
    expect(reused?.data).toMatchObject({ used: expect.any(Number), range: expect.any(Number) });
  });

  it('is how large a log is', () => {
    const logs = CASES.filter(({ name }) => name.startsWith('logs/'));
    expect(logs.some(({ judged }) => judged.measures.length > 0)).toBe(true);
  });
});
