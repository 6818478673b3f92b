import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argvText, shellQuote } from '../../src/core/command.ts';

const argument = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-'"\\$`!*?~#&|;<>(){}[\] \t\r\n=%^]{1,20}$/),
  fc.constantFrom('', '-n', '--', "'", "''", "'\\''", '$(id)', '`id`', '\n', '\\', '!!', '~root'),
);

/** A shell's view of the arguments: each printed as it arrived, ended by NUL. */
function seenBy(shell: readonly string[], args: readonly string[]): readonly string[] {
  const [program = '', ...options] = shell;
  // `%s` from a constant format, so that nothing in an argument is read as one.
  const script = `${argvText(['printf', '%s\\0'])} ${args.map(shellQuote).join(' ')}`;
  const output = execFileSync(program, [...options, '-c', script], { stdio: 'pipe' });
  return output.toString('utf8').split('\0').slice(0, -1);
}

describe.each([
  ['sh', ['sh']],
  ['bash', ['bash', '--norc']],
  ['busybox sh', ['busybox', 'sh']],
])('shellQuote, read by a real %s', (_, shell) => {
  it('gives back every argument exactly as it was', () => {
    const text = argument.filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (args) => {
        expect(seenBy(shell, args)).toEqual(args);
      }),
      { numRuns: 60 },
    );
  });
});

it('refuses an argument with NUL, which no shell could carry', () => {
  expect(() => shellQuote('a\0b')).toThrow(RangeError);
});
