import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { DIRECTORY_SCRIPT, RUN_DIRECTORY } from '../../core/approval/host-directory.ts';
import { defineFix, readScript } from '../contract.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { plan } from './plan.ts';
import type { State } from './state.ts';
import { verify } from './verify.ts';

const PROBE =
  CLAIM_SCRIPT +
  DIRECTORY_SCRIPT +
  readScript(new URL('./store.sh', import.meta.url)) +
  readScript(new URL('./probe.sh', import.meta.url));

export const quarantineImage = defineFix<typeof Params, State>({
  id: 'quarantine-image',
  title: 'Set a damaged image aside',
  summary:
    'Stops docker, moves the metadata of a damaged image away, starts it, and loads the image again where an archive is known.',
  version: 1,
  params: Params,
  probe: ({ layer, image }, { nonce, saveDirectory }) => ({
    argv: [
      ...(['sh', '-s', '--', nonce] as const),
      layer === undefined ? 'image' : 'layer',
      (layer ?? image ?? '').slice('sha256:'.length),
      saveDirectory,
      RUN_DIRECTORY,
    ],
    stdin: PROBE,
    timeoutSeconds: 300,
    outputLimitBytes: 4 * 1024 * 1024,
  }),
  parse: (result, { nonce }) => parse(result, nonce),
  plan,
  verify,
  describe: ({ store, daemon }) => {
    if (store === null) return "docker's data root cannot be entered";
    const listed =
      store.seen === null
        ? ''
        : `, docker lists ${store.seen.images.length} and ${store.seen.containers.length}`;
    const up = daemon === null ? 'is down' : daemon.answers ? 'answers' : 'does not answer';
    return `docker ${up}; on disk ${store.images.length} images and ${store.containers.length} containers${listed}`;
  },
});
