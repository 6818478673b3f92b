import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { DIRECTORY_SCRIPT, RUN_DIRECTORY, usage } from '../../core/approval/host-directory.ts';
import { formatBytes } from '../../core/format.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE = CLAIM_SCRIPT + DIRECTORY_SCRIPT + readScript(new URL('./probe.sh', import.meta.url));

export const truncateDeletedFile = defineFix<typeof Params, State>({
  id: 'truncate-deleted-file',
  title: 'Empty a deleted file that is still open',
  summary: 'Frees the space of a deleted file without restarting the process that holds it.',
  version: 1,
  params: Params,
  probe: ({ pid, fd, inode }, { nonce, saveDirectory }) => ({
    argv: ['sh', '-s', '--', nonce, String(pid), String(fd), inode, saveDirectory, RUN_DIRECTORY],
    stdin: PROBE,
    timeoutSeconds: 60,
    outputLimitBytes: 65_536,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  figures: ({ descriptor }) =>
    typeof descriptor === 'string' ? null : usage(descriptor.fileSystem),
  describe: ({ descriptor, process }) => {
    if (process === null) return 'the process is gone';
    if (typeof descriptor === 'string') return `the descriptor is ${descriptor}`;
    const { path, allocatedBytes, sizeBytes } = descriptor;
    return `${formatBytes(allocatedBytes)} on disk (${formatBytes(sizeBytes)} long) in ${path}, held by ${process.name}`;
  },
});
