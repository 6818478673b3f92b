import type { HostReport } from '../../src/core/finding.ts';
import type { ReportStore } from '../../src/ports/report-store.ts';

/** Reports in memory; the first of a host wins. */
export function createFakeReports(): ReportStore {
  const runs = new Map<string, Map<string, HostReport>>();
  return {
    put: async (run, report) => {
      const hosts = runs.get(run) ?? new Map<string, HostReport>();
      runs.set(run, hosts);
      if (hosts.has(report.host)) return false;
      hosts.set(report.host, structuredClone(report));
      return true;
    },
    all: async (run) => structuredClone([...(runs.get(run)?.values() ?? [])]),
    count: async (run) => runs.get(run)?.size ?? 0,
  };
}
