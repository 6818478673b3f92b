import type { Probe } from '../../core/command.ts';
import { readScript } from '../contract.ts';
import type { Params } from './params.ts';

/** One script in seven parts; the last runs it. */
const PARTS = [
  '1-words',
  '2-host',
  '3-descriptors',
  '4-sample',
  '5-targets',
  '6-rotation',
  '7-main',
];
const SCRIPT = PARTS.map((part) => readScript(new URL(`./probe/${part}.sh`, import.meta.url))).join(
  '\n',
);

export function probe(params: Params, nonce: string): Probe {
  const { path = '', container = '', unit = '', maxReadMiB } = params;
  return {
    argv: ['sh', '-s', '--', nonce, path, container, unit, String(maxReadMiB)],
    stdin: SCRIPT,
    // A cold disk gives at least 2 MiB/s to scattered reads; finding the logs takes its own time.
    timeoutSeconds: 60 + Math.ceil(maxReadMiB / 2),
    outputLimitBytes: 8 * 1024 * 1024,
  };
}
