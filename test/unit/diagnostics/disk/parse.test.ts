import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { HousecallError } from '../../../../src/core/errors.ts';
import { disk } from '../../../../src/diagnostics/disk/index.ts';
import { FIXTURE_NONCE, fixturesOf, judge, resultOf } from '../../../support/diagnostic-fixture.ts';

const fixtures = fixturesOf('disk');

function outcome(params: Readonly<Record<string, unknown>>, result: CommandResult): string {
  try {
    return judge(disk, params, result).status;
  } catch (error) {
    if (error instanceof HousecallError) return error.code;
    throw error;
  }
}

describe('the output of the disk probe', () => {
  it('is judged or refused, whatever text comes, and never found ok', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .constantFrom('host', 'mounts', 'sample', 'deleted', 'walk', 'finish')
        .chain((name) =>
          fc.constantFrom(`@${FIXTURE_NONCE} begin ${name}`, `@${FIXTURE_NONCE} end ${name} 0`),
        ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(outcome({}, resultOf(lines.join('\n')))).not.toBe('ok');
      }),
    );
  });

  it('is never ok when a part of it is missing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.nat(),
        fc.nat(2000),
        ({ params, result }, start, length) => {
          const whole = result.stdout.trimEnd();
          const from = start % whole.length;
          const stdout = whole.slice(0, from) + whole.slice(from + 1 + length);
          // What the adapter drops from the middle it says.
          const cut = { ...result, stdout, outputTruncated: true };
          expect(outcome(params, cut)).not.toBe('ok');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is judged or refused with any one character changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.nat(),
        fc.constantFrom('9', '-', ' ', '\n', '\\', 'x', '\u0000', '\ud800'),
        ({ params, result }, at, character) => {
          const i = at % result.stdout.length;
          const stdout = result.stdout.slice(0, i) + character + result.stdout.slice(i + 1);
          expect(() => outcome(params, { ...result, stdout })).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is unknown when the probe ran into its time limit', () => {
    const { params, result } = fixtures.find((one) => one.name === 'healthy') ?? fixtures[0]!;
    const stdout = result.stdout.split(`@${FIXTURE_NONCE} begin deleted`)[0] ?? '';
    const judged = judge(disk, params, { ...result, stdout, exitCode: null, timedOut: true });
    expect(judged.status).toBe('unknown');
    expect(judged.findings[0]?.title).toContain('time limit');
  });

  it('names the last words of a host that could not run the probe at all', () => {
    const result = resultOf('', { exitCode: 127, stderr: 'sh: not found\n' });
    expect(() => judge(disk, {}, result)).toThrow(/exit status 127\): sh: not found/);
  });
});

describe('the parameters of disk', () => {
  it('are coerced from the texts of a command line', () => {
    expect(disk.bind({ warnPercent: '60', mount: '/srv' }, 'n').params).toMatchObject({
      warnPercent: 60,
      mount: '/srv',
      criticalPercent: 90,
    });
  });

  it.each([
    [{ warnPercent: '95' }, 'warnPercent="95": must be below criticalPercent'],
    [{ mount: 'srv' }, 'must be an absolute path'],
    [{ mount: '/srv/../etc' }, 'must not contain'],
    [{ sampleSeconds: 'soon' }, 'sampleSeconds="soon"'],
    [{ timeBudgetSeconds: '0' }, 'timeBudgetSeconds="0"'],
  ])('are refused by name: %j', (params, words) => {
    expect(() => disk.bind(params, 'n')).toThrow(words);
  });

  it('reach the script as arguments, never as text of it', () => {
    const { probe } = disk.bind({ mount: '/a $(reboot) \'"; b' }, 'n');
    expect(probe.argv.slice(0, 5)).toEqual(['sh', '-s', '--', 'n', '/a $(reboot) \'"; b']);
    expect(probe.stdin).not.toContain('reboot');
  });
});
