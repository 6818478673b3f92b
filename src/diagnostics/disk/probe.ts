import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in five parts; the last runs it. */
const SCRIPT = ['1-words', '2-host', '3-deleted', '4-walk', '5-main']
  .map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url)))
  .join('\n');

export function probe(params: Params, nonce: string): Probe {
  return {
    argv: [
      'sh',
      '-s',
      '--',
      nonce,
      params.mount ?? '',
      String(params.warnPercent),
      String(params.criticalPercent),
      String(params.timeBudgetSeconds),
      String(params.sampleSeconds),
    ],
    stdin: SCRIPT,
    timeoutSeconds: params.timeBudgetSeconds + params.sampleSeconds + 15,
    outputLimitBytes: 4 * 1024 * 1024,
  };
}
