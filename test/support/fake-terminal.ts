import type { Terminal } from '../../src/app/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  output(): string;
  errors(): string;
}

/** Keeps what was printed; answers questions in turn, null when there is no answer left. */
export function fakeTerminal(
  options: { interactive?: boolean; answers?: readonly string[] } = {},
): FakeTerminal {
  const printed: string[] = [];
  const errors: string[] = [];
  const answers = [...(options.answers ?? [])];
  return {
    colours: false,
    interactive: options.interactive ?? false,
    columns: 100,
    out: (text) => void printed.push(text),
    err: (text) => void errors.push(text),
    ask: async (question) => {
      errors.push(question);
      return answers.shift() ?? null;
    },
    output: () => printed.join(''),
    errors: () => errors.join(''),
  };
}
