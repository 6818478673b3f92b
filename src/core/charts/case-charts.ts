import type { CaseState } from '../incident/case.ts';
import type { CaseChart } from './case-chart.ts';
import { diskCharts } from './disk-charts.ts';
import { logCharts } from './log-charts.ts';
import { portCharts } from './port-charts.ts';
import { seenFindings } from './seen-finding.ts';
import { seenFixes } from './seen-fix.ts';

/** Everything in a case that is worth a picture: disks that fill, ports that run out, logs by message. */
export function caseCharts(state: Pick<CaseState, 'runs' | 'fixes'>): readonly CaseChart[] {
  const seen = seenFindings(state.runs.values());
  const fixes = seenFixes(state);
  return [...diskCharts(seen, fixes), ...portCharts(seen, fixes), ...logCharts(seen, fixes)];
}
