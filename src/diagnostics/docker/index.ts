import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const docker = defineDiagnostic({
  id: 'docker',
  title: 'Docker daemon and images',
  summary:
    'Whether the docker daemon runs and answers, why it does not, and which images and containers are damaged.',
  permissions:
    'Any user sees whether the daemon runs; whoever may use its socket, whether it answers. Its log, images and containers need root or sudo.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
});
