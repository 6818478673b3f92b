import type { HostReport } from '../../core/finding.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** One hash per run, host → report; HSETNX lets the first report of a host win. */
export function createReportStore({ call }: Connection, keys: Keys): ReportStore {
  const key = (run: string): string => keys.key('reports', run);
  return {
    put: (run, report) =>
      call(
        `store the report of ${report.host} (run ${run})`,
        async (redis) => (await redis.hsetnx(key(run), report.host, JSON.stringify(report))) === 1,
      ),
    all: (run) =>
      call(`read the reports of run ${run}`, async (redis) =>
        (await redis.hvals(key(run))).map((text) => JSON.parse(text) as HostReport),
      ),
    count: (run) => call(`count the reports of run ${run}`, (redis) => redis.hlen(key(run))),
  };
}
