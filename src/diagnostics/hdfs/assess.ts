import type { Finding } from '../../core/finding.ts';
import { blindSpots } from './assess/coverage.ts';
import { directoryItems } from './assess/directory-items.ts';
import { quotas } from './assess/quota.ts';
import { refused } from './assess/refused.ts';
import { unhealthy } from './assess/unhealthy.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

export function assess(reading: Reading, params: Params): readonly Finding[] {
  return [
    ...directoryItems(reading, params),
    ...quotas(reading, params),
    ...unhealthy(reading, params),
    ...refused(reading),
    ...blindSpots(reading, params),
  ];
}
