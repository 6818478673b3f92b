import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
import { codes } from './codes.ts';
import { Params } from './params.ts';
import { parse } from './parse.ts';
import { probe } from './probe.ts';

export const hdfs = defineDiagnostic({
  id: 'hdfs',
  title: 'HDFS directory',
  summary:
    'Whether a directory of HDFS is near its item limit or a quota, and HDFS itself is healthy.',
  permissions:
    'Runs the hdfs command of the host as the account that logs in (root with sudo): HDFS must let it read the directory; with Kerberos it needs a ticket.',
  params: Params,
  codes,
  probe,
  parse,
  coverage,
  assess,
});
