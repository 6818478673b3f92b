import type { Measure } from '../../core/finding.ts';
import type { Reading } from './reading.ts';

/** How large the logs are on disk that could be looked at. */
export function measures({ logs }: Reading): readonly Measure[] {
  return logs.flatMap(({ path, unit, deleted, file }) =>
    unit || deleted || file === null
      ? []
      : [{ code: 'logs.dominant-template', data: { path, sizeBytes: file.diskBytes } }],
  );
}
