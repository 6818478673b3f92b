import type { Measure } from '../../core/finding.ts';
import { fileSystems } from './assess/file-system.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

/** How full the file systems are that are not too full. */
export function measures(reading: Reading, params: Params): readonly Measure[] {
  return fileSystems(reading, params)
    .filter(({ bytesLevel, mount }) => bytesLevel === 'ok' && mount.kind !== 'image')
    .toSorted((a, b) => b.facts.sizeBytes - a.facts.sizeBytes)
    .map(({ mount, facts, usedBytes }) => ({
      code: 'disk.filesystem-full',
      data: {
        mount: mount.mountpoint,
        sizeBytes: facts.sizeBytes,
        usedBytes,
        availableBytes: facts.availableBytes,
      },
    }));
}
