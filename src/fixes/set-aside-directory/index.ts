import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { DIRECTORY_SCRIPT, RUN_DIRECTORY } from '../../core/approval/host-directory.ts';
import { defineFix, readScript } from '../contract.ts';
import { asideOf } from './aside.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE =
  CLAIM_SCRIPT +
  DIRECTORY_SCRIPT +
  readScript(new URL('./client.sh', import.meta.url)) +
  readScript(new URL('./probe.sh', import.meta.url));

export const setAsideDirectory = defineFix<typeof Params, State>({
  id: 'set-aside-directory',
  title: 'Set a full directory of HDFS aside',
  summary:
    'Renames a directory of HDFS that is at its item limit, and makes an empty one with the same owner and mode.',
  version: 1,
  params: Params,
  probe: ({ path }, { nonce, fix, saveDirectory }) => ({
    argv: ['sh', '-s', '--', nonce, path, asideOf(path, fix), saveDirectory, RUN_DIRECTORY],
    stdin: PROBE,
    timeoutSeconds: 180,
    outputLimitBytes: 131_072,
  }),
  parse: (result, { nonce, fix }) => parse(result, nonce, fix),
  plan,
  verify,
  describe: ({ cluster, said }) => {
    if (cluster === null) return `HDFS could not be asked: ${said.split('\n').at(-1) ?? ''}`;
    const { source, aside, counts } = cluster;
    if (source === null) return 'the directory could not be looked at';
    if (source === 'missing') return 'the directory is not there';
    const entries =
      counts === null
        ? 'an unknown number of entries'
        : `${(counts.directories + counts.files - 1).toLocaleString('en-US')} entries`;
    const old = typeof aside === 'object' && aside !== null ? '; another one is set aside' : '';
    return `${entries} in it and below, mode ${source.mode}, owner ${source.owner}:${source.group}${old}`;
  },
});
