import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { DIRECTORY_SCRIPT, RUN_DIRECTORY } from '../../core/approval/host-directory.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE = CLAIM_SCRIPT + DIRECTORY_SCRIPT + readScript(new URL('./probe.sh', import.meta.url));

export const restartUnit = defineFix<typeof Params, State>({
  id: 'restart-unit',
  title: 'Restart a service or a container',
  summary: 'Restarts one systemd unit, init script or container, and says what stops with it.',
  version: 1,
  params: Params,
  probe: ({ unit, container }, { nonce, saveDirectory }) => ({
    argv: [
      ...(['sh', '-s', '--', nonce] as const),
      unit === undefined ? 'container' : 'unit',
      unit ?? container ?? '',
      saveDirectory,
      RUN_DIRECTORY,
    ],
    stdin: PROBE,
    timeoutSeconds: 120,
    outputLimitBytes: 524_288,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  describe: ({ target }) => {
    if (typeof target === 'string') return target;
    const { name, state, main } = target;
    return main === null ? `${name} is ${state}` : `${name} is ${state} as process ${main.pid}`;
  },
});
