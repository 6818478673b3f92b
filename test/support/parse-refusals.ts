import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import { type Change, changed, outcome, type Parse, plain, recorded } from './changed-output.ts';
import { FIXTURE_NONCE } from './diagnostic-fixture.ts';

export interface ParserUnderTest {
  readonly id: string;
  readonly parse: Parse;
  /** Fixtures that are read field by field. */
  readonly whole: readonly string[];
  readonly changes: readonly (readonly [fixture: string, ...Change])[];
}

/** What every parser does with what a host may print; the answers are the snapshots of the test that calls this. */
export function parseRefusals({ id, parse, whole, changes }: ParserUnderTest): void {
  const read = (name: string): CommandResult => recorded(id, name);

  describe(`${id}: an output`, () => {
    it.each(whole)('is read whole, every field of it: %s', (name) => {
      expect(plain(parse(read(name), FIXTURE_NONCE))).toMatchSnapshot();
    });

    it.each(changes)(
      'with one thing changed is refused or differs only there: %s, %s: %j → %j',
      (...row) => {
        const [name, ...change] = row;
        const before = read(name);
        expect(outcome(parse, before, changed(before, change))).toMatchSnapshot();
      },
    );
  });

  describe(`${id}: an output that is none`, () => {
    const nothing: CommandResult = { ...read('healthy'), stdout: '' };

    it.each<[string, Partial<CommandResult>]>([
      ['its last words', { stderr: 'first\n sh: not found \n\n', exitCode: 127 }],
      ['no words', { stderr: ' \n', exitCode: 1 }],
      ['a signal', { exitCode: null, signal: 'SIGKILL' }],
      ['long words', { stderr: 'x'.repeat(300) }],
      ['text without sections', { stdout: 'Welcome!\n' }],
    ])('is refused with what the host said instead: %s', (_, facts) => {
      expect(outcome(parse, read('healthy'), { ...nothing, ...facts })).toMatchSnapshot();
    });
  });

  describe(`${id}: an output that ends early`, () => {
    const healthy = read('healthy');
    const stdout = healthy.stdout.slice(
      0,
      healthy.stdout.indexOf(`@${FIXTURE_NONCE} begin finish`),
    );

    it.each<[string, Partial<CommandResult>]>([
      ['it ended', { stdout }],
      ['in its time limit', { stdout, timedOut: true }],
      ['too large', { outputTruncated: true }],
      ['too large and late', { stdout, outputTruncated: true, timedOut: true }],
      ['its end failed', { stdout: healthy.stdout.replace(/end finish 0/, 'end finish 1') }],
      ['its end is missing', { stdout: healthy.stdout.replace(/@\S+ end finish 0\n/, '') }],
      ['without sudo', { privilege: 'none', sudoRefused: 'a password is required' }],
    ])('is read as far as it goes, and where it stopped is told: %s', (_, facts) => {
      expect(outcome(parse, healthy, { ...healthy, ...facts })).toMatchSnapshot();
    });
  });
}
