import pc from 'picocolors';

/** Standard output and error of a command, so that commands can be tested. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard output shows colours. */
  readonly colours: boolean;
  /** Whether standard error is a terminal: then progress is shown there. */
  readonly interactive: boolean;
  /** Width to wrap at. */
  readonly columns: number;
  /** Asks on the terminal; null when nobody is there to answer. */
  ask(question: string): Promise<string | null>;
}

/** The terminal of this process. `colours: false` for `--no-color`; NO_COLOR and pipes count too. */
export function processTerminal(options: { colours: boolean }): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colours: options.colours && pc.isColorSupported && stdout.isTTY,
    interactive: stderr.isTTY,
    columns: stdout.isTTY ? Math.max(60, Math.min(stdout.columns, 120)) : 100,
    async ask(question) {
      if (!stdin.isTTY || !stderr.isTTY) return null;
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}
