import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import {
  DIRECTORY_SCRIPT,
  MOUNTED_SCRIPT,
  RUN_DIRECTORY,
} from '../../core/approval/host-directory.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import { parseStanzas } from './stanza.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE =
  CLAIM_SCRIPT +
  DIRECTORY_SCRIPT +
  MOUNTED_SCRIPT +
  readScript(new URL('./look.sh', import.meta.url)) +
  readScript(new URL('./probe.sh', import.meta.url));

export const logrotateCopytruncate = defineFix<typeof Params, State>({
  id: 'logrotate-copytruncate',
  title: 'Let logrotate copy a log and empty it in place',
  summary: 'Adds copytruncate to the stanza whose rotation leaves a writer on a file without name.',
  version: 1,
  params: Params,
  probe: ({ config }, { nonce, saveDirectory }) => ({
    argv: ['sh', '-s', '--', nonce, config, saveDirectory, RUN_DIRECTORY],
    stdin: PROBE,
    timeoutSeconds: 180,
    outputLimitBytes: 262_144,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  describe: ({ file }) => {
    const stanzas = file?.text == null ? null : parseStanzas(file.text);
    if (stanzas === null) return 'the file cannot be read';
    const some = stanzas.filter(({ directives }) =>
      directives.some(({ name }) => name === 'copytruncate'),
    );
    return `${some.length} of ${stanzas.length} stanzas of the file with copytruncate`;
  },
});
