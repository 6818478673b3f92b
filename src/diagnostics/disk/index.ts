import { defineDiagnostic } from '../contract.ts';
import { coverage } from './assess/coverage.ts';
import { assess } from './assess.ts';
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
  codes: {
    'disk.filesystem-full':
      'A file system is (nearly) full, with its biggest holders and a reconciliation of what is used.',
    'disk.deleted-open-file': 'A deleted file is held open and keeps its space.',
    'disk.inodes-exhausted': 'Inodes run out; names the directory with most entries.',
    'disk.filling': 'The file system grows: its rate and when it will be full.',
    'disk.container-log': "A container's log is large or has no size limit.",
    'disk.read-only': 'A file system is read-only although it should be writable.',
    'disk.coverage': 'What could not be seen, where that matters.',
  },
  probe,
  parse,
  coverage,
  assess,
});
