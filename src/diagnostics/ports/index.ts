import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { portFacts } from './compare/facts.ts';
import { oddOnesOut } from './compare/odd-one-out.ts';
import { measures } from './measures.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const ports = defineDiagnostic({
  id: 'ports',
  title: 'Local ports',
  summary:
    'Whether connections fail for want of a local port ("Cannot assign requested address"), per container and destination.',
  permissions:
    'Any user sees the sockets of every network namespace. The port range and tcp_tw_reuse of containers need root or sudo, and nsenter.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
  measures,
  facts: portFacts,
  compare: oddOnesOut,
});
