import type { Finding } from '../../core/finding.ts';
import { containersUnusable, unboundedLogs } from './assess/containers.ts';
import { coverageFindings } from './assess/coverage.ts';
import { daemonDown } from './assess/daemon-down.ts';
import { daemonSlow } from './assess/daemon-slow.ts';
import { layerStore } from './assess/layer-store.ts';
import { affectedVersion } from './assess/version.ts';
import { storeHealth } from './damage.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

export function assess(reading: Reading, params: Params): readonly Finding[] {
  const store = reading.store?.driver == null ? null : reading.store;
  // Of a store that was seen in part, what is missing may only be unseen.
  const health = store === null || store.partial ? null : storeHealth(reading, store);
  return [
    ...daemonDown(reading, health),
    ...daemonSlow(reading),
    ...(store === null || health === null
      ? []
      : [
          ...layerStore(reading, store, health),
          ...containersUnusable(reading, health),
          ...unboundedLogs(reading, store),
        ]),
    ...affectedVersion(reading),
    ...coverageFindings(reading, params),
  ];
}
