#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT_USAGE } from './app/cli/exit-code.ts';
import { createCommandLine } from './command-line.ts';

try {
  await createCommandLine().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end with 0; everything else is usage.
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
