import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in four parts; the last runs it. */
const SCRIPT = ['1-words', '2-namespaces', '3-sockets', '4-main']
  .map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url)))
  .join('\n');

export function probe(params: Params, nonce: string): Probe {
  return {
    argv: ['sh', '-s', '--', nonce, String(Math.floor(params.warnPercent))],
    stdin: SCRIPT,
    timeoutSeconds: 60,
    outputLimitBytes: 1024 * 1024,
  };
}
