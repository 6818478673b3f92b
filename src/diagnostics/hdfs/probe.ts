import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in three parts; the last runs it. */
const SCRIPT = ['1-commands', '2-directory', '3-main']
  .map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url)))
  .join('\n');

/** Every command starts a JVM and has a time limit of its own; together they stay within it. */
const BUDGET_SECONDS = 80;

export function probe(params: Params, nonce: string): Probe {
  return {
    argv: [
      'sh',
      '-s',
      '--',
      nonce,
      params.path,
      String(params.warnPercent),
      String(BUDGET_SECONDS),
    ],
    stdin: SCRIPT,
    timeoutSeconds: BUDGET_SECONDS + 10,
    outputLimitBytes: 256 * 1024,
  };
}
