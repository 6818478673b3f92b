import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const vitals = defineDiagnostic({
  id: 'vitals',
  title: 'The first minute',
  summary:
    'What is abnormal on the host at first sight: memory, OOM kills, load, hung tasks, the kernel log, clock, limits.',
  permissions:
    'Any user sees load, memory, pressure and counters. The kernel log needs root, sudo or the group adm on most hosts; so does the reason why a task hangs.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
});
