import type { Run } from '../incident/case.ts';
import type { CaseChart } from './case-chart.ts';
import { diskCharts } from './disk-charts.ts';
import { logCharts } from './log-charts.ts';
import { portCharts } from './port-charts.ts';
import { seenFindings } from './seen-finding.ts';

/** Everything in the runs that is worth a picture: disks that fill, ports that run out, logs by message. */
export function caseCharts(runs: Iterable<Run>): readonly CaseChart[] {
  const seen = seenFindings(runs);
  return [...diskCharts(seen), ...portCharts(seen), ...logCharts(seen)];
}
