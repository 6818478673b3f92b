import type { HostReport } from '../core/finding.ts';

/** Reports of a run's hosts. The first report of a host wins, so a job that ran twice counts once. */
export interface ReportStore {
  /** Returns false when the host had reported before (the new report is dropped). */
  put(run: string, report: HostReport): Promise<boolean>;
  all(run: string): Promise<readonly HostReport[]>;
  count(run: string): Promise<number>;
}
