import { createLog } from '../../adapters/telemetry/create-log.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';

/** For commands that say on standard error themselves what went wrong. */
export const quietLog: Log = createLog({ level: 'silent' });

export const noMetrics: Metrics = { count: () => undefined, observe: () => undefined };
