import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { cascadeRisk } from './compare/cascade-risk.ts';
import { diskFacts } from './compare/facts.ts';
import { measures } from './measures.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const disk = defineDiagnostic({
  id: 'disk',
  title: 'Disk space',
  summary: 'Which file systems are full or filling, and what holds the space: deleted files too.',
  permissions:
    'Any user sees how full each file system is. Deleted files, foreign directories and container logs need root or sudo.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
  measures,
  facts: diskFacts,
  compare: cascadeRisk,
});
