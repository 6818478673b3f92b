import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import {
  DIRECTORY_SCRIPT,
  MOUNTED_SCRIPT,
  RUN_DIRECTORY,
  usage,
} from '../../core/approval/host-directory.ts';
import { formatBytes } from '../../core/format.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE =
  CLAIM_SCRIPT +
  DIRECTORY_SCRIPT +
  MOUNTED_SCRIPT +
  readScript(new URL('./look.sh', import.meta.url)) +
  readScript(new URL('./probe.sh', import.meta.url));

export const truncateLog = defineFix<typeof Params, State>({
  id: 'truncate-log',
  title: 'Empty a log that is being written',
  summary: 'Frees the space of a log, and keeps what shows the cause in the incident.',
  version: 1,
  params: Params,
  probe: ({ path }, { nonce, saveDirectory }) => ({
    argv: ['sh', '-s', '--', nonce, path, saveDirectory, RUN_DIRECTORY],
    stdin: PROBE,
    timeoutSeconds: 90,
    outputLimitBytes: 65_536,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  figures: ({ file, log }) =>
    file === null || log === null
      ? null
      : { ...usage(log.fileSystem), logBytes: file.allocatedBytes },
  describe: ({ file, log }) => {
    if (file === null) return 'there is no such file, or it cannot be looked at';
    const { allocatedBytes, sizeBytes } = file;
    const who = log?.writers[0]?.name;
    const by = who === undefined ? '' : `, written by ${who}`;
    return `${formatBytes(allocatedBytes)} on disk (${formatBytes(sizeBytes)} long)${by}`;
  },
});
