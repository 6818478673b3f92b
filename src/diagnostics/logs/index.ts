import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { measures } from './measures.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const logs = defineDiagnostic({
  id: 'logs',
  title: 'Logs',
  summary:
    'What fills a log, by bytes: the message, its share and writer; known errors; rotations that went wrong.',
  permissions:
    'Any user sees logs it may read. Who writes them, logs of containers and what was rotated away need root or sudo.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
  measures,
});
