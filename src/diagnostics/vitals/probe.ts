import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in six parts; the last runs it. */
const SCRIPT = ['1-words', '2-host', '3-tasks', '4-kernel', '5-limits', '6-main']
  .map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url)))
  .join('\n');

export function probe(_params: Params, nonce: string): Probe {
  return {
    argv: ['sh', '-s', '--', nonce],
    stdin: SCRIPT,
    // Three seconds between the samples; the rest is for hosts that hardly move.
    timeoutSeconds: 40,
    outputLimitBytes: 4 * 1024 * 1024,
  };
}
