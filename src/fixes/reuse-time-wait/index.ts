import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { DIRECTORY_SCRIPT, RUN_DIRECTORY } from '../../core/approval/host-directory.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { placeOf, plan } from './plan.ts';
import type { State } from './state.ts';
import { holds, verify } from './verify.ts';

const PROBE = CLAIM_SCRIPT + DIRECTORY_SCRIPT + readScript(new URL('./probe.sh', import.meta.url));

export const reuseTimeWait = defineFix<typeof Params, State>({
  id: 'reuse-time-wait',
  title: 'Let ports in TIME_WAIT be used again',
  summary:
    'Sets tcp_tw_reuse to 1 in one network namespace, so that outgoing connections find local ports again.',
  version: 1,
  params: Params,
  probe: ({ pid, container }, { nonce, saveDirectory }) => ({
    argv: [
      ...(['sh', '-s', '--', nonce] as const),
      container === undefined ? 'pid' : 'container',
      container ?? String(pid),
      saveDirectory,
      RUN_DIRECTORY,
    ],
    stdin: PROBE,
    timeoutSeconds: 30,
    outputLimitBytes: 65_536,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  describe: ({ target }) => {
    if (typeof target === 'string') return target;
    const { settings, timeWait } = target;
    const value = settings === null ? 'could not be read' : `is ${settings.reuse ?? 'not there'}`;
    const waiting =
      timeWait === null ? '' : `, ${timeWait.toLocaleString('en-US')} sockets in TIME_WAIT`;
    return `tcp_tw_reuse ${value} in ${placeOf(target)}${waiting}`;
  },
  lasting: { lostWhen: 'the container (or the host) restarts', holds },
});
