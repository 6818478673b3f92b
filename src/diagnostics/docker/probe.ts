import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in six parts; the last runs it. */
const SCRIPT = ['1-words', '2-daemon', '3-words', '4-store', '5-content', '6-main']
  .map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url)))
  .join('\n');

export function probe(params: Params, nonce: string): Probe {
  return {
    argv: ['sh', '-s', '--', nonce, params.root ?? '', String(params.timeBudgetSeconds)],
    stdin: SCRIPT,
    timeoutSeconds: params.timeBudgetSeconds + 75,
    outputLimitBytes: 4 * 1024 * 1024,
  };
}
