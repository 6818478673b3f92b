import type { Finding } from '../../core/finding.ts';
import { containerLogs } from './assess/container-log.ts';
import { coverageFindings } from './assess/coverage.ts';
import { deletedOpenFiles } from './assess/deleted-open-file.ts';
import { fileSystems } from './assess/file-system.ts';
import { filesystemFull } from './assess/filesystem-full.ts';
import { filling } from './assess/filling.ts';
import { inodesExhausted } from './assess/inodes-exhausted.ts';
import { readOnly } from './assess/read-only.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

export function assess(reading: Reading, params: Params): readonly Finding[] {
  const systems = fileSystems(reading, params);
  return [
    ...systems.flatMap((system) => [
      ...filesystemFull(system, reading),
      ...deletedOpenFiles(system, reading),
      ...inodesExhausted(system),
      ...filling(system, reading),
    ]),
    ...containerLogs(reading, systems),
    ...reading.mounts.flatMap(readOnly),
    ...coverageFindings(reading, systems, params),
  ];
}
