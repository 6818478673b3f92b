import { caseCharts } from '../../core/charts/case-charts.ts';
import type { DrawnChart } from '../../core/incident/archive/html/telling.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { ChartRenderer } from '../../ports/chart-renderer.ts';
import type { Log } from '../../ports/log.ts';

export interface DrawChartsDeps {
  /** Absent: the archive has the numbers alone. */
  readonly charts?: Pick<ChartRenderer, 'svg'>;
  readonly log: Log;
}

/** More than this nobody looks at; what was seen first stays. */
const MOST_CHARTS = 24;

/** The charts of a case as they stand in its archive. One that cannot be drawn keeps no incident open. */
export async function drawCharts(
  { charts, log }: DrawChartsDeps,
  state: CaseState,
): Promise<readonly DrawnChart[]> {
  const drawn: DrawnChart[] = [];
  for (const one of caseCharts(state).slice(0, MOST_CHARTS)) {
    let svg: string | null = null;
    try {
      svg = (await charts?.svg(one.chart)) ?? null;
    } catch (error) {
      log.error({ incident: state.stream, chart: one.key, error }, 'a chart could not be drawn');
    }
    drawn.push({ ...one, svg });
  }
  return drawn;
}
