import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

const SCRIPT = readScript(new URL('./probe.sh', import.meta.url));

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
